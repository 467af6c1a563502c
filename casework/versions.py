"""A dated version, from draft to published by two people: what rules, texts and policies share.

Kinds of versions differ in what they say and in when they fit; their states, the lock, the
second person and the number of a version are alike and stand here once. A published
version is never edited: its model refuses.
"""

import difflib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import models, transaction
from django.db.models import Max
from django.utils import timezone


def writers_field() -> models.JSONField:
    """The column of a model of versions that says who ever wrote in the draft: keys of users,
    the author first. The columns of author and last writer are no list."""
    return models.JSONField("编写、修改过的人", default=list, editable=False)


class State(models.TextChoices):
    """Where a version is on its way."""

    DRAFT = "draft", "草稿"
    IN_REVIEW = "in_review", "待发布"
    PUBLISHED = "published", "已发布"


class PublishRefused(Exception):
    """The version cannot be changed or published; the Chinese text says why and what to do."""


@dataclass(frozen=True)
class LoadReport:
    """What a loader did: rows added, left as they are, and left to the admin."""

    added: int = 0
    unchanged: int = 0
    kept: tuple[str, ...] = ()


@dataclass(frozen=True)
class Publishing:
    """How the versions of one model are published.

    `noun` is the word of a refusal, `same` the columns alike in all versions of one thing,
    `beside` those of every row that the same publication could contradict (locked together,
    so that two who publish at once wait for each other), `number` the column that counts
    the versions of one first day. `refuse_misfit(row)` raises PublishRefused where a row
    would not fit; `published()` runs after each publication.
    """

    model: type[models.Model]
    noun: str
    same: tuple[str, ...]
    beside: tuple[str, ...]
    number: str
    refuse_misfit: Callable[[Any], None]
    published: Callable[[], None]

    def send_to_review(self, row, actor):
        """Hand a draft to a second person. Raises PublishRefused when it would not fit."""
        with transaction.atomic():
            row = self.locked(row)
            if row.state != State.DRAFT:
                raise PublishRefused("只有草稿可以送审")
            self.refuse_misfit(row)
            row.state = State.IN_REVIEW
            return self.saved(row, actor)

    def send_back(self, row, actor):
        """Return a version under review to its author. Raises PublishRefused otherwise."""
        with transaction.atomic():
            row = self.locked(row)
            if row.state != State.IN_REVIEW:
                raise PublishRefused(f"只有待发布的{self.noun}可以退回")
            row.state = State.DRAFT
            return self.saved(row, actor)

    def publish(self, row, actor):
        """Publish a version under review; `actor` wrote nothing of it.

        Raises PublishRefused (Chinese) when one of its writers tries, the version is not
        under review, or it would not fit.
        """
        with transaction.atomic():
            row = self.locked(row)
            if row.state != State.IN_REVIEW:
                raise PublishRefused(f"只有待发布的{self.noun}可以发布，请先送审")
            if not actor.is_staff or row.created_by_id is None or wrote(row, actor):
                raise PublishRefused(f"{self.noun}须由编写、修改人以外的另一名工作人员发布")
            self.refuse_misfit(row)
            row.state = State.PUBLISHED
            row.published_by, row.published_at = actor, timezone.now()
            self._count(row)
            self.saved(row, actor)
            transaction.on_commit(self.published)
        self.published()
        return row

    def stored(self, row, actor):
        """A new draft, numbered and saved."""
        with transaction.atomic():
            self._held(row)
            self._count(row)
            _note_writer(row, actor)
            return self.saved(row, actor)

    def editable(self, row):
        """The row, locked, to be changed. Raises PublishRefused for anything but a draft."""
        row = self.locked(row)
        if row.state != State.DRAFT:
            raise PublishRefused("只有草稿可以修改，请先退回草稿")
        return row

    def revised(self, row, actor, first_day_before: date):
        """Save a changed draft; one with another first day counts among those of that day."""
        if row.valid_from != first_day_before:
            self._count(row)
        row.revised_by = actor
        _note_writer(row, actor)
        return self.saved(row, actor)

    def locked(self, row):
        """The row as it stands, with every row beside it locked in one order."""
        return self._held(row)[row.pk]

    def saved(self, row, actor):
        """Save, with who did it in the history where the model keeps one."""
        row._history_user = actor
        row.save()
        return row

    def published_of(self, row) -> list:
        """Published versions of the same thing by first day, the newest of a day first."""
        rows = self.model.objects.filter(state=State.PUBLISHED, **_values(row, self.same))
        return list(rows.order_by("valid_from", f"-{self.number}", "-pk"))

    def neighbours(self, row) -> tuple[Any | None, Any | None]:
        """The published versions before and after the first day of this one; a row of the
        same first day counts as the one before."""
        others = [one for one in self.published_of(row) if one.pk != row.pk]
        before = [one for one in others if one.valid_from <= row.valid_from]
        after = [one for one in others if one.valid_from > row.valid_from]
        newest = max(before, key=self._order, default=None)
        return newest, next(iter(after), None)

    def next_number(self, row) -> int:
        """The number of a further version of the same first day."""
        rows = self.model.objects.filter(valid_from=row.valid_from, **_values(row, self.same))
        return (rows.exclude(pk=row.pk).aggregate(most=Max(self.number))["most"] or 0) + 1

    def _order(self, row) -> tuple:
        return row.valid_from, getattr(row, self.number), row.pk

    def _count(self, row) -> None:
        setattr(row, self.number, self.next_number(row))

    def _held(self, row) -> dict:
        rows = self.model.objects.select_for_update(of=("self",)).order_by("pk")
        return {one.pk: one for one in rows.filter(**_values(row, self.beside))}


# How many lines of a difference a page shows, and what each of them is.
MOST_LINES = 400
_TONES = {"+": "added", "-": "gone", "@": "where"}


def changed_lines(old: str, new: str) -> list[tuple[str, str]]:
    """(tone, line) of what differs, a few lines around it; empty when nothing does."""
    lines = difflib.unified_diff(old.splitlines(), new.splitlines(), lineterm="", n=2)
    shown = [line for line in lines if not line.startswith(("---", "+++"))]
    return [(_TONES.get(line[:1], "same"), line) for line in shown[:MOST_LINES]]


def history_of(row, *unread: str) -> list[dict]:
    """Who did what to a row whose model keeps a history, newest first; `unread` are its
    long columns."""
    found: list[dict] = []
    former = None
    entries = row.history.select_related("history_user").defer(*unread)
    for entry in entries.order_by("history_date", "history_id"):
        if former is None:
            said = "建立"
        elif former.state != entry.state:
            said = f"改为{State(entry.state).label}"
        else:
            said = "修改"
        found.append({"at": entry.history_date, "who": entry.history_user, "said": said})
        former = entry
    return found[::-1]


def wrote(row, user) -> bool:
    """Whether this user wrote the version or ever changed its draft: somebody else publishes
    it, also where a later change has left nothing of theirs."""
    return user.pk in (row.created_by_id, row.revised_by_id, *row.writers)


def _note_writer(row, actor) -> None:
    if actor is not None and actor.pk not in row.writers:
        row.writers = [*row.writers, actor.pk]


def _values(row, columns: tuple[str, ...]) -> dict:
    return {name: getattr(row, name) for name in columns}
