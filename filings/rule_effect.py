"""What a new version of a rule would change: the same questions asked of the rules before
and after. Pure.

The questions are those of the golden tables (tests/cases/decide.csv): every situation of
dates, with and without a promise, from places that go by the rule to places it speaks of.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import product

from facilities.areas import (
    area_name,
    counties_of,
    division,
    pooling_area_of,
    pooling_areas,
    province_of,
)
from filings.decision import Decision, Facts, Rulebook, decide
from filings.decision.codes import (
    BENEFIT_LEVELS,
    CARES,
    DOCUMENTS,
    INTER_PROVINCE,
    NATION,
    OUTCOMES,
)
from filings.decision.rules import Rule

# From how many places and to how many the questions go; the rest would say the same.
MOST_HOMES, MOST_AWAY = 3, 2
NOTHING = "没有"
# What is asked besides the places: days before (-) or after the day of asking.
SITUATIONS: dict[str, dict] = {
    "没有填日期": {},
    "开始日期在以后": {"start": 9},
    "开始日期是当天": {"start": 0},
    "开始日期已过去": {"start": -12},
    "住院中，没填开始日期": {"admitted_on": -2},
    "住院中，开始日期是入院那天": {"start": -2, "admitted_on": -2},
    "住院中，开始日期早得多": {"start": -12, "admitted_on": -2},
    "住院中，开始日期晚于入院": {"start": 0, "admitted_on": -2},
    "已出院，还没结算": {"admitted_on": -12, "discharged_on": -2, "self_paid": False},
    "已出院，自费结清": {"admitted_on": -12, "discharged_on": -2, "self_paid": True},
}
PROMISES = {True: "签承诺书", False: "不签承诺书"}
# Where a filing is voluntary, what somebody is told who does without it, or who wants it.
WISHES = {False: "", True: "自愿备案"}


@dataclass(frozen=True)
class Change:
    """Questions whose answers would change alike: their words, and (label, before, now)."""

    questions: tuple[str, ...]
    parts: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class Effect:
    """How many questions were asked on `day`, how many of them would be answered otherwise,
    how many pooling areas go by the rule, and what changes."""

    day: date
    asked: int
    changed: int
    places: int
    changes: tuple[Change, ...]


def effect_of(rule: Rule, before: Rulebook, after: Rulebook, today: date) -> Effect:
    """The effect of `rule`, which is in `after` and not in `before`.

    Asked on the first day on which the rule holds, today if that is over.
    """
    day = rule.valid_from if not rule.is_valid_on(today) else today
    homes = [area for area in homes_of(rule.place) if _goes_by(rule, after, area, day)]
    asked, alike = 0, {}
    for words, facts in _questions(rule, homes[:MOST_HOMES], day):
        asked += 1
        parts = _differences(decide(facts, before), decide(facts, after))
        if parts:
            alike.setdefault(parts, []).append(words)
    changes = tuple(Change(tuple(words), parts) for parts, words in alike.items())
    changed = sum(len(change.questions) for change in changes)
    return Effect(day, asked, changed, len(homes), changes)


def _questions(rule: Rule, homes: list[str], day: date) -> Iterator[tuple[str, Facts]]:
    for home in homes:
        wishes = WISHES if rule.need == "voluntary" else (False,)
        ways = product(away_from(rule, home), rule.cares or (None,), wishes, PROMISES, SITUATIONS)
        for away, care, wish, promise, situation in ways:
            said = (
                area_name(home) if len(homes) > 1 else "",
                f"到{area_name(away)}",
                CARES[care] if care else "",
                WISHES[wish],
                PROMISES[promise],
                situation,
            )
            facts = Facts(
                insured_area=home,
                insurance=rule.insurance,
                destination=away,
                today=day,
                category=rule.category,
                care=care,
                promise=promise,
                voluntary=wish,
                **_dates(SITUATIONS[situation], day),
            )
            yield "，".join(filter(None, said)), facts


def _dates(situation: dict, day: date) -> dict:
    return {
        name: value if isinstance(value, bool) else day + timedelta(days=value)
        for name, value in situation.items()
    }


def homes_of(place: str) -> list[str]:
    """A county of each pooling area that lies in a place; the county itself for a county."""
    known = division(place)
    if known is None or known.pooling_area is None:  # the nation, a province
        areas = [area.code for area in pooling_areas(None if place == NATION else place)]
    elif known.pooling_area != place:
        return [place]
    else:
        areas = [place]
    counties = {area: counties_of(area) for area in areas}
    return [counties[area][0].code if counties[area] else area for area in areas]


def _goes_by(rule: Rule, book: Rulebook, home: str, day: date) -> bool:
    """Whether somebody insured here who asks on this day is answered by this rule."""
    care = rule.cares[0] if rule.cares else None
    for away in away_from(rule, home):
        found = book.find(home, rule.category, rule.scope, rule.insurance, away, care, day)
        if found is not None and (found.key, found.valid_from) == (rule.key, rule.valid_from):
            return True
    return False


def away_from(rule: Rule, home: str) -> list[str]:
    """Destinations of the rule's scope, seen from a place."""
    own = province_of(home)
    if rule.scope == INTER_PROVINCE:
        provinces = rule.destinations or ("110000", "510000", "310000")
        found = [area for code in provinces if code != own for area in pooling_areas(code)[:1]]
    else:
        found = list(pooling_areas(own))
    mine = pooling_area_of(home)
    return [area.code for area in found if area.code != mine][:MOST_AWAY]


def _differences(before: Decision, after: Decision) -> tuple[tuple[str, str, str], ...]:
    """(label, before, now) of what is answered differently; of the sentences only those
    that go or come."""
    pairs = zip(_said(before).items(), _said(after).values(), strict=True)
    parts = [(label, was, now) for (label, was), now in pairs if was != now]
    old, new = ([reason.text for reason in one.reasons] for one in (before, after))
    gone = "".join(text for text in old if text not in new)
    come = "".join(text for text in new if text not in old)
    return (*parts, ("说明", gone or NOTHING, come or NOTHING)) if gone or come else tuple(parts)


def _said(decision: Decision) -> dict[str, str]:
    """A decision in the words of officials."""
    days = {
        "第一天": decision.valid_from,
        "最后一天": decision.valid_to,
        "到哪天不能变更取消": decision.locked_until,
        "补交截止": decision.supply_by,
    }
    groups = ("或".join(DOCUMENTS[code] for code in group) for group in decision.documents)
    return {
        "结果": OUTCOMES[decision.outcome],
        **{label: day.isoformat() if day else NOTHING for label, day in days.items()},
        "要交的材料": "；".join(groups) or NOTHING,
        "可用承诺书": "可以" if decision.promise_allowed else "不可以",
        "报销待遇": BENEFIT_LEVELS[decision.benefit_level],
        "待遇说明": decision.benefit_text or NOTHING,
    }
