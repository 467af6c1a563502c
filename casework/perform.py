"""The only ways a status changes: `perform` for one case, `perform_many` for a chunk.

Both follow the same table, the same guards and write the same events. Inside one
transaction they lock the row, compare the version, check role, area and guard, write
the new status and the event, and store notices in the outbox. Nothing leaves the
process before the commit.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from casework.actors import Actor
from casework.bulk import insert_rows, row_class, update_cases
from casework.clock import days_left, due_after, resume
from casework.drafts import hold, let_go
from casework.errors import CaseworkError, InvalidReason, NotAllowed, StaleCase
from casework.events import build_event
from casework.kinds import Kind, kind_of
from casework.models import Case, CaseEvent, CaseNote, Reason
from casework.notices import build_many, build_notices, save_notices
from casework.publish import publish_later
from casework.workdays import current_calendar
from casework.workflow import SYSTEM, Transition

OTHER = "other"
EventRow = row_class(CaseEvent)

# What a transition changes on the row itself: always, and by its clock or its effect.
ALWAYS_MOVED = ("status", "is_open", "version", "touched_at", "event_count", "head_hash")
CLOCK_FIELDS = ("allowed_days", "received_at", "due_at", "due_provisional", "clock_left")
MOVED_FIELDS = (
    *ALWAYS_MOVED,
    *CLOCK_FIELDS,
    "correction_due",
    "assignee_id",
    "assigned_at",
    "submitted_at",
    "reviewed_at",
    "decided_at",
    "doubts",
)


@dataclass
class Context:
    """What an action knows: who, when, why, and what it leaves to do after the commit."""

    actor: Actor
    now: datetime
    calendar: object
    reason_code: str = ""
    note: str = ""
    action: str = ""
    data: dict = field(default_factory=dict)
    event_data: dict = field(default_factory=dict)
    notice_context: dict = field(default_factory=dict)
    tasks: list = field(default_factory=list)
    notices: list = field(default_factory=list)

    def later(self, task: str, *args) -> None:
        """Queue a Celery task for after the commit."""
        self.tasks.append((task, args))


@dataclass
class BulkResult:
    """What became of each case of a chunk."""

    done: list[int] = field(default_factory=list)
    skipped: dict[int, str] = field(default_factory=dict)


def perform(
    case: Case,
    name: str,
    actor: Actor,
    *,
    reason: str = "",
    note: str = "",
    version: int | None = None,
    data: dict | None = None,
    now: datetime | None = None,
) -> Case:
    """Take one case through one row of its table; returns the locked, saved case.

    `reason` is a code of the maintained list (or "other" with a `note`), `version` the
    version of the page the actor saw (None only for the system), `data` codes and ids
    for the effect. Raises NotAllowed, StaleCase or InvalidReason; then nothing changed.
    """
    now = now or timezone.now()
    with transaction.atomic():
        locked = Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
        hold(locked)
        kind = kind_of(locked)
        row = _row(kind, name)
        _check_version(locked, version, actor)
        ctx = Context(actor, now, current_calendar(), reason, note.strip(), name, dict(data or {}))
        _check_reason(kind, row, ctx)
        if refusal := refusal_of(locked, row, ctx):
            raise NotAllowed(refusal)
        event = _move(locked, kind, row, ctx)
        if row.effect:
            row.effect(locked, ctx)
        _close(locked, kind, row, ctx, event)
    let_go(locked)
    return locked


def perform_many(
    ids,
    name: str,
    actor: Actor,
    *,
    kind_code: str,
    reason: str = "",
    note: str = "",
    data: dict | None = None,
    now: datetime | None = None,
) -> BulkResult:
    """Take a chunk of cases of one kind through one row, under one lock.

    Cases that moved meanwhile, or that another transaction holds, are skipped and named
    with the reason. The caller keeps chunks small (a thousand or so).
    """
    now = now or timezone.now()
    kind = kind_of(kind_code)
    row = _row(kind, name)
    result = BulkResult()
    with transaction.atomic():
        ctx = Context(actor, now, current_calendar(), reason, note.strip(), name, dict(data or {}))
        _check_reason(kind, row, ctx)
        cases = _locked(ids, kind, row)
        refused = row.bulk_guard(cases, ctx) if row.bulk_guard else {}
        work = _one_by_one if row.effect and not row.bulk_effect else _all_together
        work(cases, kind, row, ctx, result, refused)
    missing = set(ids) - set(result.done) - set(result.skipped)
    result.skipped |= dict.fromkeys(missing, "办件正由他人处理，或已不存在")
    return result


# What the machinery and the messages of a chunk read of a case.
CHUNK_FIELDS = (
    *("public_id", "kind", "number", "city", "county", "insurance", "topic", "destination"),
    *("account", "person", "revision"),
)


def _locked(ids, kind: Kind, row: Transition) -> list[Case]:
    cases = Case.objects.select_for_update(of=("self",), skip_locked=True)
    cases = cases.filter(pk__in=list(ids), kind=kind.code).order_by("pk")
    if row.bulk_guard and row.bulk_effect:
        # Guard and effect speak for the chunk and look at no case: the rest stays unread.
        moved = (name.removesuffix("_id") for name in _moved_by(row))
        return list(cases.only(*CHUNK_FIELDS, *moved))
    return list(cases.for_lists())


def _one_by_one(cases, kind: Kind, row: Transition, ctx: Context, result, refused) -> None:
    """Rows whose effect looks at each case: each with a context and a savepoint of its own,
    so that one that is refused leaves the others alone."""
    for case in cases:
        own = replace(ctx, event_data={}, notice_context={}, tasks=[], notices=[])
        if refusal := refused.get(case.pk) or refusal_of(case, row, own):
            result.skipped[case.pk] = refusal
            continue
        try:
            with transaction.atomic():
                event = _move(case, kind, row, own)
                row.effect(case, own)
                _close(case, kind, row, own, event)
            result.done.append(case.pk)
        except NotAllowed as refusal:
            result.skipped[case.pk] = str(refusal)


def _all_together(cases, kind: Kind, row: Transition, ctx: Context, result, refused) -> None:
    """Rows without an effect, or with one for the whole chunk: a handful of statements."""
    moved, pairs = [], []
    for case in cases:
        if refusal := refused.get(case.pk) or refusal_of(case, row, ctx, bulk=True):
            result.skipped[case.pk] = refusal
            continue
        pairs.append(_move(case, kind, row, ctx))
        moved.append(case)
    if row.bulk_effect:
        row.bulk_effect(moved, ctx)
    _close_many(moved, row, ctx, pairs)
    result.done = [case.pk for case in moved]


def available(case: Case, actor: Actor, now: datetime | None = None) -> list[tuple]:
    """The rows this actor sees on the page, each with the refusal that greys it out, or None."""
    kind = kind_of(case)
    ctx = Context(actor, now or timezone.now(), current_calendar())
    rows = kind.workflow.allowed(case.status, actor.role)
    told = [(row, refusal_of(case, row, ctx)) for row in rows]
    return [(row, refusal) for row, refusal in told if not (row.quiet and refusal)]


def refusal_of(case: Case, row: Transition, ctx: Context, *, bulk: bool = False) -> str | None:
    """Why the table, the role, the area or the guard forbids this now, in words that
    others may read too (who may be assigned); None when it may be done. In a chunk a row's
    `bulk_guard` has spoken already."""
    kind = kind_of(case)
    if case.status not in row.sources:
        return f"办件现为「{kind.workflow.states[case.status]}」，不能{row.label}"
    if ctx.actor.role not in row.actors:
        return f"这个角色不能{row.label}"
    if ctx.actor.is_staff:
        if not ctx.actor.covers(case):
            return "办件不在经办范围内"
        if ctx.actor.concerns_own(case):
            return "不能办理本人的办件，请交其他人员办理"
    if row.guard is None or (bulk and row.bulk_guard):
        return None
    return row.guard(case, ctx)


def _row(kind: Kind, name: str) -> Transition:
    try:
        return kind.workflow.by_name[name]
    except KeyError:
        raise NotAllowed("没有这个操作") from None


def _check_version(case: Case, version: int | None, actor: Actor) -> None:
    if version is not None and version != case.version:
        raise StaleCase(
            "办件刚刚有了变动，您看到的不是最新内容。请刷新后再操作，您填写的内容已保留。"
        )


def check_reason(kind: Kind, row: Transition, code: str, note: str) -> None:
    """Raises InvalidReason unless the reason is of the maintained list, or "other" with a note."""
    if not code:
        raise InvalidReason(f"请选择{row.label}的理由")
    if code == OTHER:
        if not note:
            raise InvalidReason("选择「其他」时，请写明具体理由")
        return
    listed = Reason.objects.filter(kind=kind.code, action=row.name, code=code, active=True)
    if not listed.exists():
        raise InvalidReason("所选理由已停用或不存在，请重新选择")


def _check_reason(kind: Kind, row: Transition, ctx: Context) -> None:
    if row.needs_reason and ctx.actor.role != SYSTEM:
        check_reason(kind, row, ctx.reason_code, ctx.note)


def _move(case: Case, kind: Kind, row: Transition, ctx: Context) -> tuple[str, str]:
    """Set the new status and the clock on the locked row; returns (event code, old status)."""
    before = case.status
    case.status = row.reaches(before)
    case.is_open = case.status in kind.workflow.open_states
    case.version += 1
    case.touched_at = ctx.now
    if not row.keeps_assignee:
        case.assignee_id, case.assigned_at = None, None
    _turn_clock(case, kind, row, ctx)
    return row.event, before


def _turn_clock(case: Case, kind: Kind, row: Transition, ctx: Context) -> None:
    if row.clock == "start":
        _, promised = kind.promised_days(case)
        due = due_after(ctx.now, promised, ctx.calendar)
        case.received_at, case.allowed_days, case.clock_left = ctx.now, promised, None
        case.due_at, case.due_provisional = due.at, due.provisional
    elif row.clock == "pause" and case.due_at:
        case.clock_left = days_left(case.due_at, ctx.now, ctx.calendar)
        case.due_at, case.due_provisional = None, False
    elif row.clock == "resume" and case.clock_left is not None:
        due = resume(case.clock_left, ctx.now, ctx.calendar)
        case.due_at, case.due_provisional, case.clock_left = due.at, due.provisional, None


def _event(case: Case, ctx: Context, code: str, before: str, made=CaseEvent):
    return build_event(
        case,
        at=ctx.now,
        code=code,
        from_status=before,
        to_status=case.status,
        actor=ctx.actor,
        reason_code=ctx.reason_code,
        data=ctx.event_data,
        made=made,
    )


def _close(case: Case, kind: Kind, row: Transition, ctx: Context, moved: tuple) -> None:
    """Write event, row, note and notices of one case, and queue its tasks."""
    event = _event(case, ctx, *moved)
    case.save(update_fields=[*MOVED_FIELDS, *_changed_by_effect(case)])
    event.save(force_insert=True)
    if ctx.note:
        CaseNote.objects.create(case=case, event_seq=event.seq, text=ctx.note)
    if row.notice:
        ctx.notices += build_notices(case, row.notice, ctx, event.seq)
    _leave(ctx)


def _changed_by_effect(case: Case) -> tuple[str, ...]:
    """Columns outside MOVED_FIELDS that an effect set on the row and named."""
    return getattr(case, "_also_save", ())


def also_save(case: Case, *fields: str) -> None:
    """An effect says which further columns of the case it changed, so that they are written."""
    case._also_save = (*getattr(case, "_also_save", ()), *fields)


def _close_many(cases, row, ctx, moved) -> None:
    """Write the rows of a whole chunk in a handful of statements."""
    pairs = zip(cases, moved, strict=True)
    events = [_event(case, ctx, *pair, made=EventRow) for case, pair in pairs]
    update_cases(cases, _moved_by(row))
    insert_rows(events)
    if ctx.note:
        CaseNote.objects.bulk_create(
            CaseNote(case_id=event.case_id, event_seq=event.seq, text=ctx.note) for event in events
        )
    if row.notice:
        pairs = [(case, event.seq) for case, event in zip(cases, events, strict=True)]
        ctx.notices += build_many(pairs, row.notice, ctx)
    _leave(ctx)


def _moved_by(row: Transition) -> tuple[str, ...]:
    """The columns that `_move` and the row's `bulk_effect` may have changed."""
    clock = CLOCK_FIELDS if row.clock != "keep" else ()
    assignee = () if row.keeps_assignee else ("assignee_id", "assigned_at")
    return (*ALWAYS_MOVED, *clock, *assignee, *row.bulk_columns)


def _leave(ctx: Context) -> None:
    """Store the messages and queue what is to happen after the commit."""
    save_notices(ctx.notices)
    for task, args in ctx.tasks:
        publish_later(task, *args)
    if ctx.notices:
        publish_later("casework.tasks.deliver_outbox")


__all__ = [
    "BulkResult",
    "CaseworkError",
    "Context",
    "also_save",
    "available",
    "check_reason",
    "perform",
    "perform_many",
    "refusal_of",
]
