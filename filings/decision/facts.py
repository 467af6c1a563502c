"""What somebody asks: the facts of one filing, read from a JSON object and checked.

Pure. Absent means null. Every error is a `FactsError` that names the field.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from facilities import areas
from filings.decision.codes import ANSWERS, CARES, CATEGORIES, INSURANCES
from filings.decision.errors import FactsError

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_AREA = re.compile(r"\d{6}", re.ASCII)
_INSTITUTION = re.compile(r"[HP]\d{11}", re.ASCII)
_YEARS = range(1990, 2101)

_TEXTS = ("insured_area", "insurance", "destination", "category", "care")
_DAYS = ("today", "start", "end", "admitted_on", "discharged_on")
_FLAGS = ("self_paid", "certificate", "promise")
_REQUIRED = ("insured_area", "insurance", "destination", "today")
KEYS = (*_TEXTS, *_DAYS, *_FLAGS, "answers")

NAMES = {
    "insured_area": "参保地",
    "insurance": "险种",
    "destination": "就医地",
    "category": "备案类型",
    "care": "就医方式",
    "today": "今天的日期",
    "start": "备案开始日期",
    "end": "备案结束日期",
    "admitted_on": "入院日期",
    "discharged_on": "出院日期",
    "self_paid": "是否已自费结清",
    "certificate": "是否已有转诊转院证明",
    "promise": "是否签承诺书",
    "answers": "问题的回答",
}


@dataclass(frozen=True, slots=True)
class Facts:
    """One question. Dates are days in China; None is "not said".

    `certificate`: the referral certificate is already handed in or on the platform.
    `self_paid`: the care has been paid in full by the person.
    `answers`: only looked at when `category` is None.
    `voluntary`: the person wants to file although care is settled without it. It is set
    by the pages, never by a JSON line.
    """

    insured_area: str
    insurance: str
    destination: str
    today: date
    category: str | None = None
    care: str | None = None
    start: date | None = None
    end: date | None = None
    admitted_on: date | None = None
    discharged_on: date | None = None
    self_paid: bool | None = None
    certificate: bool | None = None
    promise: bool | None = None
    answers: Mapping[str, bool | None] = field(default_factory=dict)
    voluntary: bool = False

    def __post_init__(self):
        """Raise FactsError when two facts contradict each other."""
        _check_codes(self)
        _check_stay(self)
        _check_end(self)


def parse_facts(line: Any) -> Facts:
    """Facts from a decoded JSON object; raises FactsError naming the field."""
    if not isinstance(line, Mapping):
        raise FactsError("line", '这一行应是一个 JSON 对象，例如 {"insured_area": "530902", …}')
    for key in line:
        if key not in KEYS:
            raise FactsError(shown(key), f"不认识的字段，可用的字段是 {'、'.join(KEYS)}")
    for key in _REQUIRED:
        if line.get(key) is None:
            raise FactsError(key, f"缺少{NAMES[key]}，这一项必须填写")
    values: dict[str, Any] = {key: _text(line, key) for key in _TEXTS}
    values |= {key: _day(line, key) for key in _DAYS}
    values |= {key: _flag(line.get(key), key, NAMES[key]) for key in _FLAGS}
    return Facts(**values, answers=_answers(line.get("answers")))


def shown(value: Any) -> str:
    """A value as it may be printed back: short, and safe to encode."""
    text = str(value).encode("utf-8", "replace").decode("utf-8")
    return text if len(text) <= 40 else text[:40] + "…"


def _text(line: Mapping, key: str) -> str | None:
    value = line.get(key)
    if value is not None and not isinstance(value, str):
        raise FactsError(key, f"{NAMES[key]}应是带引号的文字，收到的是 {shown(value)}")
    return value


def _day(line: Mapping, key: str) -> date | None:
    value = line.get(key)
    if value is None:
        return None
    wrong = FactsError(
        key, f"{NAMES[key]}应写成 2026-11-22 这样的真实日期，收到的是 {shown(value)}"
    )
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        raise wrong
    try:
        day = date.fromisoformat(value)
    except ValueError:
        raise wrong from None
    if day.year not in _YEARS:
        raise FactsError(
            key, f"{NAMES[key]}的年份应在 {_YEARS[0]} 到 {_YEARS[-1]} 之间，收到的是 {value}"
        )
    return day


def _flag(value: Any, key: str, name: str) -> bool | None:
    if value is None or isinstance(value, bool):
        return value
    raise FactsError(key, f"{name}只能是 true、false 或 null，收到的是 {shown(value)}")


def _answers(value: Any) -> Mapping[str, bool | None]:
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise FactsError("answers", f"应是一个对象，可用的键是 {'、'.join(ANSWERS)}")
    for key in value:
        if key not in ANSWERS:
            raise FactsError(
                f"answers.{shown(key)}", f"不认识的回答，可用的键是 {'、'.join(ANSWERS)}"
            )
    return {key: _flag(answer, f"answers.{key}", "回答") for key, answer in value.items()}


def _one_of(key: str, value: str | None, allowed: Mapping[str, str]) -> None:
    if value is None or value in allowed:
        return
    choices = "、".join(f'"{code}"（{name}）' for code, name in allowed.items())
    raise FactsError(key, f"{NAMES[key]}只能是 {choices}，收到的是 {shown(value)}")


def _check_codes(facts: Facts) -> None:
    _one_of("insurance", facts.insurance, INSURANCES)
    _one_of("category", facts.category, CATEGORIES)
    _one_of("care", facts.care, CARES)
    if not _AREA.fullmatch(facts.insured_area):
        raise FactsError(
            "insured_area",
            f"参保地应是6位区划代码，例如 530902，收到的是 {shown(facts.insured_area)}",
        )
    if not (_AREA.fullmatch(facts.destination) or _INSTITUTION.fullmatch(facts.destination)):
        raise FactsError(
            "destination",
            "就医地应是6位区划代码，或12位定点医药机构编码（H 或 P 开头），"
            f"收到的是 {shown(facts.destination)}",
        )
    _known("insured_area", areas.pooling_area_of, facts.insured_area)
    _known("destination", areas.destination_area, facts.destination)


def _known(key: str, look_up, code: str) -> None:
    try:
        look_up(code)
    except areas.UnknownArea as error:
        raise FactsError(key, f"{NAMES[key]}{shown(code)}查不到：{error}") from None


def _check_stay(facts: Facts) -> None:
    admitted, discharged, today = facts.admitted_on, facts.discharged_on, facts.today
    if admitted and admitted > today:
        raise FactsError(
            "admitted_on", f"入院日期 {admitted} 晚于今天 {today}；还没有住院就不要填入院日期"
        )
    if discharged and not admitted:
        raise FactsError("admitted_on", "填了出院日期，也要填入院日期")
    if discharged and discharged < admitted:
        raise FactsError("discharged_on", f"出院日期 {discharged} 早于入院日期 {admitted}，请核对")
    if discharged and discharged > today:
        raise FactsError(
            "discharged_on", f"出院日期 {discharged} 晚于今天 {today}；还没有出院就不要填出院日期"
        )
    inpatient = facts.care in (None, "inpatient")
    if facts.self_paid and admitted and not discharged and inpatient:
        raise FactsError("self_paid", "已自费结清的，请填出院日期；还在住院的，这里填 false")


def _check_end(facts: Facts) -> None:
    first = facts.start or facts.admitted_on or facts.today
    if facts.end and facts.end < first:
        raise FactsError("end", f"备案结束日期 {facts.end} 早于开始日期 {first}，请核对")
