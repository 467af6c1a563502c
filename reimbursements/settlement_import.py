"""Direct settlements at hospitals' desks, as the agency hands them in: one row, one settlement.

Rows are added and never changed: the same row again is known, another one under the same
serial number is refused. What the funds paid, how many stays there were and the deductible
taken are booked into the person's year by an entry of the ledger, so that ceilings, the count
of stays and yearly deductibles hold for claims too. The policy of that day says under which
name the deductible counts; where it cannot tell, the deductible is kept with the row alone.

A settlement that was taken back (冲正) is a row of its own: every amount is that of the original
with a minus, it names the original, and it takes out of the year what the original put in.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.db import transaction
from django.utils import timezone

from facilities.areas import UnknownArea, pooling_area_of
from facilities.importing import Importer, RowRefused
from facilities.tabular import Column
from reimbursements.codes import KINDS
from reimbursements.models import ImportedSettlement
from reimbursements.settlement.money import parse_yuan, yuan
from reimbursements.settlement.terms import FUNDS, INSURANCES, code_of
from reimbursements.settlement_booking import book
from residents.crypto import keyed_hash, keyed_hashes
from residents.idnumber import InvalidIdNumber, parse

BATCH = 1000
_MONEY = "元，最多两位小数；可空"
COLUMNS = [
    Column("area", "参保统筹区", True, "6 位区划代码", "530900"),
    Column("insurance", "险种", True, "310 职工 或 390 居民", "390"),
    Column("serial", "结算流水号", True, "最多 40 个字，在统筹区内不重复", "SL20260301000001"),
    Column("id_number", "证件号码", True, "18 位，列设为文本格式", "11010519491231002X"),
    Column("year", "医保年度", False, "4 位年份；空：结算日期的年份", "2026"),
    Column("kind", "就医类别", True, "、".join(KINDS.values()), "住院"),
    Column("institution", "医疗机构编码", False, "12 位，可空", "H51010400012"),
    Column("institution_name", "医疗机构", False, "最多 120 个字", "示例医院"),
    Column("admitted_on", "入院日期", False, "年-月-日", "2026-02-20"),
    Column("discharged_on", "出院日期", False, "年-月-日", "2026-03-01"),
    Column("settled_on", "结算日期", True, "年-月-日", "2026-03-01"),
    Column("total", "总费用", True, "元，最多两位小数", "8000.00"),
    Column("in_scope", "政策范围内", False, _MONEY, "7000.00"),
    Column("deductible", "起付标准", False, _MONEY, "1000.00"),
    *(
        Column(f"fund_{name}", label, False, _MONEY, "4000.00" if name == "basic" else "")
        for name, label in FUNDS.items()
    ),
    Column("account", "个人账户", False, _MONEY, "0.00"),
    Column("cash", "现金", False, _MONEY, "4000.00"),
    Column("reverses", "冲正原流水号", False, "冲正的行填：被冲正那一笔的流水号；金额都填负数", ""),
]
_DATE = re.compile(r"(\d{4})[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})日?")
_INSTITUTION = re.compile(r"[HP]\d{11}")


@dataclass(frozen=True, slots=True)
class Line:
    """One checked row; `known` when the very same was imported before."""

    row: ImportedSettlement
    known: bool


Waiting = dict[tuple[str, str], ImportedSettlement]


def importer() -> Importer:
    """How rows are loaded; memory is that of one batch. A row may take back one that stands
    before it in the same file."""
    waiting: Waiting = {}

    def parse_next(values: dict[str, str]) -> Line:
        line = parse_line(values, waiting)
        _refuse_twice(line.row, waiting)
        if not line.known:
            waiting.setdefault((line.row.area, line.row.serial), line.row)
        return line

    def write_next(lines: list[Line]) -> dict[str, int]:
        waiting.clear()
        return write_batch(lines)

    return Importer(parse=parse_next, key_of=_key, write=write_next, batch=BATCH)


def parse_line(values: dict[str, str], waiting: Waiting | None = None) -> Line:
    """A row as a Line. Raises RowRefused (Chinese) for the first thing that is wrong.

    `waiting` are rows of the same file that are not stored yet, by area and serial.
    """
    area, taken_back = _area(values["area"]), values["reverses"]
    original = _original(area, taken_back, waiting or {}) if taken_back else None
    sign = -1 if original else 1
    settled_on = _day("结算日期", values["settled_on"])
    funds = {name: _fen(FUNDS[name], values[f"fund_{name}"], sign) or 0 for name in FUNDS}
    row = ImportedSettlement(
        area=area,
        insurance=_insurance(values["insurance"]),
        serial=_words("结算流水号", values["serial"], 40),
        id_number=_id_number(values["id_number"]),
        year=_year(values["year"], settled_on, original),
        kind=_kind(values["kind"]),
        institution=_institution(values["institution"]),
        institution_name=_words("医疗机构", values["institution_name"], 120),
        admitted_on=_day("入院日期", values["admitted_on"]),
        discharged_on=_day("出院日期", values["discharged_on"]),
        settled_on=settled_on,
        total_fen=_fen("总费用", values["total"], sign),
        in_scope_fen=_fen("政策范围内", values["in_scope"], sign),
        deductible_fen=_fen("起付标准", values["deductible"], sign),
        funds={name: fen for name, fen in funds.items() if fen},
        account_fen=_fen("个人账户", values["account"], sign) or 0,
        cash_fen=_fen("现金", values["cash"], sign) or 0,
        reverses=original,
    )
    _refuse_misfit(row)
    return Line(row, _known(row))


def write_batch(lines: list[Line]) -> dict[str, int]:
    """Add the rows of one batch and book them, in one transaction; how many of each."""
    now = timezone.now()
    new = [line.row for line in lines if not line.known]
    for row in new:
        row.id_hash, row.imported_at = keyed_hash("id", row.id_number), now
    with transaction.atomic():
        # First those that others of the same batch take back: they need their keys.
        ImportedSettlement.objects.bulk_create([row for row in new if row.reverses is None])
        ImportedSettlement.objects.bulk_create([row for row in new if row.reverses is not None])
        booked = book(new, now)
    return {"新增": len(new), "计入年度累计": booked, "已有": len(lines) - len(new)}


def _key(line: Line) -> str:
    return f"{line.row.area}|{line.row.serial}"


# What must be the same for a row to be the one that was imported before.
_SAME = (
    "reverses_id",
    *("insurance", "year", "kind", "institution", "institution_name", "admitted_on"),
    *("discharged_on", "settled_on", "total_fen", "in_scope_fen", "deductible_fen"),
    *("funds", "account_fen", "cash_fen"),
)


def _known(row: ImportedSettlement) -> bool:
    stored = ImportedSettlement.objects.filter(area=row.area, serial=row.serial).first()
    if stored is None:
        return False
    same = all(getattr(stored, name) == getattr(row, name) for name in _SAME)
    if not same or stored.id_hash not in keyed_hashes("id", row.id_number):
        raise RowRefused(
            f"结算流水号 {row.serial} 已导入过，内容不同；直接结算记录只增不改，请核对流水号。"
        )
    return True


def _original(area: str, serial: str, waiting: Waiting) -> ImportedSettlement:
    """The row that is taken back. Raises RowRefused where there is none."""
    found = waiting.get((area, serial)) or (
        ImportedSettlement.objects.filter(area=area, serial=serial).first()
    )
    if found is None:
        raise RowRefused(f"没有导入过流水号 {serial[:40]}，请先导入被冲正的那一笔。")
    if found.reverses is not None:
        raise RowRefused(f"流水号 {serial[:40]} 本身是冲正，不能再冲正；请重新导入正确的结算。")
    return found


def _refuse_twice(row: ImportedSettlement, waiting: Waiting) -> None:
    """Two rows of one batch that take back the same."""
    if row.reverses is None:
        return
    for other in waiting.values():
        if other.reverses is row.reverses and other.serial != row.serial:
            raise RowRefused(f"{row.reverses.serial} 已由 {other.serial} 冲正过，不能冲正两次。")


# What a 冲正 has in common with its original, and what it takes back to the fen.
_LIKE_ORIGINAL = {"insurance": "险种", "year": "医保年度", "kind": "就医类别"}
_TAKEN_BACK = {
    "total_fen": "总费用",
    "in_scope_fen": "政策范围内",
    "deductible_fen": "起付标准",
    "account_fen": "个人账户",
    "cash_fen": "现金",
}


def _refuse_unlike(row: ImportedSettlement, original: ImportedSettlement) -> None:
    """A 冲正 takes back one settlement, whole and once."""
    serial = original.serial
    if original.id_number != row.id_number:
        raise RowRefused(f"证件号码和被冲正的 {serial} 不是同一个人，请核对。")
    for name, label in _LIKE_ORIGINAL.items():
        if getattr(row, name) != getattr(original, name):
            raise RowRefused(f"{label}和被冲正的 {serial} 不一致，请核对。")
    unlike = [
        label
        for name, label in _TAKEN_BACK.items()
        if (getattr(row, name) or 0) != -(getattr(original, name) or 0)
    ]
    if row.funds != {name: -fen for name, fen in original.funds.items()}:
        unlike.append("各基金")
    if unlike:
        raise RowRefused(
            f"冲正应把 {serial} 全部冲回，{'、'.join(unlike)}应是原金额的负数；"
            "部分退费请先全部冲正，再导入新的结算。"
        )
    if row.settled_on < original.settled_on:
        raise RowRefused(f"冲正日期早于 {serial} 的结算日期 {original.settled_on}，请核对。")
    other = original.pk and ImportedSettlement.objects.filter(reverses=original).first()
    if other and other.serial != row.serial:
        raise RowRefused(f"{serial} 已由 {other.serial} 冲正过，不能冲正两次。")


def _refuse_misfit(row: ImportedSettlement) -> None:
    if row.reverses is not None:
        _refuse_unlike(row, row.reverses)
    if row.admitted_on and row.discharged_on and row.discharged_on < row.admitted_on:
        raise RowRefused(f"出院日期 {row.discharged_on} 早于入院日期 {row.admitted_on}，请核对。")
    parts = sum(row.funds.values()) + row.account_fen + row.cash_fen
    if parts != row.total_fen:
        raise RowRefused(
            f"总费用 {yuan(row.total_fen)} 元，各基金、个人账户与现金相加是 {yuan(parts)} 元，"
            "应相等。"
        )
    if abs(row.in_scope_fen or 0) > abs(row.total_fen):
        raise RowRefused("政策范围内的金额超过总费用，请核对。")
    if row.settled_on > timezone.localdate():
        raise RowRefused(f"结算日期 {row.settled_on} 还没有到，请核对。")


@lru_cache(maxsize=1024)
def _area(text: str) -> str:
    try:
        found = pooling_area_of(text)
    except UnknownArea as error:
        raise RowRefused(f"参保统筹区：{error}") from None
    if found != text:
        raise RowRefused(f"参保统筹区应填统筹区代码 {found}，不是区县代码 {text}。")
    return found


def _insurance(text: str) -> str:
    if text in INSURANCES:
        return text
    short = {"职工": "310", "居民": "390", **{name: code for code, name in INSURANCES.items()}}
    if text not in short:
        raise RowRefused(f"险种“{text[:20]}”不认识，应为 310（职工）或 390（居民）。")
    return short[text]


def _kind(text: str) -> str:
    found = code_of("kind", text)
    if found not in KINDS:
        raise RowRefused(f"就医类别“{text[:20]}”不认识，应为{'、'.join(KINDS.values())}之一。")
    return found


def _id_number(text: str) -> str:
    try:
        return parse(text).number
    except InvalidIdNumber as error:
        raise RowRefused(str(error)) from None


def _institution(text: str) -> str:
    code = unicodedata.normalize("NFKC", text).upper()
    if code and not _INSTITUTION.fullmatch(code):
        raise RowRefused(f"医疗机构编码“{text[:20]}”应为 H 或 P 加 11 位数字，没有可以留空。")
    return code


def _words(title: str, text: str, most: int) -> str:
    if len(text) > most:
        raise RowRefused(f"{title}不能超过 {most} 个字。")
    return text


def _year(text: str, settled_on: date, original: ImportedSettlement | None) -> int:
    """The year a row belongs to: what is taken back comes out of the year it went into."""
    if original is not None:
        return int(text) if text.isascii() and text.isdigit() else original.year
    if not text:
        return settled_on.year
    if not (text.isascii() and text.isdigit() and settled_on.year - 1 <= int(text)):
        raise RowRefused(f"医保年度“{text[:20]}”与结算日期 {settled_on} 不符，请核对。")
    if int(text) > settled_on.year:
        raise RowRefused(f"医保年度“{text[:20]}”晚于结算日期 {settled_on}，请核对。")
    return int(text)


def _day(title: str, text: str) -> date | None:
    if not text:
        return None
    found = _DATE.fullmatch(unicodedata.normalize("NFKC", text))
    try:
        return date(*map(int, found.groups()))
    except (AttributeError, ValueError):
        raise RowRefused(f"{title}“{text[:20]}”不是日期，应为 2026-01-31 这样的形式。") from None


def _fen(title: str, text: str, sign: int) -> int | None:
    """Fen of an amount; with a `sign` of -1 it must have a minus, or be 0."""
    if not text:
        return None
    bare = _minus(text).replace(",", "")
    if bare.startswith("-") and sign > 0:
        raise RowRefused(
            f"{title}“{text[:20]}”应为不小于 0 的金额（元）；冲正的行请在“冲正原流水号”里"
            "写明被冲正的那一笔。"
        )
    try:
        fen = parse_yuan(bare.removeprefix("-"))
        if sign < 0 and fen and not bare.startswith("-"):
            raise RowRefused(f"{title}“{text[:20]}”：冲正的行，金额应填负数。")
        return sign * fen
    except RowRefused:
        raise
    except ValueError:
        raise RowRefused(
            f"{title}“{text[:20]}”应为不小于 0 的金额（元），最多两位小数，例如 1234.50。"
        ) from None


def _minus(text: str) -> str:
    """With the minus signs of office programs made plain."""
    return text.replace("－", "-").replace("−", "-")
