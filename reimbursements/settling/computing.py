"""One computation: facts, bills and the year so far to what the engine says of them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from reimbursements.models import Settlement as Row
from reimbursements.policy_store import policy_of_stay
from reimbursements.settlement import (
    Account,
    Policy,
    PolicyError,
    Settlement,
    Stay,
    StayError,
    read_stay,
    settle,
    settle_again,
    year_data,
    year_of,
)
from reimbursements.settling.errors import CannotSettle, in_words
from reimbursements.settling.inputs import BillParts, StayFacts, as_json, input_of
from reimbursements.settling.years import account_of

NO_POLICY = "参保地没有这个险种在这一天的结算政策，不能计算；请先维护并发布结算政策"
NO_BILLS = "没有认可的票据，不能结算"


@dataclass(frozen=True)
class Computed:
    """A settlement with what it was computed from."""

    told: dict
    settlement: Settlement
    policy: Policy

    @property
    def input(self) -> dict:
        """What the engine was told, as a JSON object."""
        return as_json(self.told)

    @property
    def paid_fen(self) -> int:
        """What all funds pay together for the whole stay, in fen."""
        return sum(self.settlement.funds.values())


def compute(
    facts: StayFacts,
    bills: list[BillParts],
    year: Callable[[int], dict],
    earlier: Row | None,
) -> Computed:
    """Settle a stay with these bills, in place of its `earlier` settlement if it has one.

    `year(number)` gives the data of the person's account of that year. Raises CannotSettle
    with a Chinese sentence.
    """
    if not bills:
        raise CannotSettle(NO_BILLS)
    try:
        return _compute(facts, bills, year, earlier)
    except (StayError, PolicyError) as error:
        raise CannotSettle(in_words(error)) from error


def _compute(facts, bills, year, earlier) -> Computed:
    policy = policy_of_stay(facts.insured_area, facts.insurance, _bare(facts))
    if policy is None:
        raise CannotSettle(NO_POLICY)
    data = input_of(facts, bills, policy)
    stay = read_stay(data, policy)
    number = year_of(policy, stay)
    # A fund that paid at a hospital's desk need not be one of this policy: no name is checked.
    account = account_of(year(number))
    if earlier is None or not earlier.output:
        return Computed(data, settle(policy, stay, account), policy)
    if earlier.account.year != number:
        raise CannotSettle(
            f"这次住院此前按 {earlier.account.year} 年度结算，现在应按 {number} 年度；"
            "请先冲销原来的结算"
        )
    settled, _ = settle_again(policy, stay, account, remembered(earlier, policy))
    return Computed(data, settled, policy)


def remembered(row: Row, policy: Policy) -> Settlement:
    """A stored settlement as far as settling anew needs it; its rows stay in the store."""
    return Settlement(
        total=row.total_fen,
        own_expense=0,
        over_limit=0,
        self_first=0,
        in_scope=row.in_scope_fen,
        deductible=0,
        funds=dict(row.funds),
        account=0,
        cash=row.personal_fen,
        personal=row.personal_fen,
        rows=(),
        before=account_of(row.before),
        after=account_of(row.after),
        policy=policy,
        version=policy.versions[0],
        nth_stay=row.nth_stay,
    )


def empty_year(year: int) -> dict:
    """The data of a year in which nothing was settled yet."""
    return year_data(Account(year=year))


def age_on(born: date | None, day: date) -> int | None:
    """Full years of age on a day; None when the birth date is not known."""
    if born is None or day < born:
        return None
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def _bare(facts: StayFacts) -> Stay:
    return Stay(
        kind=facts.kind,
        admitted_on=facts.admitted_on,
        discharged_on=facts.discharged_on,
        settled_on=facts.settled_on,
    )
