"""What the page of a rule shows beside its fields: the version before, the effect, who did what."""

from django.utils import timezone

from casework.models import Case
from casework.versions import history_of
from facilities.areas import division
from filings.decision.errors import RuleError
from filings.models import FilingRule
from filings.rule_effect import away_from, effect_of, homes_of
from filings.rule_words import BOXES, in_words, shown
from filings.rules_publishing import PUBLISHING, rules_with
from filings.rules_store import row_id_of, rulebook

# Of the questions whose answers change alike, how many are named.
MOST_NAMED = 3


def page_of(rule: FilingRule) -> dict:
    """The context of the page: versions before and after, differences, effect, history."""
    before, after = PUBLISHING.neighbours(rule)
    unpublished = rule.state != FilingRule.State.PUBLISHED
    above = _rule_above(rule) if before is None and unpublished else None
    return {
        "before": before,
        "after": after,
        "above": above,
        "compared": _compared(before or above, rule),
        "history": history_of(rule, "body"),
        **(_effect(rule) if unpublished else {}),
    }


def _compared(former: FilingRule | None, rule: FilingRule) -> list[dict]:
    """The fields that differ from the version before, in words."""
    if former is None:
        return []
    return [
        {
            "label": box.label,
            "before": shown(name, former.body.get(name)),
            "now": shown(name, rule.body.get(name)),
        }
        for name, box in BOXES.items()
        if former.body.get(name) != rule.body.get(name)
    ]


def _rule_above(rule: FilingRule) -> FilingRule | None:
    """The row of a place above that answers here as long as the place has no rule of its own."""
    place = division(rule.place)
    if place is None or place.pooling_area is None:
        return None
    said = rule.rule()
    home = homes_of(rule.place)[0]
    wanted = (rule.category, rule.scope, rule.insurance)
    care = said.cares[0] if said.cares else None
    for away in away_from(said, home):
        found = rulebook().find(home, *wanted, away, care, timezone.localdate())
        if found is not None:
            return FilingRule.objects.get(pk=row_id_of(found))
    return None


def _effect(rule: FilingRule) -> dict:
    """How the answers to the questions of the golden tables would change, and how many open
    cases of the place would be decided by it; or why it cannot be published as it stands."""
    try:
        effect = effect_of(rule.rule(), rulebook(), rules_with(rule), timezone.localdate())
    except RuleError as error:
        return {"misfit": in_words(error.message)}
    changes = [
        {
            "named": change.questions[:MOST_NAMED],
            "more": len(change.questions) - MOST_NAMED,
            "count": len(change.questions),
            "parts": change.parts,
        }
        for change in effect.changes
    ]
    return {"effect": effect, "changes": changes, "open_cases": _open_cases(rule)}


def _open_cases(rule: FilingRule) -> int | None:
    """Open filings of this place, category and insurance; None above a pooling area."""
    place = division(rule.place)
    if place is None or place.pooling_area is None:
        return None
    column = "city" if place.pooling_area == rule.place else "county"
    same = Case.objects.filter(kind="filing", is_open=True, **{column: rule.place})
    return same.filter(topic=rule.category, insurance=rule.insurance).count()
