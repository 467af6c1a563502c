"""Which desk does a stage of a county's claims: the county's own, or the city's in its place.

A county has a desk of its own when it has a supervisor of its own. Such a county does its
stages itself, and its city does one only while the county has delegated it; while it has, the
county's own clerks leave it alone. The claims of any other county are worked by the city, and
by what clerks the county has. Who may act besides follows from the role as always, and three
different people it stays. docs/decisions/stage-delegation.md says why.
"""

from dataclasses import replace
from datetime import date, datetime
from functools import reduce
from operator import or_
from typing import NamedTuple

from django.db import IntegrityError, transaction
from django.db.models import CharField, DateField, Exists, Q, Subquery, Value
from django.utils import timezone

from casework.clock import local_day
from casework.errors import NotAllowed
from casework.guards import CLERKS
from casework.models import Case, StaffProfile
from casework.perform import Context
from casework.workflow import Transition
from facilities.areas import area_name, counties_of
from reimbursements.models import StageDelegation
from residents.prepared import Slot

Role, Scope = StaffProfile.Role, StaffProfile.Scope
Stage = StageDelegation.Stage
MAX_DOCUMENT = 120
# What the guard leaves in `Context.data` for the event: the key of the delegation.
KEY = "delegation"


class Desk(NamedTuple):
    """Who does a stage of a county: whether it has a desk of its own, and by which delegation
    the city does it ("" and 0 by none)."""

    own: bool
    delegation: int = 0
    document: str = ""


def desk_of(case: Case, day: date) -> Desk:
    """Who does the stage that a claim is in; asked of the database once for an instance."""
    key = (case.county, case.status, day)
    kept = case.__dict__.get("_stage_desk")
    if kept is None or kept[0] != key:
        case.__dict__["_stage_desk"] = kept = (key, _desk(*key))
    return kept[1]


def desk_questions() -> dict[str, Exists | Subquery]:
    """Annotations for a `Prepared`, by which any row brings the desk of a stage of a county on
    a day, its slots; see `tell_desk`."""
    county, day = Slot("county", CharField()), Slot("day", DateField())
    given = StageDelegation.objects.in_force(day).filter(county=county)
    given = given.filter(stage=Slot("stage", CharField())).order_by("-pk")
    return {
        "desk_own": Exists(_own_desks([county])),
        "desk_delegation": Subquery(given.values("pk")[:1]),
        "desk_document": Subquery(given.values("document")[:1]),
    }


def tell_desk(case: Case, day: date, row) -> None:
    """Keep on a claim the desk of its stage, which came along with a row."""
    desk = Desk(row.desk_own, row.desk_delegation or 0, row.desk_document or "")
    case.__dict__["_stage_desk"] = ((case.county, case.status, day), desk)


def delegated(case: Case) -> list[tuple[str, str, str]]:
    """A line (label, value, hint) for the page of a claim whose stage the city does."""
    if case.status not in Stage.values:
        return []
    desk = desk_of(case, local_day(timezone.now()))
    return [("环节委托", "委托市级办理", desk.document)] if desk.delegation else []


def refusal(case: Case, ctx: Context) -> str | None:
    """Why this stage is another desk's. Leaves the delegation by which the city acts in the
    context, for the event."""
    ctx.data.pop(KEY, None)
    if ctx.actor.profile is None or case.status not in Stage.values:
        return None
    desk = desk_of(case, local_day(ctx.now))
    stage = Stage(case.status).label
    if ctx.actor.profile.scope == Scope.COUNTY:
        if not desk.delegation:
            return None
        return f"{stage}环节已委托市级办理（{desk.document}），由市级人员领取办理"
    if desk.delegation:
        ctx.data[KEY] = desk.delegation
        return None
    if desk.own:
        county = area_name(case.county)
        return f"{stage}环节由{county}自行办理；要由市级办理的，先由区县主管登记环节委托"
    return None


def noting(rows: tuple[Transition, ...]) -> tuple[Transition, ...]:
    """The rows of a table, each writing into its event by which delegation it was done."""
    return tuple(replace(row, effect=_noting(row.effect)) for row in rows)


def waits_elsewhere(user) -> Q | None:
    """The claims that wait for another desk than this clerk's, though the role would fit; None
    when there are none. Kept on the user, which lives as long as a request."""
    profile = getattr(user, "staff_profile", None)
    if profile is None or profile.role not in CLERKS:
        return None
    day = local_day(timezone.now())
    kept = getattr(user, "_claims_elsewhere", None)
    if kept is None or kept[0] != day:
        user._claims_elsewhere = kept = (day, _elsewhere(profile, day))
    return kept[1]


def may_see_delegations(user) -> bool:
    """Whether this member of staff sees the delegations of the own area."""
    profile = getattr(user, "staff_profile", None)
    return bool(profile and profile.role in (Role.SUPERVISOR, Role.AUDITOR))


def may_delegate(user) -> bool:
    """Whether this member of staff delegates: a supervisor of a county."""
    profile = getattr(user, "staff_profile", None)
    return bool(profile and profile.role == Role.SUPERVISOR and profile.scope == Scope.COUNTY)


def may_end(user) -> bool:
    """Whether this member of staff ends delegations: the supervisors of county and city."""
    profile = getattr(user, "staff_profile", None)
    return bool(profile and profile.role == Role.SUPERVISOR)


def delegations_visible_to(user):
    """The delegations of the own county, or of the counties of the own city."""
    if not may_see_delegations(user):
        return StageDelegation.objects.none()
    return StageDelegation.objects.filter(county__in=_counties(user.staff_profile))


def delegate(
    user, stage: str, from_day: date, to_day: date | None, document: str, now: datetime
) -> StageDelegation:
    """Give a stage of the own county to its city, from today on or later.

    Raises NotAllowed for anybody but a supervisor of a county, for a term that has begun
    before today, and where the stage is delegated already on one of its days.
    """
    if not may_delegate(user):
        raise NotAllowed("环节委托由区县主管登记")
    document = document.strip()
    if stage not in Stage.values:
        raise NotAllowed("请选择要委托的环节")
    if not document or len(document) > MAX_DOCUMENT:
        raise NotAllowed(f"请填写文号或事由，最多 {MAX_DOCUMENT} 个字")
    if from_day < local_day(now):
        raise NotAllowed("起始日不能早于今天")
    if to_day and to_day < from_day:
        raise NotAllowed("截止日不能早于起始日")
    county = user.staff_profile.area
    row = StageDelegation(
        county=county,
        stage=stage,
        from_day=from_day,
        to_day=to_day,
        document=document,
        made_by=user,
        made_at=now,
    )
    try:
        with transaction.atomic():
            # Two forms of one supervisor are taken in turn; of two supervisors the constraint
            # lets one open term stand, and terms that overlap do no harm.
            supervisors = StaffProfile.objects.select_for_update(of=("self",))
            supervisors.get(user=user)
            if StageDelegation.objects.overlapping(county, stage, from_day, to_day).exists():
                raise NotAllowed("这个环节在所选日期内已经委托，请先收回原来的委托")
            row.save(force_insert=True)
    except IntegrityError:
        raise NotAllowed("这个环节已经委托，请刷新后再看") from None
    return row


def end_delegation(user, pk: int, now: datetime) -> StageDelegation:
    """Take a delegation back, or give it back, from this moment on. Raises NotAllowed."""
    if not may_end(user):
        raise NotAllowed("环节委托由主管收回")
    with transaction.atomic():
        rows = StageDelegation.objects.select_for_update(of=("self",))
        row = rows.filter(pk=pk, pk__in=delegations_visible_to(user).values("pk")).first()
        if row is None:
            raise NotAllowed("没有这项委托，或不在您的经办范围内")
        if row.ended_at or (row.to_day and row.to_day < local_day(now)):
            raise NotAllowed("这项委托已经结束")
        row.ended_by, row.ended_at = user, now
        row.save(update_fields=["ended_by", "ended_at"])
    return row


def _noting(effect):
    def noted(case: Case, ctx: Context) -> None:
        pk = ctx.data.get(KEY)
        if effect:
            effect(case, ctx)
        if pk:
            ctx.event_data = {**ctx.event_data, KEY: pk}

    return noted


def _own_desks(counties: list[str]):
    """The supervisors of these counties, each of which makes its county a desk of its own."""
    return StaffProfile.objects.filter(
        scope=Scope.COUNTY, role=Role.SUPERVISOR, area__in=counties, user__is_active=True
    )


def _desk(county: str, stage: str, day: date) -> Desk:
    own = _own_desks([county]).order_by().values_list(Value(0), Value(""))
    given = StageDelegation.objects.in_force(day).filter(county=county, stage=stage)
    rows = list(own.union(given.order_by().values_list("pk", "document")))
    delegation, document = max(rows, default=(0, ""))
    return Desk(own=(0, "") in rows, delegation=delegation, document=document)


def _counties(profile: StaffProfile) -> list[str]:
    if profile.scope == Scope.COUNTY:
        return [profile.area]
    return [division.code for division in counties_of(profile.area)]


def _elsewhere(profile: StaffProfile, day: date) -> Q | None:
    counties = _counties(profile)
    given = StageDelegation.objects.in_force(day).filter(county__in=counties)
    rows = given.order_by().values_list("county", "stage")
    if profile.scope == Scope.CITY:
        rows = rows.union(_own_desks(counties).order_by().values_list("area", Value("")))
    found: dict[str, set[str]] = {}
    for county, stage in rows:
        found.setdefault(county, set()).add(stage)
    parts = [
        Q(kind="claim", county=county, status__in=sorted(stages))
        for county, listed in found.items()
        if (stages := _not_ours(profile, listed))
    ]
    return reduce(or_, parts) if parts else None


def _not_ours(profile: StaffProfile, listed: set[str]) -> set[str]:
    """The stages of a county that are not for this clerk's desk; "" among `listed` says that
    the county has a desk of its own."""
    delegated = listed - {""}
    if profile.scope == Scope.COUNTY:
        return delegated
    return set(Stage.values) - delegated if "" in listed else set()
