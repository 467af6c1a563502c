"""The rows of the table that are pages: each requested in this process through the whole
stack of middleware, with Django's test client.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from bench.browsers import InProcess, client_of
from bench.measuring import NOTHING, Cost, measure, median
from bench.pdf import photo
from bench.people import FIRST, filers
from bench.report import Row
from bench.walk import BrokenWalk, file
from casework.demo.people import XINCHENG
from casework.models import Case
from filings.demo.story import LONG, Scene, Stage, ask_correction, resubmit, take
from residents.models import User

WALKS = 7
STEPS = ("insured", "place", "place?q", "notice", "stay", "details", "proof", "check")


def bare(runs: int) -> Cost:
    """What any request costs here: /healthz, which asks the database nothing."""
    client = Client()
    return measure(lambda _: _get(client, "/healthz"), runs)


def staff_rows(clerks: dict[str, User], runs: int) -> Iterator[Row]:
    """The desk: queue by tab, one case, the supervisor page."""
    clerk = client_of(clerks["hohhot-first"])
    head = client_of(clerks["hohhot-supervisor"])
    queue = reverse("admin:casework_case_changelist")
    page = _get(clerk, queue)
    shown = len(re.findall(r'name="pk"', page))
    yield Row(
        f"审核队列，{shown} 行 staff queue",
        measure(lambda _: _get(clerk, queue), runs),
        queries=8,
        cpu=50,
    )
    for words, query in (("全部", "tab=all"), ("已办结", "tab=closed"), ("筛选", FILTERED)):
        found = measure(lambda _, query=query: _get(clerk, f"{queue}?{query}"), runs)
        yield Row(f"审核队列：{words} queue, {query[:24]}", found, queries=8, cpu=50)
    case = _long_case()
    address = reverse("admin:casework_case_change", args=[case.pk])
    found = measure(lambda _: _get(clerk, address), runs)
    yield Row("办件页 staff case page", found, queries=12, cpu=60)
    address = reverse("admin:casework_case_supervise")
    found = measure(lambda _: _get(head, address), runs)
    yield Row("督办页 supervisor page", found, queries=12, cpu=80)


FILTERED = "topic=LT-RES&destination=510100&doubt=none"


def resident_rows(runs: int) -> Iterator[Row]:
    """Residents: my cases, the steps, a whole filing, a photograph."""
    web = client_of(User.objects.get(pk=FIRST))
    found = measure(lambda _: _get(web, reverse("filings:records")), runs)
    yield Row("备案记录，20 件 my cases", found, queries=4, cpu=20)
    yield from _walks(min(runs, WALKS))
    yield _upload(min(runs, 5))


def ready(runs: int) -> Row:
    """The check of the load balancer; it may answer 503 while the queue waits."""
    client = Client()
    return Row("readyz", measure(lambda _: client.get("/readyz"), runs))


def _walks(runs: int) -> Iterator[Row]:
    people = filers()
    walks = []
    for _ in range(runs + 1):
        browser = InProcess(next(people).account)
        file(browser)
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
        cost = costs[worst]
        cost = replace(cost, queries=most)
        yield Row(f"一步 {method}，最贵的 {worst} wizard step", cost, queries=8, cpu=25)
    yield Row("提交 submit (POST)", each["submit", "POST"])
    whole = median([sum((cost for *_, cost in walk), NOTHING) for walk in walks])
    yield Row(f"整件备案，{len(walks[0])} 个请求 whole filing", whole, queries=60, cpu=200)


def _upload(runs: int) -> Row:
    """A photograph of 12 megapixels, posted as the camera wrote it."""
    holding = next(filers(XINCHENG))
    web, jpeg = client_of(holding.account), photo("JPEG")
    base = _post(web, reverse("filings:start"), {"category": "LT-RES"}).removesuffix("insured/")
    _post(web, f"{base}insured/", {"insured_area": XINCHENG, "insurance": "310"})
    _post(web, f"{base}place/", {"destination": "110000", "care": "inpatient"})
    number = re.findall(r"upload/(\d+)/", _get(web, f"{base}proof/"))[-1]
    case = Case.objects.get(created_by=holding.account)
    address = reverse("filings:upload", args=[case.public_id, number])

    def send(_):
        picture = SimpleUploadedFile("照片.jpg", jpeg, content_type="image/jpeg")
        data = {f"g{number}-document": "residence_permit", f"g{number}-files": [picture]}
        _post(web, address, data)

    cost = measure(send, runs, warm=1)
    return Row(f"上传 1200 万像素照片（{len(jpeg) / 1e6:.1f} MB） upload", cost, wall=1000)


def _long_case() -> Case:
    """A case with everything: documents, a correction, its answer; in the clerk's hands."""
    then = (take, ask_correction, resubmit)
    scene = Scene(2, **LONG, proof="documents", then=then)
    stage = Stage(timezone.now() - timedelta(minutes=5))
    stage.made = Case.objects.filter(pk__lt=FIRST).count()
    return stage.play(scene)


def _get(client: Client, path: str) -> str:
    response = client.get(path)
    if response.status_code != 200:
        raise BrokenWalk(f"GET {path}: {response.status_code}")
    return response.content.decode()


def _post(client: Client, path: str, data: dict) -> str:
    response = client.post(path, data)
    if response.status_code != 302:
        raise BrokenWalk(f"POST {path}: {response.status_code}")
    return response["Location"]
