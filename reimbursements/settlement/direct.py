"""What a stay that was settled elsewhere adds to the deductibles of the year.

A direct settlement says how much deductible was taken, not under which name a policy counts
it. Where everything that this policy pays for such care is counted under one name, that is the
name; otherwise the facts of the stay have to tell, and where they do not, nothing is counted.
"""

from datetime import date

from reimbursements.settlement.account import Account, Counter
from reimbursements.settlement.conditions import holds
from reimbursements.settlement.errors import StayError
from reimbursements.settlement.model import Benefit, Deductible, Policy, Version
from reimbursements.settlement.plan import DeductiblePlan
from reimbursements.settlement.planning import plan_for
from reimbursements.settlement.stay import Stay
from reimbursements.settlement.work import period_name

SECTION, STANDARDS = "deductibles", "deductible_standards"


def deductible_taken(
    policy: Policy, version: Version, stay: Stay, account: Account, taken: int, day: date
) -> dict[Counter, int] | None:
    """The counters of the year that a deductible of `taken` fen moves, as the engine would have
    moved them; None when the facts do not tell under which name it is counted.

    `stay` may be silent on everything but its kind; `day` is the one that decides the month and
    the quarter.
    """
    plan = _plan(policy, version, stay, account)
    pots = {benefit.pot for benefit in version.benefits if _may_fit(benefit, stay)}
    if plan is None and len(pots) != 1:
        return None
    pot = plan.pot if plan else pots.pop()
    found = {(SECTION, pot): taken}
    for period in [plan.period] if plan else sorted(_periods(version, stay)):
        if period in ("quarter", "month"):
            found[SECTION, period_name(pot, period, day)] = taken
        elif period == "institution_year" and stay.institution:
            found[SECTION, f"{pot}@{stay.institution}"] = taken
    first = (STANDARDS, pot) not in account.counters
    if plan and plan.period == "year" and plan.fixed is not None and first:
        found[STANDARDS, pot] = plan.fixed
    return {key: fen for key, fen in found.items() if fen}


def _plan(policy: Policy, version: Version, stay: Stay, account: Account) -> DeductiblePlan | None:
    """The deductible as the engine would find it, where the facts say enough."""
    try:
        benefit = plan_for(policy, version, stay, account).benefit
    except StayError:
        return None
    return benefit.deductible if benefit else None


def _may_fit(benefit: Benefit, stay: Stay) -> bool:
    """Whether care of this kind may fall under a benefit that has a deductible."""
    accepted = benefit.when.get("kind")
    fits = accepted is None or holds({"kind": accepted}, {"kind": stay.kind})
    return fits and benefit.deductible is not None


def _periods(version: Version, stay: Stay) -> set[str]:
    """Every period for which a deductible of such care may be charged."""
    rules: list[Deductible] = [b.deductible for b in version.benefits if _may_fit(b, stay)]
    own = {
        row.value.period
        for rule in rules
        for row in (*rule.table.rows, *rule.table.exceptions)
        if row.value.period
    }
    return own | {rule.period for rule in rules}
