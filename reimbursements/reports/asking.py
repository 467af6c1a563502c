"""What a reader asks of the reports: months, insurance and places. Pure but for the tree of
divisions; what cannot be read is said in Chinese and kept as it was typed."""

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date, timedelta

from facilities.areas import counties_of, provinces
from reimbursements.settlement.terms import INSURANCES

MONTHS = 12  # shown at first
MOST_MONTHS = 36
# 2026-01, 2026/1, 202601, 2026年1月
_MONTH = re.compile(r"(20\d\d)[-/.年]?(0?[1-9]|1[0-2])月?")


@dataclass(frozen=True)
class Choices:
    """(code, words) of what may be chosen."""

    insurances: list[tuple[str, str]]
    counties: list[tuple[str, str]]
    provinces: list[tuple[str, str]]


@dataclass(frozen=True)
class Asked:
    """What is asked, as codes; `first` and `last` are first days of months. `typed` is what
    stood in the form, `errors` what is wrong with it by field."""

    first: date
    last: date
    insurance: str = ""
    county: str = ""
    province: str = ""
    typed: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def months(self) -> list[date]:
        """The months asked for, oldest first."""
        found = [self.first]
        while found[-1] < self.last:
            found.append(month_after(found[-1]))
        return found


def month_after(month: date) -> date:
    """The first day of the next month."""
    return (month + timedelta(days=31)).replace(day=1)


def choices_for(scope: str, area: str) -> Choices:
    """What a reader of this scope ("county" or "city") may choose from."""
    counties = counties_of(area) if scope == "city" else ()
    return Choices(
        insurances=list(INSURANCES.items()),
        counties=[(place.code, place.name) for place in counties],
        provinces=[(place.code, place.name) for place in provinces()],
    )


def read(typed: dict[str, str], choices: Choices, today: date) -> Asked:
    """What was asked; a month that is none, or a period that is none, leaves the last
    twelve months and says so."""
    typed = {name: str(typed.get(name, "")).strip()[:20] for name in _FIELDS}
    errors: dict[str, str] = {}
    last = _month(typed["last"], "last", errors) or today.replace(day=1)
    first = _month(typed["first"], "first", errors) or _months_before(last, MONTHS - 1)
    if not errors:
        _check_period(first, last, errors)
    if errors:
        last = today.replace(day=1)
        first = _months_before(last, MONTHS - 1)
    shown = {"first": f"{first:%Y-%m}", "last": f"{last:%Y-%m}"}
    shown |= {name: text for name, text in typed.items() if text}
    return Asked(
        first,
        last,
        _one_of(choices.insurances, typed["insurance"]),
        _one_of(choices.counties, typed["county"]),
        _one_of(choices.provinces, typed["province"]),
        typed=shown,
        errors=errors,
    )


_FIELDS = ("first", "last", "insurance", "county", "province")


def _month(text: str, name: str, errors: dict[str, str]) -> date | None:
    if not text:
        return None
    found = _MONTH.fullmatch(unicodedata.normalize("NFKC", text).replace(" ", ""))
    if found is None:
        errors[name] = f"“{text}”不是月份，请写成 2026-01 的样子。"
        return None
    return date(int(found[1]), int(found[2]), 1)


def _check_period(first: date, last: date, errors: dict[str, str]) -> None:
    count = (last.year - first.year) * 12 + last.month - first.month + 1
    if count < 1:
        errors["last"] = "结束月份应不早于开始月份。"
    elif count > MOST_MONTHS:
        errors["last"] = f"一次最多看 {MOST_MONTHS} 个月，请缩短期间。"


def _months_before(month: date, count: int) -> date:
    whole = month.year * 12 + month.month - 1 - count
    return date(whole // 12, whole % 12 + 1, 1)


def _one_of(choices: list[tuple[str, str]], code: str) -> str:
    return code if code in dict(choices) else ""
