"""The timeline of a case: its events in plain words, newest first."""

from dataclasses import dataclass
from datetime import datetime

from casework.kinds import kind_of
from casework.models import Case, StaffProfile
from casework.workflow import RESIDENT, SYSTEM

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
    notes = {note.event_seq: note.text for note in case.notes.all() if for_staff or note.public}
    labels = {row.event: row.label for row in kind.workflow.transitions}
    hidden = frozenset() if for_staff else kind.internal_events
    events = case.events.select_related("actor").order_by("-seq") if for_staff else None
    if events is None:
        events = case.events.order_by("-seq")
    return [
        Entry(
            at=event.at,
            what=kind.event_labels.get(event.code) or labels.get(event.code, event.code),
            who=_who(event, for_staff),
            status=kind.workflow.states.get(event.to_status, ""),
            note=notes.get(event.seq, ""),
            code=event.code,
            reason=event.reason_code,
        )
        for event in events
        if event.code not in hidden
    ]


def _who(event, for_staff: bool) -> str:
    word = ROLE_WORDS.get(event.actor_role, "")
    if not for_staff:
        return word if event.actor_role in (RESIDENT, SYSTEM) else "经办机构"
    if event.actor_id and event.actor_role not in (RESIDENT, SYSTEM):
        return f"{event.actor.get_full_name()}({word})"
    return word
