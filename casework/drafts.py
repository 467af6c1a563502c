"""Drafts and revisions: what a resident writes, saved as it is answered.

A draft or a correction writes an open revision; submitting closes it and moves the
case's pointer. Staff read closed revisions only.
"""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache

from django.db import IntegrityError, transaction
from django.db.models import (
    BigIntegerField,
    DateTimeField,
    Exists,
    F,
    FilteredRelation,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
)
from django.utils import timezone

from casework.errors import NotAllowed
from casework.models import Attachment, Case, Revision
from casework.numbers import next_number
from residents.prepared import Prepared, PreparedUpdate, Slot


def find_draft(creator, person, kind: str, draft_key: str) -> Case | None:
    """The one draft of this person and type that this account began, if there is one."""
    return Case.objects.filter(
        created_by=creator,
        person=person,
        kind=kind,
        draft_key=draft_key,
        status=Case.DRAFT,
    ).first()


def start_draft(creator, person, kind: str, draft_key: str, answers: dict, **columns) -> Case:
    """The draft of this person and type: the one that is there, or a new one.

    Two requests at the same moment get the same draft. `columns` are those of `Case`
    (city, county, account, channel, ...), used only when the draft is new.
    """
    if found := find_draft(creator, person, kind, draft_key):
        return found
    try:
        with transaction.atomic():
            case = Case.objects.create(
                created_by=creator, person=person, kind=kind, draft_key=draft_key, **columns
            )
            Revision.objects.create(case=case, number=1, answers_json=_dump(answers))
            return case
    except IntegrityError:
        return find_draft(creator, person, kind, draft_key)


def with_writing(cases: QuerySet[Case]) -> QuerySet[Case]:
    """The cases, each with its open revision and with whether it has files, by one query:
    for pages that show and save answers. What came along is forgotten when files change."""
    opened = FilteredRelation("revisions", condition=Q(revisions__closed_at=None))
    return cases.annotate(being_written=opened, has_files=has_files("pk")).select_related(
        "being_written"
    )


def has_files(case: str) -> Exists:
    """Whether the case whose key is in this column ever had a file."""
    return Exists(Attachment.objects.filter(case=OuterRef(case)))


def open_revision(case: Case) -> Revision | None:
    """The revision being written, or None when nobody may write."""
    brought = case.__dict__.get("being_written")
    if brought and brought.pk:
        return brought
    opened = case.revisions.filter(closed_at=None)
    if not is_held(case):
        return opened.first()
    found = opened.annotate(has_files=has_files("case")).first()
    if found:
        case.being_written, case.has_files = found, found.has_files
    return found


def hold(case: Case) -> None:
    """Say that the row of this instance is locked until the transaction ends: nobody else
    writes answers or files then, so that each is read once. `let_go` takes it back."""
    case._held = True


def is_held(case: Case) -> bool:
    """Whether `hold` was said of this instance, and `let_go` not yet."""
    return getattr(case, "_held", False)


def let_go(case: Case) -> None:
    """The transaction that held the case is over: what was read under it may change."""
    case._held = False
    _forget_writing(case)


def _forget_writing(case: Case) -> None:
    case.__dict__.pop("being_written", None)
    case.__dict__.pop("has_files", None)


def locked_revision(case: Case) -> Revision | None:
    """The open revision, to be changed in this transaction; None when nobody may write.

    The case is locked first, as every action does, and then the revision (PostgreSQL locks in
    the order of `of`): what a submit has checked stays as it is until the revision is closed,
    and the two never wait for each other in a circle.
    """
    _forget_writing(case)
    return (
        Revision.objects.select_for_update(of=("case", "self"))
        .select_related("case")
        .only("case__version", "number", "answers_json", "saved_at", "closed_at")
        .filter(case=case, closed_at=None)
        .first()
    )


def answers_of(revision: Revision | None) -> dict:
    """The answers of a revision as a dict of field -> value; empty for None. Those of a closed
    revision never change: they are read once for as long as the instance lives."""
    if revision is None:
        return {}
    if revision.closed_at is None:
        return json.loads(revision.answers_json)
    if "_read" not in revision.__dict__:
        revision._read = json.loads(revision.answers_json)
    return dict(revision._read)


def closed_answers(case: Case) -> dict:
    """What staff read: the answers of the last submitted revision."""
    return answers_of(case.revision)


def save_answers(
    case: Case,
    changes: dict,
    columns: dict | None = None,
    mirror: Callable[[dict], dict] | None = None,
) -> dict:
    """Merge answers into the open revision under a lock; returns all answers.

    `columns` are columns of the draft that mirror an answer (topic, destination, ...);
    `mirror` gives them from all answers. Raises NotAllowed when the case takes no answers
    any more.
    """
    with transaction.atomic():
        answers = _replaced(case, changes)
        # Nobody wrote meanwhile: then the columns too are as they were read.
        known = answers is not None
        if answers is None:
            answers = _merged(case, changes)
        columns = {**(columns or {}), **(mirror(answers) if mirror else {})}
        if known:
            columns = {name: new for name, new in columns.items() if getattr(case, name) != new}
        if columns:
            Case.objects.filter(pk=case.pk, status=Case.DRAFT).update(**columns)
            for name, value in columns.items():
                setattr(case, name, value)
    return answers


def _replaced(case: Case, changes: dict) -> dict | None:
    """All answers, saved over the revision that came with the case; None when it has been
    written since, or none came with it.

    One statement that locks the case, as `locked_revision` does, and writes the revision
    only if it still is the one that was read: its number and the moment it was saved.
    """
    seen = case.__dict__.get("being_written")
    if seen is None:
        return None
    answers = {**answers_of(seen), **changes}
    text, at = _dump(answers), _saved_now(seen)
    known = {"revision": seen.pk, "case": case.pk, "number": seen.number}
    if not _replacement(seen.saved_at is None).run(seen=seen.saved_at, text=text, at=at, **known):
        return None
    seen.answers_json, seen.saved_at = text, at
    return answers


@cache
def _replacement(first: bool) -> PreparedUpdate:
    """The statement; `first` where nothing was saved yet, which SQL asks in other words."""
    saved = {"saved_at": None} if first else {"saved_at": Slot("seen", DateTimeField())}
    same = Revision.objects.filter(
        pk=Slot("revision", BigIntegerField()),
        number=Slot("number", IntegerField()),
        closed_at=None,
        case__in=Case.objects.select_for_update(of=("self",)).filter(
            pk=Slot("case", BigIntegerField())
        ),
        **saved,
    )
    return PreparedUpdate(same, {"answers_json": "text", "saved_at": "at"})


def _merged(case: Case, changes: dict) -> dict:
    """All answers, merged into what is there under the lock."""
    revision = locked_revision(case)
    if revision is None:
        raise NotAllowed("这件申请已经提交，不能再修改。如需更改，请先撤回或按补正通知办理。")
    answers = {**answers_of(revision), **changes}
    revision.answers_json, revision.saved_at = _dump(answers), _saved_now(revision)
    revision.save(update_fields=["answers_json", "saved_at"])
    return answers


def _saved_now(revision: Revision) -> datetime:
    """The present moment, and never that of the save before: by it `_replaced` tells whether
    what it read is still what is there."""
    now, before = timezone.now(), revision.saved_at
    return now if before is None or now > before else before + timedelta(microseconds=1)


def close_revision(case: Case, now: datetime) -> Revision:
    """Close the open revision of a locked case and point the case at it."""
    revision = open_revision(case)
    if revision is None:
        raise NotAllowed("这件申请没有待提交的内容")
    revision.closed_at = now
    revision.save(update_fields=["closed_at"])
    case.revision = revision
    case.documents_count = len(documents_of(revision)) if getattr(case, "has_files", True) else 0
    case.__dict__.pop("being_written", None)
    return revision


def reopen_revision(case: Case) -> Revision:
    """Open a new revision that starts from the last closed one (for a correction)."""
    last = case.revision
    return Revision.objects.create(
        case=case, number=last.number + 1, answers_json=last.answers_json
    )


def give_number(case: Case, now: datetime) -> None:
    """Give the case its number, once; the counter row is locked last."""
    if not case.number:
        case.number = next_number(case.county, timezone.localtime(now).date())
        case.submitted_at = now


def attachments_at(revision: Revision) -> list[Attachment]:
    """The files that belong to a revision: added by then and not yet removed."""
    return _attachments().all(case=revision.case_id, number=revision.number)


@cache
def _attachments() -> Prepared:
    """The query, which brings what upper apps keep of a file: its one-to-one rows."""
    kept = [found.name for found in Attachment._meta.related_objects if found.one_to_one]
    number = Slot("number", IntegerField())
    files = Attachment.objects.filter(
        Q(removed_in=None) | Q(removed_in__number__gt=number),
        case_id=Slot("case", BigIntegerField()),
        added_in__number__lte=number,
    )
    return Prepared(files.select_related(*kept))


def documents_of(revision: Revision) -> list[Attachment]:
    """The files of a revision, read once for as long as the instance lives: those of a
    closed revision never change. An open one is read anew each time, unless its case is held."""
    if revision.closed_at is None and not is_held(revision.case):
        return attachments_at(revision)
    if not hasattr(revision, "_documents"):
        revision._documents = attachments_at(revision)
    return revision._documents


def changed_names(before: str, after: dict) -> set[str]:
    """The fields in which answers differ from earlier ones, those as they are stored."""
    old = json.loads(before)
    return {name for name in {*old, *after} if old.get(name) != after.get(name)}


def discard_draft(case: Case) -> bool:
    """Delete a draft and its files' rows for good; False when it is no draft any more.

    The bytes are removed by the orphan sweep, so that a rollback never loses a file.
    """
    with transaction.atomic():
        locked = (
            Case.objects.select_for_update(of=("self",))
            .filter(pk=case.pk, status=Case.DRAFT)
            .first()
        )
        if locked is None:
            return False
        locked.letters.all().delete()  # a promise signed in a draft that was never handed in
        locked.delete()
        return True


def count_files(case: Case) -> int:
    """Files of the case that are not removed."""
    return case.attachments.filter(removed_in=None).count()


def bump_version(case: Case) -> None:
    """Make pages that show this case stale, e.g. after an upload during a correction."""
    Case.objects.filter(pk=case.pk).update(version=F("version") + 1)


def _dump(answers: dict) -> str:
    return json.dumps(answers, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
