"""Who may do what at the desk, and to whom work may be handed."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from casework.having import refusals
from casework.kinds import all_kinds
from casework.models import StaffProfile
from facilities.areas import counties_of

Role = StaffProfile.Role
DECIDING = (Role.FIRST, Role.SECOND, Role.APPROVAL, Role.SUPERVISOR)


def profile_of(user) -> StaffProfile | None:
    """The staff profile of a user, loaded once, or None."""
    return getattr(user, "staff_profile", None)


def may_read(user) -> bool:
    """Whether this member of staff reads cases at all."""
    profile = profile_of(user)
    return bool(profile and profile.reads_cases)


def may_decide(user) -> bool:
    """Whether this member of staff decides cases at all."""
    profile = profile_of(user)
    return bool(profile and profile.role in DECIDING)


def may_act(user, kind=None) -> bool:
    """Whether this member of staff takes any action on cases, or on those of this kind: 财务
    pay claims, and decide nothing."""
    profile = profile_of(user)
    kinds = [kind] if kind else all_kinds()
    return bool(
        profile
        and profile.reads_cases
        and any(profile.role in row.actors for each in kinds for row in each.workflow.transitions)
    )


def may_supervise(user) -> bool:
    """Whether this member of staff sees figures and reassigns work."""
    profile = profile_of(user)
    return bool(profile and profile.role == Role.SUPERVISOR)


def working_roles() -> set[str]:
    """The roles that work on cases of some kind."""
    roles = {role for role in Role.values if role != Role.SYSADMIN}
    return {role for role in roles if any(kind.workflow.waiting_for(role) for kind in all_kinds())}


@dataclass(frozen=True)
class Receivers:
    """To whom a case may be handed now, and (reason, their names) of those to whom it may not."""

    may: list[StaffProfile]
    may_not: list[tuple[str, list[str]]]


NOBODY = Receivers([], [])


def receivers(user, case, now: datetime) -> Receivers:
    """The colleagues to whom this case may be handed: those who could take it themselves."""
    may, may_not = [], defaultdict(list)
    for profile, refusal in refusals(case, colleagues(user), now):
        if refusal:
            may_not[refusal].append(profile.user.get_full_name())
        else:
            may.append(profile)
    return Receivers(may, list(may_not.items()))


def colleagues(user):
    """The staff to whom work may be handed: those who work on cases, in the same area or, for
    a whole city, in one of its counties."""
    profile = profile_of(user)
    near = Q(scope=profile.scope, area=profile.area)
    if profile.scope == StaffProfile.Scope.CITY:
        codes = [division.code for division in counties_of(profile.area)]
        near |= Q(scope=StaffProfile.Scope.COUNTY, area__in=codes)
    return (
        StaffProfile.objects.filter(near, role__in=working_roles(), user__is_active=True)
        .select_related("user")
        .order_by("user__name", "user__username")
    )
