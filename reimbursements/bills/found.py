"""What a QR code or the original of an e-bill says of a bill: always a hint to confirm."""

import re
from dataclasses import dataclass
from datetime import date

from reimbursements.bills.numbers import BillKind

_DAY = re.compile(r"(20\d\d)[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})日?(?!\d).*", re.ASCII | re.DOTALL)
_TIGHT_DAY = re.compile(r"(20\d\d)(\d\d)(\d\d)\d*", re.ASCII)
_AMOUNT = re.compile(r"(\d{1,10})(?:\.(\d{1,2})0*)?", re.ASCII)
_GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Found:
    """A bill as read by the machine. `amount` is fen, None where nothing was read.

    `tax_exclusive`: the amount leaves the tax out and may be below the printed total.
    `certain`: the layout is a known one; otherwise the person must look at every field.
    """

    kind: BillKind
    code: str
    number: str
    check_code: str = ""
    issued_on: date | None = None
    amount: int | None = None
    tax_exclusive: bool = False
    certain: bool = False
    payer: str = ""


def read_day(text: str) -> date | None:
    """20260503, 2026-05-03, 2026年5月3日, with or without a time; None for anything else."""
    text = text.strip()[:40]
    match = _TIGHT_DAY.fullmatch(text) or _DAY.fullmatch(text)
    try:
        return date(*map(int, match.groups())) if match else None
    except ValueError:
        return None


def read_amount(text: str) -> int | None:
    """Fen of an amount in yuan with at most two decimals; None for anything else."""
    text = text.strip().lstrip("¥￥").strip()
    if _GROUPED.fullmatch(text):
        text = text.replace(",", "")
    match = _AMOUNT.fullmatch(text)
    if match is None:
        return None
    yuan, cents = match.groups(default="")
    return int(yuan) * 100 + int(cents.ljust(2, "0"))
