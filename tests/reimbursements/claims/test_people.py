"""Who may act: three different people, nobody on their own case, a supervisor above the limit."""

import pytest
from django.utils import timezone

from casework.actors import Actor
from casework.errors import NotAllowed
from casework.models import StaffProfile
from casework.perform import available
from reimbursements.delegating import delegate
from reimbursements.limits import LimitsError, limits_of, read_limits
from reimbursements.models import Adjustment
from reimbursements.service import decide_bill
from tests.factories import LINCANG, LINXIANG, StaffProfileFactory, clerk
from tests.reimbursements.claims.factories import (
    WHY,
    accepted_claim,
    act,
    approval_claim,
    bill,
    bills_of,
    decided_claim,
    insured,
    listed,
    payable_claim,
    queued_claim,
    second_claim,
    staff,
)

pytestmark = pytest.mark.django_db

APART = "不同的人员"


@pytest.fixture(autouse=True)
def now(monday):
    return monday


def test_one_supervisor_cannot_do_two_of_the_three_stages():
    one = staff("supervisor")
    case = second_claim(actor=one)
    for name in ("take", "pass_second", "return_to_first", "reject"):
        with pytest.raises(NotAllowed, match=APART):
            act(case, name, one, **(WHY if name in ("return_to_first", "reject") else {}))
    case = act(case, "pass_second", staff("second"))
    with pytest.raises(NotAllowed, match=APART):
        act(case, "approve", one)


def test_who_did_the_second_review_does_not_approve():
    two = staff("supervisor")
    case = act(second_claim(), "pass_second", two)
    with pytest.raises(NotAllowed, match=APART):
        act(case, "approve", two)


def test_who_decided_a_bill_does_not_review_it_again():
    """Also when somebody else signed the first review off."""
    helper = staff("supervisor")
    case = accepted_claim()
    case = decide_bill(case, bills_of(case)[0], helper, "accepted")
    case = act(case, "pass_first", staff())
    with pytest.raises(NotAllowed, match=APART):
        act(case, "pass_second", helper)


def test_who_returned_a_claim_stays_of_that_stage():
    second = staff("supervisor")
    case = act(second_claim(), "return_to_first", second, **WHY)
    with pytest.raises(NotAllowed, match=APART):
        act(case, "pass_first", second)
    case = act(case, "pass_first", staff())
    assert act(case, "pass_second", second).status == "approval"


def test_who_changed_to_finance_does_not_pay_what_they_approved():
    user = clerk("supervisor", LINCANG)
    case = payable_claim(actor=Actor.staff(user))
    listed(case)
    StaffProfile.objects.filter(user=user).update(role="finance")
    user.staff_profile.refresh_from_db()
    with pytest.raises(NotAllowed, match=APART):
        act(case, "pay", Actor.staff(user))


def test_the_separation_holds_when_the_city_does_a_stage_for_the_county():
    county, city = staff("supervisor", LINXIANG), staff("supervisor", LINCANG)
    case = decided_claim(actor=county)
    case = act(case, "pass_first", county)
    with pytest.raises(NotAllowed, match=APART):
        act(case, "pass_second", county)
    today = timezone.localdate()
    delegate(county.user, "second_review", today, None, "临翔医保〔2026〕示例号", timezone.now())
    assert act(case, "pass_second", city).status == "approval"


def test_a_clerk_never_handles_their_own_claim():
    holding = insured()
    own = StaffProfileFactory(role="first", id_number=holding.person.id_number).user
    case = queued_claim(holding)
    for name in ("take", "accept"):
        with pytest.raises(NotAllowed, match="本人"):
            act(case, name, Actor.staff(own))


def test_a_clerk_of_another_place_is_refused():
    with pytest.raises(NotAllowed, match="范围"):
        act(queued_claim(), "accept", staff("first", "150100"))


def test_above_the_limit_of_the_place_a_supervisor_approves():
    case = approval_claim(bills=[bill("100000.00")])
    clerk_of_approval = staff("approval")
    with pytest.raises(NotAllowed, match=r"20000 元（示例）"):
        act(case, "approve", clerk_of_approval)
    refusals = {row.name: why for row, why in available(case, clerk_of_approval)}
    assert "主管" in refusals["approve"]
    assert act(case, "approve", staff("supervisor")).status == "payable"


def test_below_the_limit_the_clerk_of_approval_approves():
    assert act(approval_claim(), "approve", staff("approval")).status == "payable"


def test_a_place_without_a_limit_asks_a_supervisor_always():
    assert limits_of("340300").supervisor_above is None
    assert limits_of("340300").needs_supervisor(1)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("nation: {intake_days: 5}\n", "两部分"),
        ("nation: {intake_days: 5, statutory_days: 30}\nareas: {}\n", "来源"),
        (
            "nation: {intake_days: x, statutory_days: 30, source: 甲}\nareas: {}\n",
            "intake_days 应为",
        ),
        (
            "nation: {intake_days: 5, statutory_days: 30, source: 甲}\n"
            'areas: {"530900": {supervisor_above: 20万, source: 乙}}\n',
            "supervisor_above",
        ),
        (
            "nation: {intake_days: 5, statutory_days: 30, source: 甲}\n"
            'areas: {"530900": {above: 1, source: 乙}}\n',
            "只能写",
        ),
        (
            "nation: {intake_days: 5, statutory_days: 30, source: 甲}\n"
            'areas: {"5309": {source: 乙}}\n',
            "六位",
        ),
    ],
)
def test_a_file_of_limits_that_does_not_fit_says_where(text, words):
    with pytest.raises(LimitsError, match=words):
        read_limits(text, "limits.yaml")


def appealed(case, note="材料已补齐"):
    return act(case, "appeal", Actor.resident(case.account), note=note)


def test_an_appeal_is_looked_at_by_none_of_those_who_decided():
    first, second, head = staff("supervisor"), staff("supervisor"), staff("supervisor")
    case = decided_claim(actor=first)
    case = act(case, "pass_first", first)
    case = act(case, "pass_second", second)
    case = appealed(act(case, "reject", head, **WHY))
    assert case.status == "second_review" and case.assignee_id is None
    for before in (first, second, head):
        with pytest.raises(NotAllowed, match="原决定以外"):
            act(case, "pass_second", before)
    case = act(case, "pass_second", staff("second"))
    with pytest.raises(NotAllowed, match="原决定以外"):
        act(case, "approve", head)
    assert act(case, "approve", staff("supervisor")).status == "payable"


def test_there_is_one_appeal_and_it_says_why():
    case = act(approval_claim(), "reject", staff("approval"), **WHY)
    with pytest.raises(NotAllowed, match="理由"):
        appealed(case, note="")
    case = appealed(case)
    with pytest.raises(NotAllowed, match="不能撤回"):
        act(case, "withdraw", Actor.resident(case.account))
    case = act(case, "reject", staff("second"), **WHY)
    with pytest.raises(NotAllowed, match="已经复核过"):
        appealed(case)


def test_a_claim_not_accepted_goes_back_to_a_first_review_after_an_appeal():
    case = appealed(act(queued_claim(), "not_accept", staff(), **WHY))
    with pytest.raises(NotAllowed, match="还没有初审"):
        act(case, "pass_second", staff("second"))
    case = act(case, "return_to_first", staff("second"), **WHY)
    assert case.status == "first_review"


def test_an_adjustment_is_dropped_and_stays_as_a_row():
    case = approval_claim()
    case = act(case, "propose_adjustment", staff("approval"), data={"amount": "-100"}, note="误")
    row = Adjustment.objects.get()
    case = act(case, "drop_adjustment", staff("supervisor"), data={"adjustment": row.pk})
    row.refresh_from_db()
    assert row.state == "dropped"
    assert act(case, "approve", staff("supervisor")).status == "payable"


def test_a_case_is_assigned_only_to_somebody_who_may_act_at_its_stage():
    first = staff()
    case = second_claim(actor=first)
    head = staff("supervisor")
    for user, words in (
        (clerk("first", LINCANG), "这个环节由复审"),
        (clerk("second", "150100"), "范围"),
    ):
        with pytest.raises(NotAllowed, match=words):
            act(case, "assign", head, data={"assignee": user.pk})
    receiver = clerk("second", LINCANG)
    assert act(case, "assign", head, data={"assignee": receiver.pk}).assignee_id == receiver.pk
