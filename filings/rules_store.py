"""Rules and texts in the database: loaded, published, and read as one rulebook.

A published row is never edited. A later version of the same rule ends the one before it
on the day before it begins; a second version for the same day replaces it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta

from django.core.cache import cache
from django.db import transaction
from django.db.models import Count, Max
from django.utils import timezone
from simple_history.utils import bulk_create_with_history

from filings.decision.errors import RuleError
from filings.decision.rulebook import Rulebook
from filings.decision.rules import Rule
from filings.decision.texts import NOTICE, AgencyText
from filings.models import FilingRule, NoticeText, PromiseText
from filings.models.rules import body_hash

STAMP_KEY = "filings.rulebook.stamp"
# How long another process may go on with the old rulebook where no cache is shared.
STAMP_SECONDS = 10

_built: tuple | None = None  # (stamp, Rulebook, {(key, valid_from): pk})


class PublishRefused(Exception):
    """The rule cannot be published; the Chinese text says why and what to do."""


@dataclass(frozen=True)
class LoadReport:
    """What `load_rulebook` did: rows added, left as they are, and left to the admin."""

    added: int
    unchanged: int
    kept: tuple[str, ...] = ()


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
    cache.delete(STAMP_KEY)


def send_to_review(row: FilingRule, actor) -> FilingRule:
    """Hand a draft to a second person. Raises PublishRefused when it would not fit."""
    if row.state != FilingRule.State.DRAFT:
        raise PublishRefused("只有草稿可以送审")
    _refuse_misfit(row)
    row.state = FilingRule.State.IN_REVIEW
    row.save()
    return row


def send_back(row: FilingRule, actor) -> FilingRule:
    """Return a version under review to its author. Raises PublishRefused otherwise."""
    if row.state != FilingRule.State.IN_REVIEW:
        raise PublishRefused("只有待发布的规则可以退回")
    row.state = FilingRule.State.DRAFT
    row.save()
    return row


def publish_rule(row: FilingRule, actor) -> FilingRule:
    """Publish a version under review; `actor` must not be the one who wrote it.

    Raises PublishRefused (Chinese) when the same person tries, the version is not under
    review, or the periods of the rule would overlap or leave a gap.
    """
    with transaction.atomic():
        row = FilingRule.objects.select_for_update(of=("self",)).get(pk=row.pk)
        if row.state != FilingRule.State.IN_REVIEW:
            raise PublishRefused("只有待发布的规则可以发布，请先送审")
        if not actor.is_staff or actor.pk == row.created_by_id or row.created_by_id is None:
            raise PublishRefused("规则须由编写人以外的另一名工作人员发布")
        _refuse_misfit(row)
        row.state = FilingRule.State.PUBLISHED
        row.published_by, row.published_at = actor, timezone.now()
        row.version = _next_version(row.key, row.valid_from, exclude=row.pk)
        row.save()
        transaction.on_commit(forget_rulebook)
    forget_rulebook()
    return row


def draft_from(row: FilingRule, actor, **changes) -> FilingRule:
    """A new draft that starts from `row`; `changes` are fields of the rule (plain values).

    Raises RuleError for a value that does not fit.
    """
    rule = Rule.from_dict({**row.body, "valid_to": None, **changes})
    draft = FilingRule.of(rule, created_by=actor, origin=FilingRule.Origin.ADMIN)
    draft.version = _next_version(rule.key, rule.valid_from)
    draft.save()
    return draft


def revise_draft(row: FilingRule, **changes) -> FilingRule:
    """Change a draft; `changes` are fields of the rule (plain values), never those that say
    which rule it is.

    Raises RuleError for a value that does not fit, PublishRefused for anything but a draft.
    """
    with transaction.atomic():
        row = FilingRule.objects.select_for_update(of=("self",)).get(pk=row.pk)
        if row.state != FilingRule.State.DRAFT:
            raise PublishRefused("只有草稿可以修改，请先退回草稿")
        rule = Rule.from_dict({**row.body, **changes})
        if rule.key != row.key:
            raise RuleError("place", "适用地、类型、范围、险种不能在草稿里改，请另建新版本")
        if rule.valid_from != row.valid_from:
            row.version = _next_version(rule.key, rule.valid_from, exclude=row.pk)
        row.body = rule.to_dict()
        row.save()
    return row


def load_rulebook(book: Rulebook) -> LoadReport:
    """Bring the rules and texts of files into the database; run twice, it changes nothing.

    What was published in the admin stays: from the day such a version begins, the files
    say nothing any more about that rule.
    """
    with transaction.atomic():
        published = list(FilingRule.objects.filter(state=FilingRule.State.PUBLISHED))
        new, kept = _new_rules(book.rules, published)
        bulk_create_with_history(new, FilingRule)
        added = len(new) + _load_texts(book.texts)
        transaction.on_commit(forget_rulebook)
    forget_rulebook()
    total = len(book.rules) + len(book.texts)
    return LoadReport(added, total - added - len(kept), tuple(kept))


def _new_rules(rules: Iterable[Rule], published: list[FilingRule]) -> tuple[list, list]:
    newest = _newest(published)
    admin_from: dict[str, list] = {}
    for row in published:
        if row.origin == FilingRule.Origin.ADMIN:
            admin_from.setdefault(row.key, []).append(row.valid_from)
    new, kept = [], []
    for rule in rules:
        present = newest.get((rule.key, rule.valid_from))
        if present and present.sha256 == body_hash(rule.to_dict()):
            continue
        if any(day <= rule.valid_from for day in admin_from.get(rule.key, ())):
            kept.append(f"{rule.key} {rule.valid_from}")
            continue
        new.append(_shipped(rule, present.version + 1 if present else 1))
    return new, kept


def _shipped(rule: Rule, version: int) -> FilingRule:
    return FilingRule.of(
        rule,
        version=version,
        origin=FilingRule.Origin.YAML,
        state=FilingRule.State.PUBLISHED,
        published_at=timezone.now(),
    )


def _load_texts(texts: Iterable[AgencyText]) -> int:
    added = 0
    for model, some in _by_model(texts).items():
        present = set(model.objects.values_list("key", "valid_from", "sha256"))
        rows = [
            model.of(text)
            for text in some
            if (text.key, text.valid_from, text.sha256) not in present
        ]
        added += len(model.objects.bulk_create(rows))
    return added


def _by_model(texts: Iterable[AgencyText]) -> dict:
    split: dict = {NoticeText: [], PromiseText: []}
    for text in texts:
        split[NoticeText if text.kind == NOTICE else PromiseText].append(text)
    return split


def _next_version(key: str, valid_from, exclude: int | None = None) -> int:
    rows = FilingRule.objects.filter(key=key, valid_from=valid_from).exclude(pk=exclude)
    return (rows.aggregate(most=Max("version"))["most"] or 0) + 1


def _refuse_misfit(row: FilingRule) -> None:
    """Raise PublishRefused unless the rulebook holds together with this version in it."""
    try:
        candidate = FilingRule.of(row.rule(), version=10**6, state=FilingRule.State.PUBLISHED)
        published = FilingRule.objects.filter(state=FilingRule.State.PUBLISHED)
        Rulebook.from_rules(_rules_of([*published, candidate]))
    except RuleError as error:
        raise PublishRefused(f"规则内容有误，请改正后再发布。{error}") from None


# --- reading ------------------------------------------------------------------------


def _current() -> tuple:
    global _built
    stamp = cache.get(STAMP_KEY)
    if stamp is None:
        stamp = _read_stamp()
        cache.set(STAMP_KEY, stamp, STAMP_SECONDS)
    if _built is None or _built[0] != stamp:
        _built = (stamp, *_build())
    return _built


def _read_stamp() -> tuple:
    published = FilingRule.objects.filter(state=FilingRule.State.PUBLISHED)
    rules = published.aggregate(most=Max("pk"), many=Count("pk"), at=Max("published_at"))
    texts = [model.objects.aggregate(most=Max("pk"))["most"] for model in (NoticeText, PromiseText)]
    return (rules["most"], rules["many"], rules["at"], *texts)


def _build() -> tuple[Rulebook, dict]:
    rows = list(FilingRule.objects.filter(state=FilingRule.State.PUBLISHED))
    texts = [*_newest(NoticeText.objects.all()).values()]
    texts += _newest(PromiseText.objects.all()).values()
    book = Rulebook.from_rules(_rules_of(rows), _closed([row.text() for row in texts]))
    return book, {key: row.pk for key, row in _newest(rows).items()}


def _newest(rows) -> dict:
    """The newest row for each (key, valid_from)."""
    newest: dict = {}
    for row in sorted(rows, key=lambda row: (getattr(row, "version", 0), row.pk or 0)):
        newest[row.key, row.valid_from] = row
    return newest


def _rules_of(rows) -> list[Rule]:
    return _closed([row.rule() for row in _newest(rows).values()])


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
