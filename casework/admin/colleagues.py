"""Who may do what at the desk, and to whom work may be handed."""

from django.db.models import Q

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


def may_supervise(user) -> bool:
    """Whether this member of staff sees figures and reassigns work."""
    profile = profile_of(user)
    return bool(profile and profile.role == Role.SUPERVISOR)


def colleagues(user):
    """The staff to whom a case may be handed: those who decide, in the same area or, for a
    whole city, in one of its counties."""
    profile = profile_of(user)
    near = Q(scope=profile.scope, area=profile.area)
    if profile.scope == StaffProfile.Scope.CITY:
        codes = [division.code for division in counties_of(profile.area)]
        near |= Q(scope=StaffProfile.Scope.COUNTY, area__in=codes)
    return (
        StaffProfile.objects.filter(near, role__in=DECIDING, user__is_active=True)
        .select_related("user")
        .order_by("user__name", "user__username")
    )
