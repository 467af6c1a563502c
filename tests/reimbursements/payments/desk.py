"""Short ways through the finance desk: claims to be paid, a list, the bank's answer."""

import csv
from pathlib import Path

from openpyxl import Workbook

from casework.models import Case
from reimbursements.models import PaymentBatch
from reimbursements.payments import make_batch, release_batch
from tests.factories import LINCANG, clerk
from tests.reimbursements.claims.factories import payable_claim

HEAD = ("办件编号", "金额（元）", "结果", "失败原因")


def cashier(area: str = LINCANG, **values):
    """A member of the finance desk."""
    return clerk("finance", area, **values)


def made(cases: list[Case] | None = None, user=None) -> PaymentBatch:
    """A list that waits to be released."""
    cases = [payable_claim()] if cases is None else cases
    return make_batch(user or cashier(), [case.pk for case in cases])


def released(cases: list[Case] | None = None) -> PaymentBatch:
    """A list that may go to the bank."""
    return release_batch(cashier(), made(cases).pk)


def answer(case: Case, result: str = "成功", reason: str = "", amount: str = "") -> tuple:
    """One line of the bank's answer for a claim that is to be paid."""
    case = Case.objects.select_related("claim").get(pk=case.pk)
    payment = case.claim.payments.order_by("pk").last()
    amount = amount or f"{payment.amount_fen // 100}.{payment.amount_fen % 100:02d}"
    return case.number, amount, result, reason


def as_csv(folder: Path, *lines: tuple, head: tuple = HEAD, encoding: str = "utf-8-sig") -> Path:
    """The bank's answer as a CSV file."""
    path = folder / "return.csv"
    with path.open("w", encoding=encoding, newline="") as target:
        csv.writer(target).writerows([head, *lines])
    return path


def as_xlsx(folder: Path, *lines: tuple, head: tuple = HEAD) -> Path:
    """The same as a workbook."""
    book = Workbook()
    for line in (head, *lines):
        book.active.append(line)
    path = folder / "return.xlsx"
    book.save(path)
    return path
