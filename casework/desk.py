"""Handing cases to clerks: the next one, a named one, back again.

Taking a case is a row of the table too (`take`, `release`, `assign`), so these functions
only find the case and call `perform`.
"""

from datetime import datetime
from functools import reduce
from operator import or_

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from casework.actors import Actor
from casework.errors import NotAllowed
from casework.having import refusal_to_take
from casework.kinds import all_kinds
from casework.models import Case
from casework.perform import perform

# How many cases are looked at together, to find one that the clerk may take.
AT_ONCE = 20


def waiting_states(role: str | None) -> dict[str, frozenset[str]]:
    """The states in which a case waits for somebody of this role, by kind. For a role that
    works on none (稽核) those in which it waits for anybody, to look at."""
    kinds = all_kinds()
    found = {kind.code: kind.workflow.waiting_for(role) for kind in kinds}
    if not any(found.values()):
        found = {kind.code: kind.workflow.waiting_for_staff for kind in kinds}
    return found


def waiting_for(role: str | None) -> Q:
    """Which cases wait for somebody of this role, over all kinds."""
    alike: dict[frozenset, list[str]] = {}
    for code, states in waiting_states(role).items():
        alike.setdefault(states, []).append(code)
    matches = [
        Q(kind__in=codes, status__in=sorted(states)) for states, codes in alike.items() if states
    ]
    return reduce(or_, matches, Q())


def waiting_for_clerk(user) -> Q:
    """Which cases wait for this clerk: for the role, less what another desk does."""
    waiting, elsewhere = waiting_for(role_of(user)), waits_elsewhere(user)
    return waiting if elsewhere is None else waiting & ~elsewhere


def waits_elsewhere(user) -> Q | None:
    """The cases that wait for another desk than this clerk's, though the role would fit; None
    when there are none."""
    found = [kind.waits_elsewhere(user) for kind in all_kinds()]
    found = [each for each in found if each is not None]
    return reduce(or_, found) if found else None


def role_of(user) -> str | None:
    """The role of a member of staff, or None."""
    profile = getattr(user, "staff_profile", None)
    return profile.role if profile else None


def waiting_cases(user):
    """Cases in this clerk's area that wait for their role, in the order they are due."""
    return (
        Case.objects.visible_to(user)
        .filter(waiting_for_clerk(user), is_open=True)
        .order_by("queue_rank", "due_at", "id")
    )


def take_next(user) -> Case | None:
    """Give this clerk the next unassigned case; two clerks never get the same one.

    The clerk's own cases are passed over, and those that this clerk may not take (an
    appeal against their own decision, a stage of a case of which they did another). None
    when nothing waits that this clerk may take.
    """
    actor, now = Actor.staff(user), timezone.now()
    passed: list[int] = []
    while waiting := _next_waiting(user, actor, passed):
        for case in waiting:
            free = refusal_to_take(case, actor, now) is None
            if free and (taken := _taken(case, actor, now)):
                return taken
        passed += [case.pk for case in waiting]
    return None


def _next_waiting(user, actor: Actor, passed: list[int]) -> list[Case]:
    """The cases due first that nobody has, as they are read without a lock."""
    own = actor.profile.own_hashes()
    cases = waiting_cases(user).filter(assignee=None)
    cases = cases.exclude(id_hash__in=own).exclude(phone_hash__in=own)
    return list(cases.exclude(pk__in=passed)[:AT_ONCE])


def _taken(case: Case, actor: Actor, now: datetime) -> Case | None:
    """The case, taken; None where somebody else has just taken it, or is about to."""
    with transaction.atomic():
        free = Case.objects.select_for_update(of=("self",), skip_locked=True)
        if free.filter(pk=case.pk, assignee=None).values_list("pk").first() is None:
            return None
        try:
            return perform(case, "take", actor, now=now)
        except NotAllowed:
            return None
