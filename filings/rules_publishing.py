"""Rules from draft to published: a version is drafted, reviewed and published by two people."""

from django.db import transaction

from casework.versions import Publishing, PublishRefused
from filings.decision.errors import RuleError
from filings.decision.rulebook import Rulebook
from filings.decision.rules import Rule
from filings.models import FilingRule
from filings.rules_store import forget_rulebook, published_rows, rules_of

# A number above that of every version: a candidate counts as the newest of its day.
NEWEST = 10**6


def draft_from(row: FilingRule, actor, **changes) -> FilingRule:
    """A new draft that starts from `row`; `changes` are fields of the rule (plain values).

    Raises RuleError for a value that does not fit.
    """
    rule = Rule.from_dict({**row.body, "valid_to": None, **changes})
    draft = FilingRule.of(rule, created_by=actor, origin=FilingRule.Origin.ADMIN)
    return PUBLISHING.stored(draft, actor)


def revise_draft(row: FilingRule, actor, **changes) -> FilingRule:
    """Change a draft; `changes` are fields of the rule (plain values), never those that say
    which rule it is.

    Raises RuleError for a value that does not fit, PublishRefused for anything but a draft.
    """
    with transaction.atomic():
        row = PUBLISHING.editable(row)
        rule = Rule.from_dict({**row.body, **changes})
        if rule.key != row.key:
            raise RuleError("place", "适用地、类型、范围、险种不能在草稿里改，请另建新版本")
        day_before = row.valid_from
        row.body, row.valid_from = rule.to_dict(), rule.valid_from
        return PUBLISHING.revised(row, actor, day_before)


def rules_with(row: FilingRule) -> Rulebook:
    """The published rules as they would be with this version; raises RuleError where they
    would overlap or leave a gap."""
    candidate = FilingRule.of(row.rule(), version=NEWEST, state=FilingRule.State.PUBLISHED)
    return Rulebook.from_rules(rules_of([*published_rows(FilingRule), candidate]))


def _refuse_misfit(row: FilingRule) -> None:
    """Raise PublishRefused unless the rulebook holds together with this version in it."""
    try:
        rules_with(row)
    except RuleError as error:
        raise PublishRefused(f"规则内容有误，请改正后再发布。{error}") from None


PUBLISHING = Publishing(
    FilingRule,
    noun="规则",
    same=("key",),
    beside=("place", "category", "scope", "insurance"),
    number="version",
    refuse_misfit=_refuse_misfit,
    published=forget_rulebook,
)
send_to_review = PUBLISHING.send_to_review
send_back = PUBLISHING.send_back
publish_rule = PUBLISHING.publish
