"""Looking at the pages after submitting: whose browser, which address, what is read."""

from casework.actors import Actor
from casework.models import Case
from residents.models import Holding
from tests.factories import HoldingFactory
from tests.reimbursements.claims.factories import (
    WHY,
    accepted_claim,
    act,
    approval_claim,
    corrected_claim,
    failed_claim,
    insured,
    paid_claim,
    payable_claim,
    queued_claim,
    second_claim,
    staff,
    submitted_claim,
)
from tests.reimbursements.pages.walking import BACKEND, enter, text_of

__all__ = ["enter", "text_of"]


def rejected_claim() -> Case:
    """A claim that was refused in the second review."""
    return act(second_claim(), "reject", staff("second"), reason="other", note="费用由第三方负担")


def not_accepted_claim() -> Case:
    """A claim that was not accepted."""
    return act(queued_claim(), "not_accept", staff(), **WHY)


def reversed_claim() -> Case:
    """A claim that was paid and taken back."""
    return act(paid_claim(), "reverse", staff("supervisor"), **WHY)


def withdrawn_claim() -> Case:
    """A claim its resident took back."""
    case = queued_claim()
    return act(case, "withdraw", resident_of(case))


def lapsed_claim(clock) -> Case:
    """A claim that was not corrected in time; moves the clock."""
    case = corrected_claim()
    clock.move_to("2026-12-20T10:00:00+08:00")
    return act(case, "lapse", machine())


def resident_of(case: Case):
    """The account that claims, as an actor."""
    return Actor.resident(case.account)


def machine():
    """The system as an actor."""
    return Actor.system()


def url(case: Case, rest: str = "") -> str:
    """An address of the pages of a claim."""
    return f"/claims/{case.public_id}/{rest}"


def own(client, case: Case):
    """The browser of the account that claims."""
    client.force_login(case.account, BACKEND)
    return client


def proxy_of(case: Case) -> Holding:
    """Another account that has proven to act for the person of a claim."""
    return HoldingFactory(
        person=case.person, relation=Holding.Relation.PARENT, name="王秀兰", standing="bound"
    )


def stranger(client):
    """The browser of somebody else."""
    return enter(client, insured(name="张三"))


STATES = {
    "submitted": submitted_claim,
    "intake": queued_claim,
    "first_review": accepted_claim,
    "second_review": second_claim,
    "approval": approval_claim,
    "payable": payable_claim,
    "paid": paid_claim,
    "payment_failed": failed_claim,
    "correction": corrected_claim,
    "not_accepted": not_accepted_claim,
    "rejected": rejected_claim,
    "withdrawn": withdrawn_claim,
    "reversed": reversed_claim,
}
