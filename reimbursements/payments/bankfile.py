"""The file for the bank: one line a payment, whole account numbers, control totals at the end.

The same list gives the same lines each time, so that a second download pays nothing twice;
their hash is kept with the release. A CSV cell that a spreadsheet would run gets an
apostrophe before it; account numbers stay digits, since the bank's program reads them.
"""

import csv
import hashlib
import io
from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from django.db import transaction

from casework.export import BOM, safe, xlsx_file
from reimbursements.models import Payment, PaymentBatch
from reimbursements.payments.access import held_batch
from reimbursements.payments.errors import PaymentRefused
from reimbursements.settlement.money import yuan
from residents.models import AccessLog
from residents.personal import log_access

CSV, XLSX = "csv", "xlsx"
TYPES = {
    CSV: "text/csv; charset=utf-8",
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
HEAD = (
    "序号",
    "批次号",
    "办件编号",
    "户名",
    "账号",
    "开户银行",
    "金额（元）",
    "金额（分）",
    "摘要",
)
TOTAL = "合计"
PURPOSE = "医保手工报销"
State = PaymentBatch.State


class BankFile(NamedTuple):
    """A file to hand over, with its name and content type."""

    name: str
    content_type: str
    data: bytes


def bank_file(user, pk: int, form: str, now: datetime) -> BankFile:
    """The file of a released list, after writing down who takes it. `form` is csv or xlsx.

    Raises PaymentRefused before the release, and when the lines are not those released.
    """
    if form not in TYPES:
        raise PaymentRefused("请选择文件格式")
    with transaction.atomic():
        batch = held_batch(user, pk)
        if batch.state not in (State.RELEASED, State.ANSWERED):
            raise PaymentRefused("批次还没有发出，不能下载银行文件")
        lines = csv_bytes(batch)
        if sha256_of(lines) != batch.file_sha256:
            raise PaymentRefused("银行文件与发出时不一致，请停止支付并联系系统管理员")
        log_access(
            user,
            AccessLog.Action.EXPORTED,
            batch.number,
            f"银行文件 {form}，{batch.count} 笔，完整账号",
            f"送银行支付，合计 {yuan(batch.total_fen)} 元",
        )
        data = lines if form == CSV else xlsx_file(rows_of(batch), HEAD).read()
    return BankFile(f"{batch.number}.{form}", TYPES[form], data)


def rows_of(batch: PaymentBatch) -> Iterator[tuple]:
    """The lines of a list in the order of its payments, the control totals last."""
    payments = _sent(batch)
    for nth, payment in enumerate(payments, 1):
        yield (
            nth,
            batch.number,
            payment.claim.case.number,
            payment.holder,
            payment.number,
            payment.bank_name,
            yuan(payment.amount_fen),
            payment.amount_fen,
            PURPOSE,
        )
    total = sum(payment.amount_fen for payment in payments)
    yield (TOTAL, batch.number, f"{len(payments)} 笔", "", "", "", yuan(total), total, "")


def csv_bytes(batch: PaymentBatch) -> bytes:
    """The lines as CSV with a byte order mark."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(HEAD)
    for row in rows_of(batch):
        writer.writerow([safe(cell) if isinstance(cell, str) else cell for cell in row])
    return (BOM + out.getvalue()).encode()


def sha256_of(data: bytes) -> str:
    """The hash by which a released list is known."""
    return hashlib.sha256(data).hexdigest()


def _sent(batch: PaymentBatch) -> list[Payment]:
    """All payments of the list, whatever became of them since."""
    rows = batch.payments.exclude(state=Payment.State.CANCELLED)
    return list(rows.select_related("claim__case").order_by("pk"))
