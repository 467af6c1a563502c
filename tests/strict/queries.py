"""Habits of the ORM that work on a developer's machine and fail under load or next year."""

import datetime
import os
import random

from django.db import models
from django.db.models.query import QuerySet

from tests.strict import called_by_us

SEED = os.environ.get("YB_SEED") or str(random.SystemRandom().randrange(10**6))
_random = random.Random(SEED)
OWN_APPS = (
    *("facilities", "residents", "casework", "registrations"),
    *("filings", "reimbursements", "tests"),
)


class CarelessQuery(AssertionError):
    """A query whose result or lock is not what its author thinks."""


def install() -> None:
    """Put all guards of this module to work, for the whole run."""
    for owner, name, guard in (
        (QuerySet, "select_for_update", _lock_names_its_table),
        (QuerySet, "_fetch_all", _shuffle_unordered),
        (QuerySet, "__getitem__", _slice_is_ordered),
        (models.Model, "save", _save_keeps_auto_now),
        (models.DateField, "to_python", _date_is_no_datetime),
    ):
        setattr(owner, name, guard(getattr(owner, name)))


def _lock_names_its_table(original):
    """A lock without `of` also locks every table that select_related joins."""

    def select_for_update(self, nowait=False, skip_locked=False, of=(), no_key=False):
        if not of and called_by_us():
            raise CarelessQuery('select_for_update: name what is locked, e.g. of=("self",)')
        return original(self, nowait=nowait, skip_locked=skip_locked, of=of, no_key=no_key)

    return select_for_update


def _shuffle_unordered(original):
    """Without ORDER BY the database may answer in any order, so here it does."""

    def _fetch_all(self):
        fresh = self._result_cache is None
        original(self)
        rows = self._result_cache
        if fresh and len(rows) > 1 and not self.ordered and _is_ours(self):
            before = list(rows)
            _random.shuffle(rows)
            if all(new is old for new, old in zip(rows, before, strict=True)):
                rows.reverse()

    return _fetch_all


def _slice_is_ordered(original):
    """`[:10]` of an unordered set is any ten; a paginator would show rows twice or never."""

    def __getitem__(self, key):
        if not self.ordered and self._result_cache is None and called_by_us() and _is_ours(self):
            raise CarelessQuery(f"{self.model.__name__}: sliced without an order")
        return original(self, key)

    return __getitem__


def _is_ours(queryset) -> bool:
    """Rows of our models; what Django and packages do with their own is not ours to mend."""
    return queryset.model.__module__.split(".")[0] in OWN_APPS


def _save_keeps_auto_now(original):
    """With update_fields an auto_now field keeps its old value unless it is named."""

    def save(self, *args, **kwargs):
        named = kwargs.get("update_fields")
        if named is not None and named and called_by_us():
            missing = _auto_now_fields(self) - set(named)
            if missing:
                raise CarelessQuery(
                    f"{type(self).__name__}.save: update_fields lacks {', '.join(sorted(missing))}"
                )
        return original(self, *args, **kwargs)

    return save


def _auto_now_fields(instance) -> set[str]:
    return {field.name for field in instance._meta.fields if getattr(field, "auto_now", False)}


def _date_is_no_datetime(original):
    """Django cuts the time off in silence, at midnight of whichever zone is active."""

    def to_python(self, value):
        if isinstance(value, datetime.datetime):
            raise CarelessQuery(f"{self}: a date is wanted, {value!r} was given")
        return original(self, value)

    return to_python
