"""Rules and texts in the database: loaded from files, and read as one rulebook.

A published row is never edited. A later version of the same rule or text ends the one
before it on the day before it begins; a second version for the same day replaces it.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

from django.db import transaction
from django.db.models import Count, Max
from django.utils import timezone
from simple_history.utils import bulk_create_with_history

from casework.versions import LoadReport, State
from config.near import forget, near
from filings.decision.rulebook import Rulebook
from filings.decision.rules import Rule
from filings.decision.texts import NOTICE, AgencyText
from filings.models import FilingRule, NoticeText, PromiseText

STAMP_KEY = "filings.rulebook.stamp"
# How long another process may go on with the old rulebook where no cache is shared.
STAMP_SECONDS = 10

_built: tuple | None = None  # (stamp, Rulebook, {(key, valid_from): pk})


def rulebook() -> Rulebook:
    """The published rules and texts; built once and again after a publication."""
    return _current()[1]


def row_id_of(rule: Rule) -> int:
    """The primary key of the row that a rule of `rulebook()` came from."""
    return _current()[2][rule.key, rule.valid_from]


def forget_rulebook() -> None:
    """Build the rulebook anew at the next look; called after each publication."""
    global _built
    _built = None
    forget(STAMP_KEY)


def load_rulebook(book: Rulebook) -> LoadReport:
    """Bring the rules and texts of files into the database; run twice, it changes nothing.

    What was published in the admin stays: from the day such a version begins, the files
    say nothing any more about that rule or that text.
    """
    with transaction.atomic():
        new, kept = _unknown(FilingRule, book.rules)
        bulk_create_with_history(new, FilingRule)
        added = len(new)
        for model, texts in _by_model(book.texts).items():
            new, kept_texts = _unknown(model, texts)
            added += len(model.objects.bulk_create(new))
            kept += kept_texts
        transaction.on_commit(forget_rulebook)
    forget_rulebook()
    total = len(book.rules) + len(book.texts)
    return LoadReport(added, total - added - len(kept), tuple(kept))


def _unknown(model, shipped: Iterable) -> tuple[list, list[str]]:
    """(rows to add, what the admin keeps) of rules or texts of files."""
    published = list(published_rows(model))
    newest = _newest(published)
    admin_from: dict[str, list] = {}
    for row in published:
        if row.origin == model.Origin.ADMIN:
            admin_from.setdefault(row.key, []).append(row.valid_from)
    new, kept = [], []
    for one in shipped:
        present = newest.get((one.key, one.valid_from))
        row = _shipped(model, one, present.version + 1 if present else 1)
        if present and present.body == row.body:
            continue
        if any(day <= one.valid_from for day in admin_from.get(one.key, ())):
            kept.append(f"{one.key} {one.valid_from}")
            continue
        new.append(row)
    return new, kept


def _shipped(model, one, version: int):
    return model.of(
        one,
        version=version,
        origin=model.Origin.YAML,
        state=State.PUBLISHED,
        published_at=timezone.now(),
    )


def _by_model(texts: Iterable[AgencyText]) -> dict:
    split: dict = {NoticeText: [], PromiseText: []}
    for text in texts:
        split[NoticeText if text.kind == NOTICE else PromiseText].append(text)
    return split


# --- reading ------------------------------------------------------------------------


def _current() -> tuple:
    global _built
    stamp = near(STAMP_KEY, _read_stamp, STAMP_SECONDS)
    if _built is None or _built[0] != stamp:
        _built = (stamp, *_build())
    return _built


def _read_stamp() -> tuple:
    stamp: list = []
    for model in (FilingRule, NoticeText, PromiseText):
        said = published_rows(model).aggregate(
            most=Max("pk"), many=Count("pk"), at=Max("published_at")
        )
        stamp += said.values()
    return tuple(stamp)


def _build() -> tuple[Rulebook, dict]:
    rows = list(published_rows(FilingRule))
    texts = [*published_rows(NoticeText), *published_rows(PromiseText)]
    book = Rulebook.from_rules(rules_of(rows), texts_of(texts))
    return book, {key: row.pk for key, row in _newest(rows).items()}


def published_rows(model):
    """The published rows of a model of versions."""
    return model.objects.filter(state=State.PUBLISHED)


def rules_of(rows: Iterable[FilingRule]) -> list[Rule]:
    """What these rows say: of each first day the newest version, each ended by the next."""
    return _closed([row.rule() for row in _newest(rows).values()])


def texts_of(rows: Iterable) -> list[AgencyText]:
    """The same for rows of texts."""
    return _closed([row.text() for row in _newest(rows).values()])


def _newest(rows) -> dict:
    """The newest row for each (key, valid_from)."""
    newest: dict = {}
    for row in sorted(rows, key=lambda row: (row.version, row.pk or 0)):
        newest[row.key, row.valid_from] = row
    return newest


def _closed(versions: list) -> list:
    """Each version, ended by the one that follows it."""
    closed = []
    following: dict = {}
    for one in sorted(versions, key=lambda one: (one.key, one.valid_from), reverse=True):
        later = following.get(one.key)
        if later and (one.valid_to is None or one.valid_to >= later):
            one = replace(one, valid_to=later - timedelta(days=1))
        following[one.key] = one.valid_from
        closed.append(one)
    return closed
