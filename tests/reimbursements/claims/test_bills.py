"""Bills become rows when a claim is submitted, and one bill is claimed once."""

import pytest
from django.db import IntegrityError, transaction

from casework.actors import Actor
from casework.errors import NotAllowed
from casework.perform import perform
from reimbursements.acts.billing import ELSEWHERE
from reimbursements.models import Bill, Claim
from reimbursements.payments import PaymentRefused
from reimbursements.service import answers_now, decide_bill, save, submit_claim
from tests.factories import resident
from tests.reimbursements.claims.factories import (
    WHY,
    accepted_claim,
    act,
    answered,
    approval_claim,
    bill,
    bills_of,
    claim_of,
    corrected_claim,
    draft_claim,
    insured,
    listed,
    paid_claim,
    payable_claim,
    queued_claim,
    staff,
    submitted_claim,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def now(monday):
    return monday


def withdraw(case):
    return perform(case, "withdraw", Actor.resident(case.account), version=case.version)


def test_a_draft_has_no_rows_and_blocks_nobody():
    same = [bill()]
    draft_claim(bills=same)
    assert not Bill.objects.exists()
    assert submitted_claim(bills=same).status == "submitted"


def test_a_submitted_bill_is_alive_and_in_its_normal_form():
    case = submitted_claim(bills=[bill(code="５１０６ 0126", number="000012-3456")])
    row = bills_of(case)[0]
    assert (row.code, row.number) == ("51060126", "0000123456")
    assert (row.code_norm, row.number_norm) == ("51060126", "123456")
    assert row.alive and row.paper == "not_needed" and row.decision == "open"
    assert claim_of(case).billed_fen == 2_000_000


def test_the_same_bill_of_the_same_person_names_the_first_claim():
    holding, same = insured(), [bill()]
    first = submitted_claim(holding, same)
    case = draft_claim(holding, [{**same[0], "key": "x", "number": f" {same[0]['number']} "}])
    with pytest.raises(NotAllowed, match=f"{first.number} 中申请"):
        submit_claim(case, Actor.resident(case.account))
    case.refresh_from_db()
    assert case.is_draft and case.number is None
    assert not Claim.objects.filter(pk=case.pk).exists()


def test_the_same_bill_of_somebody_else_says_nothing_of_them():
    same = [bill()]
    first = submitted_claim(bills=same)
    with pytest.raises(NotAllowed) as refused:
        submitted_claim(bills=same)
    assert str(refused.value) == ELSEWHERE
    assert first.number not in str(refused.value)


def test_one_account_that_claims_for_two_persons_is_told_the_number():
    account, same = resident(), [bill()]
    first = submitted_claim(insured(account=account), same)
    with pytest.raises(NotAllowed, match=first.number):
        submitted_claim(insured(account=account, relation="parent"), same)


def test_the_database_refuses_a_second_living_bill_whatever_the_code_does():
    one, two = (bills_of(submitted_claim())[0] for _ in range(2))
    two.kind, two.code_norm, two.number_norm = one.kind, one.code_norm, one.number_norm
    with pytest.raises(IntegrityError), transaction.atomic():
        two.save()
    two.alive = False
    two.save()


def test_a_clash_at_the_same_moment_is_said_in_chinese(monkeypatch):
    """Both have looked before either wrote: the constraint speaks."""
    same = [bill()]
    submitted_claim(bills=same)
    monkeypatch.setattr("reimbursements.acts.billing.refuse_taken", lambda *args: None)
    with pytest.raises(NotAllowed, match=ELSEWHERE):
        submitted_claim(bills=same)


@pytest.mark.parametrize(
    "end",
    [
        lambda bills: withdraw(queued_claim(bills=bills)),
        lambda bills: act(queued_claim(bills=bills), "not_accept", staff(), **WHY),
        lambda bills: act(approval_claim(bills=bills), "reject", staff("approval"), **WHY),
        lambda bills: act(payable_claim(bills=bills), "reverse", staff("finance"), **WHY),
    ],
)
def test_bills_of_a_claim_that_ended_may_be_claimed_again(end):
    same = [bill()]
    ended = end(same)
    assert not Bill.objects.filter(claim_id=ended.pk, alive=True).exists()
    assert submitted_claim(bills=same).status == "submitted"


def test_a_paid_bill_stays_taken():
    same = [bill()]
    paid_claim(bills=same)
    with pytest.raises(NotAllowed, match=ELSEWHERE):
        submitted_claim(bills=same)


def test_an_appeal_takes_the_bills_again_unless_somebody_has_them():
    same = [bill()]
    one = act(queued_claim(bills=same), "not_accept", staff(), **WHY)
    other = submitted_claim(bills=same)
    with pytest.raises(NotAllowed, match=ELSEWHERE):
        act(one, "appeal", Actor.resident(one.account), note="应受理")
    withdraw(other)
    one = act(one, "appeal", Actor.resident(one.account), note="应受理")
    assert bills_of(one)[0].alive


def test_two_bills_of_one_claim_cannot_be_the_same():
    one = bill()
    case = draft_claim(bills=[one, {**one, "key": "again"}])
    with pytest.raises(NotAllowed, match="第 2 张票据和第 1 张是同一张"):
        submit_claim(case, Actor.resident(case.account))


def test_a_correction_keeps_what_was_not_changed_and_opens_what_was():
    kept, changed, gone, new = bill("100.00"), bill("200.00"), bill("300.00"), bill("400.00")
    actor = staff()
    case = accepted_claim(bills=[kept, changed, gone], actor=actor)
    for row in bills_of(case):
        case = decide_bill(case, row, actor, "accepted")
    items = [{"target": "field:bills", "reason_code": "other", "text": "请核对"}]
    case = act(case, "request_correction", actor, data={"items": items})
    save(case, {"bills": [kept, {**changed, "total": "250.00", "in_scope": "250.00"}, new]})
    case = submit_claim(case, Actor.resident(case.account))

    assert case.status == "first_review"
    rows = {row.key: row for row in Bill.objects.filter(claim_id=case.pk)}
    assert rows[kept["key"]].decision == "accepted"
    assert rows[changed["key"]].decision == "open"
    assert rows[changed["key"]].total_fen == 25_000
    assert rows[changed["key"]].revision.number == 2 and rows[kept["key"]].revision.number == 1
    assert rows[gone["key"]].removed and not rows[gone["key"]].alive
    assert rows[new["key"]].alive
    assert claim_of(case).billed_fen == 10_000 + 25_000 + 40_000
    assert submitted_claim(bills=[gone]).status == "submitted"


def test_two_bills_whose_numbers_were_mixed_up_can_be_corrected():
    one, two = bill("100.00"), bill("200.00")
    actor = staff()
    case = accepted_claim(bills=[one, two], actor=actor)
    items = [{"target": "field:bills", "reason_code": "other", "text": "号码填反"}]
    case = act(case, "request_correction", actor, data={"items": items})
    mended = [{**one, "number": two["number"]}, {**two, "number": one["number"]}]
    save(case, {"bills": mended})
    case = submit_claim(case, Actor.resident(case.account))
    assert [row.number for row in bills_of(case)] == [two["number"], one["number"]]
    assert all(row.alive for row in bills_of(case))


def test_a_bill_taken_out_and_put_back_lives_again():
    one, two = bill("100.00"), bill("200.00")
    case = corrected_claim()
    save(case, {"bills": [one, two]})
    case = submit_claim(case, Actor.resident(case.account))
    assert case.status == "intake"
    assert {row.key for row in bills_of(case)} == {one["key"], two["key"]}


def test_payment_waits_for_the_paper_original():
    case = payable_claim(bills=[bill(form="paper"), bill("10.00")])
    clerk = staff("finance")
    paper = bills_of(case)[0]
    assert paper.paper == "awaited"
    with pytest.raises(PaymentRefused) as refused:
        listed(case)
    assert "1 张纸质票据原件没有收到" in refused.value.problems[0]
    with pytest.raises(NotAllowed, match="还没有收到"):
        act(case, "note_paper", clerk, data={"bill": paper.pk, "state": "kept"})
    case = act(case, "note_paper", clerk, data={"bill": paper.pk, "state": "received"})
    paper.refresh_from_db()
    assert paper.paper_by == clerk.user and paper.paper_at
    assert answered(case).status == "paid"


def test_an_e_bill_has_no_paper_to_note():
    case = accepted_claim()
    data = {"bill": bills_of(case)[0].pk, "state": "received"}
    with pytest.raises(NotAllowed, match="电子票据"):
        act(case, "note_paper", staff(), data=data)


def test_a_bill_of_another_claim_cannot_be_decided_here():
    actor = staff()
    case, other = accepted_claim(actor=actor), accepted_claim()
    with pytest.raises(NotAllowed, match="这件申请里的票据"):
        decide_bill(case, bills_of(other)[0], actor, "accepted")


@pytest.mark.parametrize("amount", [0, 2_000_001, -5])
def test_a_cut_lies_within_the_bill(amount):
    actor = staff()
    case = accepted_claim(actor=actor)
    with pytest.raises(NotAllowed, match="核减金额"):
        decide_bill(case, bills_of(case)[0], actor, "cut", amount, "other", note="超标准")


def test_a_cut_says_why():
    actor = staff()
    case = accepted_claim(actor=actor)
    with pytest.raises(Exception, match="理由"):
        decide_bill(case, bills_of(case)[0], actor, "cut", 100, "")


def test_a_claim_with_an_open_bill_does_not_leave_the_first_review():
    with pytest.raises(NotAllowed, match="1 张票据没有审核"):
        act(accepted_claim(), "pass_first", staff())


def test_a_claim_of_which_everything_was_cut_is_refused_not_approved():
    actor = staff()
    case = accepted_claim(actor=actor)
    row = bills_of(case)[0]
    case = decide_bill(case, row, actor, "cut", 2_000_000, "other", note="不属支付范围")
    case = act(case, "pass_first", actor)
    case = act(case, "pass_second", staff("second"))
    with pytest.raises(NotAllowed, match="没有认可的票据"):
        act(case, "approve", staff("supervisor"))
    assert act(case, "reject", staff("approval"), **WHY).status == "rejected"


def test_answers_of_a_submitted_claim_are_those_that_were_typed():
    case = submitted_claim()
    assert answers_now(case).all_bills[0].total_fen == 2_000_000
    with pytest.raises(NotAllowed):
        save(case, {"diagnosis": "改"})
