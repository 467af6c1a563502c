"""Money after a second look: what was asked back is part of the new figure, not beside it."""

import pytest

from casework.actors import Actor
from reimbursements.models import Adjustment, Payment
from reimbursements.service import decide_bill, preview_settlement
from tests.reimbursements.claims.factories import (
    WHY,
    accepted_claim,
    act,
    bills_of,
    claim_of,
    staff,
)

pytestmark = pytest.mark.django_db


def adjusted(case, fen: int, first):
    """First review with an adjustment that a second person confirms, then decided."""
    case = act(case, "propose_adjustment", first, note="示例", data={"amount": fen})
    case = act(case, "pass_first", first)
    second = staff("second")
    row = Adjustment.objects.filter(state="proposed").get()
    case = act(case, "confirm_adjustment", second, data={"adjustment": row.pk})
    return act(act(case, "pass_second", second), "approve", staff("supervisor"))


def test_what_was_asked_back_is_asked_no_more_when_a_second_look_pays_it_after_all():
    first = staff()
    case = accepted_claim(actor=first)
    case = decide_bill(case, bills_of(case)[0], first, "accepted")
    due = preview_settlement(case).payable_fen
    case = adjusted(case, -due - 100, first)
    case = act(case, "close", staff("finance"))
    asked = Payment.objects.get(kind="recovery")
    assert (asked.amount_fen, asked.state) == (-100, "due")
    case = act(case, "appeal", Actor.resident(case.account), note="请再看一次")
    case = act(case, "return_to_first", staff("second"), **WHY)
    case = adjusted(case, 300, staff())
    assert claim_of(case).payable_fen == 200
    asked.refresh_from_db()
    assert asked.state == "cancelled", "else 200 would be paid and 100 asked back besides"
