"""The text inside a QR code of a bill.

Layouts (docs/sources.md). VAT: `01,种类,代码,号码,金额,yyyymmdd,校验码,CRC,`; the amount of the
older kinds (01 04 08 10) leaves the tax out. Digital invoice: `01,31|32,,20 digits,金额,日期,,CRC`.
Fiscal e-bills: no published layout was found; `01,01,代码,号码,校验码,…` and `CZ-EI&…&` are
taken as a hint, never as certain, and web addresses are left alone. The CRC is not checked:
its method is not published.
"""

import re
import unicodedata
from itertools import pairwise

from reimbursements.bills.found import Found, read_amount, read_day
from reimbursements.bills.numbers import BillKind

MAX_LENGTH = 600  # no bill's code is near this; a longer one is something else
VAT_KINDS = {
    "01": "增值税专用发票",
    "04": "增值税普通发票",
    "08": "增值税电子专用发票",
    "10": "增值税电子普通发票",
}
DIGITAL_KINDS = ("31", "32")
_KIND = re.compile(r"\d{2}", re.ASCII)
_VAT_CODE = re.compile(r"\d{10}|\d{12}", re.ASCII)
_VAT_NUMBER = re.compile(r"\d{8}", re.ASCII)
_VAT_CHECK = re.compile(r"\d{20}", re.ASCII)
_DIGITAL_NUMBER = re.compile(r"\d{20}", re.ASCII)
_FISCAL_CODE = re.compile(r"\d{8}", re.ASCII)
_FISCAL_NUMBER = re.compile(r"\d{10}", re.ASCII)
_FISCAL_CHECK = re.compile(r"[0-9A-Za-z]{6}", re.ASCII)
_ADDRESS = re.compile(r"(?:https?:|www\.)", re.IGNORECASE)
_NEGATIVE = re.compile(r"[-−]\s*\d", re.ASCII)

BY_HAND = "请对照票据手工填写。"
EMPTY = f"二维码里没有内容，{BY_HAND}"
ADDRESS = f"二维码是一个查验网址，里面没有票据号码，{BY_HAND}"
UNKNOWN = f"二维码里不是票据信息，{BY_HAND}如果拍到了别的二维码（例如支付码），请对准票据上的重拍。"
RED = "二维码显示金额是负数，这是红字（冲销）票据，不能用来报销，请上传原来的票据。"


class _NoBill(ValueError):
    """The text tells of no bill; the message is Chinese."""


def read_text(text: str) -> Found | None:
    """The bill a QR code tells of, or None for nonsense (`why_nothing` says why)."""
    try:
        return _read(text)
    except _NoBill:
        return None


def why_nothing(text: str) -> str:
    """Why `read_text` finds no bill in this text, in Chinese; "" when it finds one."""
    try:
        _read(text)
    except _NoBill as reason:
        return str(reason)
    return ""


def _read(text: str) -> Found:
    text = unicodedata.normalize("NFKC", str(text or "")).strip().strip("\ufeff")
    if not text:
        raise _NoBill(EMPTY)
    if len(text) > MAX_LENGTH:
        raise _NoBill(UNKNOWN)
    if _ADDRESS.match(text):
        raise _NoBill(ADDRESS)
    if text.upper().startswith("CZ-EI&"):
        return _fiscal([part.strip() for part in text.split("&")[1:]])
    parts = [part.strip() for part in text.split(",")]
    if len(parts) < 6 or parts[0] != "01" or not _KIND.fullmatch(parts[1]):
        raise _NoBill(UNKNOWN)
    return _listed(parts)


def _listed(parts: list[str]) -> Found:
    """The comma form: told apart by the lengths of code and number."""
    code, number = parts[2], parts[3]
    if not code and _DIGITAL_NUMBER.fullmatch(number):
        return _digital(parts)
    if _VAT_CODE.fullmatch(code) and _VAT_NUMBER.fullmatch(number):
        return _vat(parts)
    if _FISCAL_CODE.fullmatch(code) and _FISCAL_NUMBER.fullmatch(number):
        return _fiscal(parts[2:])
    raise _NoBill(UNKNOWN)


def _amount_and_day(parts: list[str]):
    """The fields 4 and 5 of an invoice, as they must be."""
    if _NEGATIVE.match(parts[4]):
        raise _NoBill(RED)
    return read_amount(parts[4]), read_day(parts[5])


def _vat(parts: list[str]) -> Found:
    amount, day = _amount_and_day(parts)
    check_code = parts[6] if len(parts) > 6 and _VAT_CHECK.fullmatch(parts[6]) else ""
    checkable = bool(check_code) or parts[1] in ("01", "08")  # 专票 print none
    known = parts[1] in VAT_KINDS
    return Found(
        kind=BillKind.VAT,
        code=parts[2],
        number=parts[3],
        check_code=check_code,
        issued_on=day,
        amount=amount,
        tax_exclusive=known,
        certain=known and checkable and amount is not None and day is not None,
    )


def _digital(parts: list[str]) -> Found:
    amount, day = _amount_and_day(parts)
    number = parts[3]
    whole = amount is not None and day is not None and f"{day.year % 100:02d}" == number[:2]
    return Found(
        kind=BillKind.DIGITAL,
        code="",
        number=number,
        issued_on=day,
        amount=amount,
        certain=whole and parts[1] in DIGITAL_KINDS,
    )


def _fiscal(parts: list[str]) -> Found:
    """A hint from fields whose order is not published: code and number side by side."""
    for place, (code, number) in enumerate(pairwise(parts)):
        if _FISCAL_CODE.fullmatch(code) and _FISCAL_NUMBER.fullmatch(number):
            return _fiscal_after(code, number, parts[place + 2 :])
    raise _NoBill(UNKNOWN)


def _fiscal_after(code: str, number: str, rest: list[str]) -> Found:
    has_check = bool(rest) and _FISCAL_CHECK.fullmatch(rest[0])
    others = rest[1:] if has_check else rest
    if any(_NEGATIVE.match(part) for part in others):
        raise _NoBill(RED)
    days = [part for part in others if len(part) >= 8 and read_day(part)]
    amounts = [part for part in others if part not in days and read_amount(part) is not None]
    return Found(
        kind=BillKind.FISCAL,
        code=code,
        number=number,
        check_code=rest[0].lower() if has_check else "",
        issued_on=read_day(days[0]) if days else None,
        amount=read_amount(amounts[0]) if amounts else None,
    )
