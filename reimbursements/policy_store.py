"""The policy of an area, an insurance and a day: published rows first, else shipped files."""

from datetime import date, timedelta
from functools import cache as forever
from typing import NamedTuple

from django.db.models import Count, Max

from config.near import forget, near
from facilities.areas import UnknownArea, pooling_area_of
from reimbursements.models import SettlementPolicy
from reimbursements.settlement import Policy, StayError, Version, load_policy
from reimbursements.settlement.engine import deciding_day, version_on
from reimbursements.settlement.library import POLICIES
from reimbursements.settlement.stay import Stay

STAMP_KEY = "reimbursements.policies.stamp"
# How long another process may go on with the old policies where no cache is shared.
STAMP_SECONDS = 10

_index: tuple | None = None  # (stamp, {(area, insurance): (Span, …) newest first})
_parsed: dict[str, Policy] = {}  # by sha256: a published text never changes


class Span(NamedTuple):
    """When one published row holds; `last` is None while nothing ends it."""

    first: date
    last: date | None
    pk: int
    sha256: str


class Held(NamedTuple):
    """An area and insurance for which there is a policy on a day."""

    area: str
    insurance: str
    version: Version


def policy_for(area: str, insurance: str, day: date) -> Policy | None:
    """The policy in force on `day`, or None. `area` is a pooling area, or a county in one.

    Published rows of the database come before the files that ship with the project; a
    county's own policy comes before that of its pooling area. Raises PolicyError where the
    loader refuses a published text.
    """
    spans = _spans()
    for code in _codes(area):
        span = _last_begun(spans, code, insurance, day)
        if span is None:
            found = _shipped_on(code, insurance, day)
        else:
            found = _parse(span) if span.last is None or day <= span.last else None
        if found is not None:
            return found
    return None


def policy_of_stay(area: str, insurance: str, stay: Stay) -> Policy | None:
    """The policy that a stay is settled by, or None: its own deciding day (discharge,
    admission or settlement) falls into the time in which it holds.

    Raises StayError (Chinese, with the field) when the deciding day is not known.
    """
    refused = None
    for day in _days(stay):
        policy = policy_for(area, insurance, day)
        if policy is None:
            continue
        try:
            decided, _ = deciding_day(policy, stay)
        except StayError as error:
            refused = refused or error
            continue
        if decided == day or policy_for(area, insurance, decided) is policy:
            return policy
    if refused is not None:
        raise refused
    return None


def held_on(day: date) -> list[Held]:
    """Every area and insurance that has a policy on a day, by area."""
    keys = sorted({*_spans(), *_shipped()})
    found = []
    for area, insurance in keys:
        policy = policy_for(area, insurance, day)
        if policy is not None and policy.place == area:
            found.append(Held(area, insurance, version_on(policy, day)))
    return found


def forget_policies() -> None:
    """Look at the database anew; called after each publication."""
    global _index
    _index = None
    forget(STAMP_KEY)


def _codes(area: str) -> list[str]:
    try:
        return list(dict.fromkeys((area, pooling_area_of(area))))
    except UnknownArea:
        return [area]


def _days(stay: Stay) -> list[date]:
    days = (stay.discharged_on, stay.admitted_on, stay.settled_on)
    return list(dict.fromkeys(day for day in days if day is not None))


# --- published rows -----------------------------------------------------------------


def _last_begun(spans: dict, code: str, insurance: str, day: date) -> Span | None:
    begun = (span for span in spans.get((code, insurance), ()) if span.first <= day)
    return next(begun, None)


def _parse(span: Span) -> Policy:
    if span.sha256 not in _parsed:
        _parsed[span.sha256] = SettlementPolicy.objects.get(pk=span.pk).policy()
    return _parsed[span.sha256]


def _spans() -> dict:
    global _index
    stamp = near(STAMP_KEY, _read_stamp, STAMP_SECONDS)
    if _index is None or _index[0] != stamp:
        _index = (stamp, _build())
    return _index[1]


def _read_stamp() -> tuple:
    rows = SettlementPolicy.objects.filter(state=SettlementPolicy.State.PUBLISHED)
    found = rows.aggregate(most=Max("pk"), many=Count("pk"), at=Max("published_at"))
    return found["most"], found["many"], found["at"]


def _build() -> dict:
    fields = ("area", "insurance", "valid_from", "valid_to", "pk", "sha256")
    rows = SettlementPolicy.objects.filter(state=SettlementPolicy.State.PUBLISHED)
    newest: dict = {}
    for area, insurance, first, *rest in rows.order_by("edition").values_list(*fields):
        newest.setdefault((area, insurance), {})[first] = Span(first, *rest)
    return {key: tuple(closed(by_day.values())) for key, by_day in newest.items()}


def closed(spans) -> list[Span]:
    """Spans, newest first, each ended by the one that follows it."""
    found: list[Span] = []
    for span in sorted(spans, reverse=True, key=lambda span: span.first):
        following = found[-1].first if found else None
        if following and (span.last is None or span.last >= following):
            span = span._replace(last=following - timedelta(days=1))
        found.append(span)
    return found


# --- shipped files ------------------------------------------------------------------


def _shipped_on(code: str, insurance: str, day: date) -> Policy | None:
    policy = _shipped().get((code, insurance))
    if policy is None or day < policy.versions[0].valid_from:
        return None
    return policy


@forever
def _shipped() -> dict[tuple[str, str], Policy]:
    # Not the folder `published`: its worked examples belong to no area.
    files = sorted(POLICIES.glob("*.yaml"))
    return {(p.place, p.insurance): p for p in map(load_policy, files)}
