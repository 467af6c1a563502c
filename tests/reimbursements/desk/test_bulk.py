"""Approving many claims at once: each checked on its own, with a result of its own."""

import pytest

from casework.actors import Actor
from casework.models import Case, CaseEvent
from reimbursements.models import Claim
from tests.casework.desk_helpers import QUEUE, visible_text
from tests.reimbursements.claims.factories import (
    act,
    approval_claim,
    bill,
    second_claim,
    staff,
)
from tests.reimbursements.desk.helpers import desk_of

pytestmark = pytest.mark.django_db


def approve_all(client, cases: list[Case]) -> str:
    """What the page says after ticking these cases and approving them."""
    ticked = [f"{case.pk}:{case.version}" for case in cases]
    page = client.post(f"{QUEUE}bulk/", {"bulk": "approve", "pk": ticked})
    return " ".join(visible_text(page.content.decode()).split())


def clean(case: Case) -> Case:
    """The claim as if the checks had found nothing."""
    Case.objects.filter(pk=case.pk).update(doubts="")
    return Case.objects.get(pk=case.pk)


def test_clean_claims_below_the_limit_are_approved_and_the_others_named_with_the_reason():
    user, client = desk_of("approval")
    good = [clean(approval_claim(bills=[bill("3000.00")])) for _ in range(2)]
    doubtful = approval_claim(bills=[bill("3000.00")])
    Case.objects.filter(pk=doubtful.pk).update(doubts=" late ")
    dear = clean(approval_claim(bills=[bill("100000.00")]))
    early = clean(second_claim(bills=[bill("3000.00")]))
    page = approve_all(client, [*good, doubtful, dear, early])
    states = dict(Case.objects.values_list("pk", "status"))
    assert [states[case.pk] for case in good] == ["payable"] * 2
    assert (states[doubtful.pk], states[dear.pk]) == ("approval", "approval")
    assert states[early.pk] == "second_review"
    assert page.count("已审批通过") == 2
    assert "有疑点，请打开办件逐项核对" in page and "请由主管审批" in page
    assert f"{early.number}" in page and "不能审批通过" in page
    assert CaseEvent.objects.filter(code="approved", actor=user).count() == 2
    assert all(Claim.objects.get(pk=case.pk).payable_fen > 0 for case in good)


def test_what_somebody_did_at_another_stage_they_do_not_approve_in_bulk():
    user, client = desk_of("supervisor")
    case = act(second_claim(bills=[bill("3000.00")]), "pass_second", Actor.staff(user))
    other = act(second_claim(bills=[bill("3000.00")]), "pass_second", staff("second"))
    page = approve_all(client, [clean(case), clean(other)])
    states = dict(Case.objects.values_list("pk", "status"))
    assert (states[case.pk], states[other.pk]) == ("approval", "payable")
    assert "须由不同的人员办理" in page


def test_a_page_that_has_grown_old_approves_nothing():
    client = desk_of("approval")[1]
    case = clean(approval_claim(bills=[bill("3000.00")]))
    Case.objects.filter(pk=case.pk).update(version=case.version + 1)
    assert "不是最新内容" in approve_all(client, [case])
    assert Case.objects.get(pk=case.pk).status == "approval"
