"""What the page of a policy shows beside its text: time, changes, examples, effect, history."""

from datetime import timedelta
from typing import NamedTuple

from casework.versions import changed_lines, history_of
from reimbursements.jobs.recompute import paid_under
from reimbursements.models import Settlement, SettlementPolicy
from reimbursements.policy_files import examples_of, in_words
from reimbursements.policy_publishing import neighbours
from reimbursements.settlement import CaseTableError, Policy, PolicyError
from reimbursements.settlement.audit import warnings
from reimbursements.settlement.cases import CaseResult
from reimbursements.settlement.money import yuan

LAST_SETTLED = 50


class Effect(NamedTuple):
    """One settled stay under this policy: fen that all funds pay, before and now."""

    number: str
    before: int
    now: int

    @property
    def change(self) -> int:
        return self.now - self.before

    @property
    def in_yuan(self) -> tuple[str, str, str]:
        """Before, now, and the change."""
        return yuan(self.before), yuan(self.now), yuan(self.change)


def page_of(row: SettlementPolicy, with_claims: bool) -> dict:
    """The context of the page. `with_claims` also settles the last claims of the area by
    this policy, for those who may see them."""
    before, after = neighbours(row)
    context = {
        "before": before,
        "after": after,
        "ends_on": _ends_on(row, after),
        "changed": changed_lines(before.text if before else "", row.text) if before else [],
        "text_lines": list(enumerate(row.text.splitlines(), 1)),
        "history": history_of(row, "text", "cases"),
        "unreadable": "",
        "funds": [],
        "warnings": [],
        "examples": [],
        "failing": 0,
        "cases_unreadable": "",
        "looked": None,
    }
    try:
        policy = row.policy()
    except PolicyError as error:
        return {**context, "unreadable": str(error)}
    context["funds"] = list(policy.fund_labels.values())
    context["warnings"] = warnings(policy)
    context |= _examples(policy, row.cases)
    if with_claims and row.state != SettlementPolicy.State.PUBLISHED:
        context |= _effect(policy)
    return context


def _ends_on(row, after):
    """The last day on which it holds: stated, or the eve of the version that follows."""
    eve = after.valid_from - timedelta(days=1) if after else None
    return min(filter(None, (row.valid_to, eve)), default=None)


def _examples(policy: Policy, cases: str) -> dict:
    try:
        results = examples_of(policy, cases)
    except CaseTableError as error:
        return {"cases_unreadable": str(error)}
    return {
        "examples": [_example(policy, result) for result in results],
        "failing": sum(bool(result.problems) for result in results),
    }


def _example(policy: Policy, result: CaseResult) -> dict:
    settled = result.settled or {}
    funds = settled.get("funds", {})
    return {
        "row": result.row,
        "name": result.name,
        "total": settled.get("total", ""),
        "funds": [funds.get(code, "") for code in policy.fund_labels],
        "personal": settled.get("personal", ""),
        "said": in_words(policy, result),
    }


def _effect(policy: Policy) -> dict:
    """The last settlements by a policy of the same place and insurance, settled again
    without storing it."""
    rows = Settlement.objects.filter(
        policy_place=policy.place,
        insurance=policy.insurance,
        kind=Settlement.Kind.SETTLED,
        replaced_by__isnull=True,
    )
    rows = rows.select_related("claim__case").defer("output", "after")
    effects, outside = [], 0
    looked = list(rows.order_by("-pk")[:LAST_SETTLED])
    for row in looked:
        now = paid_under(policy, row)
        if now is None:
            outside += 1
        else:
            effects.append(Effect(row.claim.case.number or "", row.paid_fen, now))
    changed = [effect for effect in effects if effect.change]
    return {
        "looked": len(looked),
        "settled_outside": outside,
        "effects": changed,
        "effect_sum": yuan(sum(effect.change for effect in changed)),
    }
