"""The rows of the table that are claims: the desk, finance, residents, and the import."""

import csv
import re
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

from django.core.management import call_command
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from bench.browsers import InProcess, client_of
from bench.claim_case import make_long
from bench.claim_walk import STEPS, claim
from bench.measuring import NOTHING, Cost, costing, measure, median
from bench.people import FIRST, filers, id_number
from bench.report import Row
from bench.walk import BrokenWalk
from casework.models import Case
from reimbursements.models import Bill, ImportedSettlement
from reimbursements.payments import candidates, make_batch
from reimbursements.payments.batches import MAX_CLAIMS
from reimbursements.settlement_import import COLUMNS
from reimbursements.settling import Preview, preview_settlement
from residents.models import User

WALKS = 7
IMPORTED = 10_000
FILTERED = "kind=claim&topic=inpatient&destination=510100&doubt=same_bill"
CALCULATED = {
    "policy": "150100-310",
    "kind": "inpatient",
    "where": "inter_province",
    "filed": "TMP-OTH",
    "level": "三级",
    "group": "在职",
    "nth_stay": "1",
    "total": "50000",
}


def rows(clerks: dict[str, User], runs: int, imported: int = IMPORTED) -> Iterator[Row]:
    """Every row of claims at the present size."""
    yield from _queues(clerks, runs)
    yield from _page(clerks, runs)
    yield from _payments(clerks, runs)
    yield from _residents(runs)
    yield from _walks(min(runs, WALKS))
    yield _import(imported)


def _queues(clerks: dict[str, User], runs: int) -> Iterator[Row]:
    """What waits for the second review (claims alone), then claims among all cases."""
    queue = reverse("admin:casework_case_changelist")
    found = (
        ("hohhot-second", "", "报销队列：复审，{} 行 claim queue"),
        ("hohhot-first", "kind=claim", "报销队列：受理和初审，{} 行 claim queue, kind=claim"),
        ("hohhot-first", "kind=claim&tab=all", "报销队列：全部 claim queue, tab=all"),
        ("hohhot-first", "kind=claim&tab=closed", "报销队列：已办结 claim queue, tab=closed"),
        ("hohhot-first", FILTERED, "报销队列：筛选 claim queue, topic&destination&doubt"),
    )
    for who, query, name in found:
        web, address = client_of(clerks[who]), f"{queue}?{query}"
        shown = len(re.findall(r'name="pk"', _get(web, address)))
        cost = measure(lambda _, web=web, address=address: _get(web, address), runs)
        yield Row(name.format(shown), cost, queries=8, cpu=50)


def _page(clerks: dict[str, User], runs: int) -> Iterator[Row]:
    """A claim of ten bills and three hundred lines: looked at, cut, computed anew."""
    case, web = make_long(), client_of(clerks["hohhot-first"])
    page = reverse("admin:casework_case_change", args=[case.pk])
    cost = measure(lambda _: _get(web, page), runs)
    yield Row("报销办件页，10 张票据 300 行 claim page", cost, queries=12, cpu=60)
    computed = measure(lambda _: _recompute(case.pk), runs)
    yield Row("重算一件 300 行 recompute, 300 lines", computed, cpu=50)
    act = reverse("admin:reimbursements_claim_act", args=[case.pk, "cut_bill"])
    row = Bill.objects.filter(claim_id=case.pk, removed=False).order_by("-position").first()

    def cut(number: int) -> str:
        version = Case.objects.values_list("version", flat=True).get(pk=case.pk)
        data = {"version": version, "bill": row.pk, f"line-{number % 30 + 1}": "1.00"}
        return _post(web, act, {**data, "reason": "other", "note": "见附件"})

    yield Row("核减一张票据 cut a bill (POST)", measure(cut, runs))


def _recompute(pk: int) -> None:
    """As the request of the page does it, after the case was read."""
    case = Case.objects.select_related("claim", "person").get(pk=pk)
    if not isinstance(preview_settlement(case), Preview):
        raise BrokenWalk("nothing was computed")


def _payments(clerks: dict[str, User], runs: int) -> Iterator[Row]:
    """The page on which a list is made, and a list; undone, so that all stay to be paid."""
    finance = clerks["hohhot-finance"]
    web = client_of(finance)
    make = reverse("admin:reimbursements_paymentbatch_make")
    shown = len(re.findall(r'name="case"', _get(web, make)))
    cost = measure(lambda _: _get(web, make), min(runs, 5))
    yield Row(f"新建支付批次，1,000 件待付，列 {shown} 件 make a payment list", cost)
    with _undone():
        listed = [one.case.pk for one in candidates(finance) if not one.refusal][:MAX_CLAIMS]
        found: list[Cost] = []
        with costing(found):
            batch = make_batch(finance, listed)
        yield Row(f"制单 {batch.count} 件 a list of so many", found[0])
        page = reverse("admin:reimbursements_paymentbatch_change", args=[batch.pk])
        cost = measure(lambda _: _get(web, page), min(runs, 5))
        yield Row(f"支付批次页，{batch.count} 件 payment list", cost)


@contextmanager
def _undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def _residents(runs: int) -> Iterator[Row]:
    """My claims, the year, and the calculator that anyone may use."""
    web, anyone = client_of(User.objects.get(pk=FIRST)), Client()
    found = measure(lambda _: _get(web, reverse("reimbursements:claims")), runs)
    yield Row("我的报销，20 件 my claims", found, queries=4, cpu=20)
    found = measure(lambda _: _get(web, reverse("reimbursements:year")), runs)
    yield Row("费用查询 settlements of a year", found)
    address = reverse("reimbursements:calculator")
    asked = {**CALCULATED, "day": timezone.localdate().isoformat()}
    found = measure(lambda _: _get(anyone, address, asked), runs)
    yield Row("费用估算 calculator", found)


def _walks(runs: int) -> Iterator[Row]:
    """Claims from the start page to the record; see bench.pages for filings."""
    people, walks = filers(insurance="390"), []
    for _ in range(runs + 1):
        holding = next(people)
        browser = InProcess(holding.account)
        claim(browser, f"29{uuid.uuid4().int % 10**18:018d}")
        walks.append(browser.seen)
    walks = walks[1:]  # the first warms up
    each = {
        (name, method): median([walk[at][2] for walk in walks])
        for at, (name, method, _) in enumerate(walks[0])
    }
    for method in ("GET", "POST"):
        costs = {name: cost for (name, how), cost in each.items() if how == method}
        worst = max((name for name in costs if name in STEPS), key=lambda name: costs[name].cpu)
        most = max(costs[name].queries for name in costs if name in STEPS)
        cost = replace(costs[worst], queries=most)
        yield Row(f"报销一步 {method}，最贵的 {worst} claim step", cost, queries=8, cpu=25)
    yield Row("提交报销 submit a claim (POST)", each["submit", "POST"])
    whole = median([sum((cost for *_, cost in walk), NOTHING) for walk in walks])
    photos = sum(name == "upload" for name, *_ in walks[0])
    words = f"整件报销，{len(walks[0])} 个请求，其中上传 {photos} 张照片 whole claim"
    yield Row(words, whole)


def _import(count: int) -> Row:
    """Direct settlements by `manage.py import_settlements`, half of them of known persons."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "settlements.csv"
        mark = uuid.uuid4().hex[:12]
        _write(path, mark, count)
        found: list[Cost] = []
        began = time.perf_counter()
        with costing(found):
            call_command("import_settlements", str(path), stdout=StringIO(), stderr=StringIO())
        took = time.perf_counter() - began
    done = ImportedSettlement.objects.filter(serial__startswith=mark).count()
    if done != count:
        raise BrokenWalk(f"{done} of {count} rows imported")
    cost = found[0]
    note = (
        f"{count / took:,.0f} 行/秒 rows/s ({cost.cpu / count:.2f} CPU ms and "
        f"{cost.queries / count:.2f} queries a row)"
    )
    return Row(f"导入直接结算 {count:,} 行 import of settlements", note=note)


def _write(path: Path, mark: str, count: int) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as target:
        writer = csv.writer(target)
        writer.writerow([column.title for column in COLUMNS])
        today = date.today()
        for n in range(count):
            values = {
                "area": "150100",
                "insurance": "310",
                "serial": f"{mark}{n:08d}",
                # Of every other one the persons of the bench know nothing.
                "id_number": id_number(n // 2 if n % 2 else 2_000_000 + n),
                "kind": "住院",
                "institution_name": "示例医院",
                "settled_on": today.isoformat(),
                "total": "8000.00",
                "fund_basic": "4000.00",
                "cash": "4000.00",
            }
            writer.writerow([values.get(column.key, "") for column in COLUMNS])


def _get(client: Client, path: str, data: dict | None = None) -> str:
    response = client.get(path, data or {})
    if response.status_code != 200:
        raise BrokenWalk(f"GET {path}: {response.status_code}")
    return response.content.decode()


def _post(client: Client, path: str, data: dict) -> str:
    response = client.post(path, data)
    if response.status_code != 302:
        raise BrokenWalk(f"POST {path}: {response.status_code}")
    return response["Location"]
