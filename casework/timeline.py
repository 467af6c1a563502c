"""The timeline of a case: its events in plain words, newest first."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache

from django.db.models import BigIntegerField, OuterRef, Subquery

from casework.kinds import kind_of
from casework.models import Case, CaseEvent, CaseNote, StaffProfile
from casework.workflow import RESIDENT, SYSTEM
from residents.prepared import Prepared, Slot

ROLE_WORDS = {RESIDENT: "申请人", SYSTEM: "系统", **dict(StaffProfile.Role.choices)}


@dataclass(frozen=True)
class Entry:
    """One line: when, what, by whom, why."""

    at: datetime
    what: str
    who: str
    status: str
    note: str = ""
    code: str = ""
    reason: str = ""


def timeline(case: Case, *, for_staff: bool) -> list[Entry]:
    """The events of a case, newest first. Residents see no names of clerks and no internal
    notes; staff see both.
    """
    kind = kind_of(case)
    labels = {row.event: row.label for row in kind.workflow.transitions}
    hidden = frozenset() if for_staff else kind.internal_events
    return [
        Entry(
            at=event.at,
            what=kind.event_labels.get(event.code) or labels.get(event.code, event.code),
            who=_who(event, for_staff),
            status=kind.workflow.states.get(event.to_status, ""),
            note=event.note or "",
            code=event.code,
            reason=event.reason_code,
        )
        for event in _events(for_staff).all(case=case.pk)
        if event.code not in hidden
    ]


@cache
def _events(for_staff: bool) -> Prepared:
    """The events of a case, newest first, each with its note and, for staff, who acted."""
    columns = ["case", "seq", "at", "code", "to_status", "reason_code", "actor_role"]
    events = CaseEvent.objects.filter(case_id=Slot("case", BigIntegerField()))
    events = events.annotate(note=_note(for_staff)).order_by("-seq")
    if for_staff:
        events = events.select_related("actor")
        columns += ["actor__name", "actor__username"]
    return Prepared(events.only(*columns, "actor"))


def _note(for_staff: bool) -> Subquery:
    """The text that belongs to an event (one at most), read with it."""
    notes = CaseNote.objects.filter(case_id=OuterRef("case_id"), event_seq=OuterRef("seq"))
    return Subquery((notes if for_staff else notes.filter(public=True)).values("text"))


def _who(event, for_staff: bool) -> str:
    word = ROLE_WORDS.get(event.actor_role, "")
    if not for_staff:
        return word if event.actor_role in (RESIDENT, SYSTEM) else "经办机构"
    if event.actor_id and event.actor_role not in (RESIDENT, SYSTEM):
        return f"{event.actor.get_full_name()}({word})"
    return word
