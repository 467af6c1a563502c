"""Direct settlements at hospitals' desks, as the agency hands them in: one row, one settlement.

Rows are added and never changed: the same row again is known, another one under the same
serial number is refused. What the funds paid, and how many stays there were, is booked into
the person's year by an entry of the ledger, so that ceilings and the count of stays hold for
claims too; the deductible taken is kept with the row and not booked, since policies count
it under names of their own.
"""

import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from django.db import transaction
from django.utils import timezone

from facilities.areas import UnknownArea, pooling_area_of
from facilities.importing import Importer, RowRefused
from facilities.tabular import Column
from reimbursements.codes import KINDS
from reimbursements.models import ImportedSettlement, LedgerEntry, YearAccount
from reimbursements.settlement import year_data
from reimbursements.settlement.money import parse_yuan, yuan
from reimbursements.settlement.terms import FUNDS, INSURANCES, code_of
from reimbursements.settling.computing import empty_year
from reimbursements.settling.years import account_of
from residents.crypto import keyed_hash, keyed_hashes
from residents.idnumber import InvalidIdNumber, parse
from residents.models import Person

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
]
_DATE = re.compile(r"(\d{4})[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})日?")
_INSTITUTION = re.compile(r"[HP]\d{11}")


@dataclass(frozen=True, slots=True)
class Line:
    """One checked row; `known` when the very same was imported before."""

    row: ImportedSettlement
    known: bool


def importer() -> Importer:
    """How rows are loaded; memory is that of one batch."""
    return Importer(parse=parse_line, key_of=_key, write=write_batch, batch=BATCH)


def parse_line(values: dict[str, str]) -> Line:
    """A row as a Line. Raises RowRefused (Chinese) for the first thing that is wrong."""
    settled_on = _day("结算日期", values["settled_on"])
    funds = {name: _fen(FUNDS[name], values[f"fund_{name}"]) or 0 for name in FUNDS}
    row = ImportedSettlement(
        area=_area(values["area"]),
        insurance=_insurance(values["insurance"]),
        serial=_words("结算流水号", values["serial"], 40),
        id_number=_id_number(values["id_number"]),
        year=_year(values["year"], settled_on),
        kind=_kind(values["kind"]),
        institution=_institution(values["institution"]),
        institution_name=_words("医疗机构", values["institution_name"], 120),
        admitted_on=_day("入院日期", values["admitted_on"]),
        discharged_on=_day("出院日期", values["discharged_on"]),
        settled_on=settled_on,
        total_fen=_fen("总费用", values["total"]),
        in_scope_fen=_fen("政策范围内", values["in_scope"]),
        deductible_fen=_fen("起付标准", values["deductible"]),
        funds={name: fen for name, fen in funds.items() if fen},
        account_fen=_fen("个人账户", values["account"]) or 0,
        cash_fen=_fen("现金", values["cash"]) or 0,
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
        ImportedSettlement.objects.bulk_create(new)
        booked = _book(new, now)
    return {"新增": len(new), "计入年度累计": booked, "已有": len(lines) - len(new)}


def book_imported(person: Person, now: datetime) -> int:
    """Book what was imported before the system knew this person; returns how many rows."""
    rows = ImportedSettlement.objects.filter(
        id_hash__in=keyed_hashes("id", person.id_number), ledger_entry=None
    )
    with transaction.atomic():
        return _book_for(person, list(rows.order_by("settled_on", "pk")), now)


def _book(rows: list[ImportedSettlement], now: datetime) -> int:
    """Book rows of persons the system knows; the others wait for `book_imported`."""
    hashes = {every: row.id_hash for row in rows for every in keyed_hashes("id", row.id_number)}
    by_hash = defaultdict(list)
    for row in rows:
        by_hash[row.id_hash].append(row)
    known = Person.objects.filter(id_hash__in=hashes).order_by("pk")
    return sum(_book_for(person, by_hash[hashes[person.id_hash]], now) for person in known)


def _book_for(person: Person, rows: list[ImportedSettlement], now: datetime) -> int:
    """One entry of the ledger for each row, under a lock on the year it belongs to."""
    years = defaultdict(list)
    for row in rows:
        years[row.area, row.insurance, row.year].append(row)
    for (area, insurance, year), group in sorted(years.items()):
        key = {"person": person, "area": area, "insurance": insurance, "year": year}
        made, _ = YearAccount.objects.get_or_create(**key, defaults={"data": empty_year(year)})
        account = YearAccount.objects.select_for_update(of=("self",)).get(pk=made.pk)
        LedgerEntry.objects.bulk_create([_entry(account, row, now) for row in group])
        account.save(update_fields=["data", "entry_count"])
    return len(rows)


def _entry(account: YearAccount, row: ImportedSettlement, now: datetime) -> LedgerEntry:
    """Move the year by one row, and say so."""
    before = account.data
    year = account_of(before)
    counters = dict(year.counters)
    for name, fen in row.funds.items():
        counters["funds", name] = counters.get(("funds", name), 0) + fen
    stays = year.stays + (row.kind == "inpatient")
    account.data = year_data(year._replace(counters=counters, stays=stays))
    account.entry_count += 1
    return LedgerEntry(
        account=account,
        seq=account.entry_count,
        kind=LedgerEntry.Kind.IMPORTED,
        imported=row,
        change=row.funds,
        before=before,
        after=account.data,
        at=now,
    )


def _key(line: Line) -> str:
    return f"{line.row.area}|{line.row.serial}"


# What must be the same for a row to be the one that was imported before.
_SAME = (
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


def _refuse_misfit(row: ImportedSettlement) -> None:
    if row.admitted_on and row.discharged_on and row.discharged_on < row.admitted_on:
        raise RowRefused(f"出院日期 {row.discharged_on} 早于入院日期 {row.admitted_on}，请核对。")
    parts = sum(row.funds.values()) + row.account_fen + row.cash_fen
    if parts != row.total_fen:
        raise RowRefused(
            f"总费用 {yuan(row.total_fen)} 元，各基金、个人账户与现金相加是 {yuan(parts)} 元，"
            "应相等。"
        )
    if (row.in_scope_fen or 0) > row.total_fen:
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


def _year(text: str, settled_on: date) -> int:
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


def _fen(title: str, text: str) -> int | None:
    if not text:
        return None
    try:
        return parse_yuan(text.replace(",", ""))
    except ValueError:
        raise RowRefused(
            f"{title}“{text[:20]}”应为不小于 0 的金额（元），最多两位小数，例如 1234.50。"
        ) from None
