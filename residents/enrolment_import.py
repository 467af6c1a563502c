"""Loading the agency's register of enrolments: one row of a table, one enrolment."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.db import transaction
from django.utils import timezone

from facilities import areas
from facilities.importing import Importer, RowRefused
from facilities.tabular import Column
from residents.crypto import hash_keys, keyed_hash, keyed_hashes
from residents.idnumber import InvalidIdNumber, parse
from residents.models import Enrolment

COLUMNS = [
    Column("id_number", "证件号码", True, "18 位证件号码，列设为文本格式", "11010519491231002X"),
    Column("name", "姓名", True, "与证件一致", "张三"),
    Column("phone", "手机号码", False, "登记的联系电话，可空", "13800000000"),
    Column("insured_area", "参保地", True, "6 位区划代码：县（区）或市本级", "530902"),
    Column("insurance", "险种", True, "310 职工 或 390 居民", "310"),
    Column("person_group", "人员类别", True, "在职、退休、居民成年、未成年、学生等", "在职"),
    Column("state", "参保状态", True, "正常、暂停、终止", "正常"),
    Column("from_day", "参保起", True, "年-月-日", "2020-01-01"),
    Column("to_day", "参保止", False, "年-月-日；终止的必填", ""),
]
BATCH = 2000
_UPDATED = ["id_number", "name", "name_hash", "phone", "phone_hash", "person_group", "state"]
_UPDATED += ["from_day", "to_day", "updated_at"]
_DATE = re.compile(r"(\d{4})[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})日?")
_TELEPHONE = re.compile(r"\+?[0-9][0-9-]{5,18}")


@dataclass(frozen=True, slots=True)
class Line:
    """One checked row of the table."""

    id_number: str
    name: str
    phone: str | None
    insured_area: str
    insurance: str
    person_group: str
    state: str
    from_day: date
    to_day: date | None


def importer() -> Importer:
    """How rows of the register are loaded; memory is that of one batch."""
    return Importer(parse=parse_line, key_of=_key, write=write_batch, batch=BATCH)


def _key(line: Line) -> str:
    return f"{line.id_number}|{line.insured_area}|{line.insurance}"


def parse_line(values: dict[str, str]) -> Line:
    """A row as a Line. Raises RowRefused (Chinese) for the first thing that is wrong."""
    try:
        number = parse(values["id_number"]).number
    except InvalidIdNumber as error:
        raise RowRefused(str(error)) from None
    from_day = _day("参保起", values["from_day"])
    to_day = _day("参保止", values["to_day"]) if values["to_day"] else None
    state = _choice("参保状态", Enrolment.State, values["state"])
    if to_day and to_day < from_day:
        raise RowRefused(f"参保止 {to_day} 早于参保起 {from_day}，请核对。")
    if state == Enrolment.State.ENDED and to_day is None:
        raise RowRefused("参保状态为终止的，须填写参保止。")
    return Line(
        number,
        _name(values["name"]),
        _phone(values["phone"]),
        _area(values["insured_area"]),
        _choice("险种", Enrolment.Insurance, values["insurance"]),
        _choice("人员类别", Enrolment.PersonGroup, values["person_group"]),
        state,
        from_day,
        to_day,
    )


def _name(text: str) -> str:
    name = unicodedata.normalize("NFKC", text).strip()
    if not 2 <= len(name) <= 50:
        raise RowRefused("姓名应为 2 至 50 个字，请核对。")
    return name


def _phone(text: str) -> str | None:
    """Mobile or landline; only a mobile can ever prove who somebody is."""
    phone = re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
    if not phone:
        return None
    if not _TELEPHONE.fullmatch(phone):
        raise RowRefused(f"手机号码“{phone[:20]}”不是电话号码，请核对；没有可以留空。")
    return phone


@lru_cache(maxsize=4096)
def _area(text: str) -> str:
    try:
        areas.pooling_area_of(text)
    except areas.UnknownArea as error:
        raise RowRefused(f"参保地：{error}") from None
    place = areas.division(text)
    if place.level == areas.PREFECTURE and _has_counties(place.code):
        own = place.code[:4] + "99"
        raise RowRefused(f"参保地应为县（区）或市本级，不能是{place.name}；市本级请填 {own}。")
    return place.code


def _has_counties(code: str) -> bool:
    return any(place.level == areas.COUNTY for place in areas.counties_of(code))


@lru_cache(maxsize=256)
def _choice(title: str, choices, text: str) -> str:
    """The value of a choice given as its code or its label. Raises RowRefused."""
    wanted = unicodedata.normalize("NFKC", text).strip()
    for value, label in choices.choices:
        if wanted in (value, label, _SHORT.get(value)):
            return value
    allowed = "、".join(_SHORT.get(value) or label for value, label in choices.choices)
    raise RowRefused(f"{title}“{wanted[:20]}”无法识别，应为：{allowed}。")


_SHORT = {"310": "职工", "390": "居民"}


@lru_cache(maxsize=8192)
def _day(title: str, text: str) -> date:
    found = _DATE.fullmatch(unicodedata.normalize("NFKC", text))
    try:
        return date(*map(int, found.groups()))
    except (AttributeError, ValueError):
        raise RowRefused(f"{title}“{text[:20]}”不是日期，应为 2024-01-31 这样的形式。") from None


def write_batch(lines: list[Line]) -> dict[str, int]:
    """Insert or update one batch in one transaction; how many of each."""
    now = timezone.now()
    rows = [_row(line, now) for line in lines]
    with transaction.atomic():
        _rehash_older(lines)
        known = set(
            Enrolment.objects.filter(id_hash__in=[row.id_hash for row in rows]).values_list(
                "id_hash", "insured_area", "insurance"
            )
        )
        Enrolment.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["id_hash", "insured_area", "insurance"],
            update_fields=_UPDATED,
        )
    updated = sum((row.id_hash, row.insured_area, row.insurance) in known for row in rows)
    return {"新增": len(rows) - updated, "更新": updated}


def _row(line: Line, now) -> Enrolment:
    return Enrolment(
        id_number=line.id_number,
        id_hash=keyed_hash("id", line.id_number),
        name=line.name,
        phone=line.phone,
        insured_area=line.insured_area,
        insurance=line.insurance,
        person_group=line.person_group,
        state=line.state,
        from_day=line.from_day,
        to_day=line.to_day,
        updated_at=now,
    )


def _rehash_older(lines: list[Line]) -> None:
    """While hash keys rotate, move the batch's rows to the newest key first: otherwise a
    person known under the older key would be enrolled a second time."""
    if len(hash_keys()) == 1:
        return
    newest_of = {}
    for line in lines:
        newest, *older = keyed_hashes("id", line.id_number)
        newest_of.update(dict.fromkeys(older, newest))
    stale = Enrolment.objects.filter(id_hash__in=newest_of).values_list("pk", "id_hash")
    for pk, digest in list(stale):
        Enrolment.objects.filter(pk=pk).update(id_hash=newest_of[digest])
