"""The stages at the desk: who sees which button, tried by each role; adjustments; the filing."""

import re

import pytest

from casework.actors import Actor
from casework.models import Case, Reason, StaffProfile
from reimbursements.models import Adjustment
from residents.models import AccessLog
from tests.casework.desk_helpers import QUEUE, staff_client
from tests.factories import LINCANG, LINXIANG, StaffProfileFactory, clerk
from tests.reimbursements.claims.factories import (
    accepted_claim,
    act,
    approval_claim,
    bill,
    claim_of,
    decided_claim,
    insured,
    payable_claim,
    queued_claim,
    second_claim,
    staff,
)
from tests.reimbursements.desk.helpers import desk_of, page_of, post

pytestmark = pytest.mark.django_db

ROLES = [str(role) for role in StaffProfile.Role.values]
# What each role is offered at each stage, besides taking the case.
OFFERED = {
    ("intake", "first"): {"accept", "not_accept", "request_correction"},
    ("intake", "supervisor"): {"accept", "not_accept", "request_correction"},
    ("first_review", "first"): {"pass_first", "return_to_intake", "request_correction"},
    ("first_review", "supervisor"): {"pass_first", "return_to_intake", "request_correction"},
    ("second_review", "second"): {"pass_second", "return_to_first", "reject"},
    ("second_review", "supervisor"): {"pass_second", "return_to_first", "reject"},
    ("approval", "approval"): {"approve", "return_to_second", "reject"},
    ("approval", "supervisor"): {"approve", "return_to_second", "reject"},
    ("payable", "finance"): {"reverse"},
    ("payable", "supervisor"): {"reverse"},
}
MAKERS = {
    "intake": queued_claim,
    "first_review": decided_claim,
    "second_review": second_claim,
    "approval": approval_claim,
    "payable": payable_claim,
}


def offered(page: str) -> set[str]:
    """The actions of the decision panel."""
    return set(re.findall(r"/do/(\w+)/", page)) - {"take", "assign", "release"}


@pytest.mark.parametrize("stage", MAKERS)
def test_each_role_is_offered_its_own_actions(stage):
    case = MAKERS[stage](bills=[bill("3000.00")])
    found = {}
    for role in ROLES:
        answer = desk_of(role)[1].get(f"{QUEUE}{case.pk}/change/")
        if answer.status_code == 200 and (got := offered(answer.content.decode())):
            found[(stage, role)] = got
    assert found == {key: value for key, value in OFFERED.items() if key[0] == stage}


# What the forms of the first review answer to each role.
ANSWERS = {
    "first": 302,
    "supervisor": 302,
    "second": 422,
    "approval": 422,
    "finance": 422,
    "auditor": 403,
    "sysadmin": 404,
}


@pytest.mark.parametrize("role", ROLES)
def test_each_role_at_each_form_of_the_first_review_works_or_is_refused(role):
    case = accepted_claim(bills=[bill("100.00")])
    row = case.claim.bills.get()
    client = desk_of(role)[1]
    typed = {"bill": row.pk, "settled_as": "unfiled", "note": "说明", "reason": "other"}
    for name in ("accept_bill", "open_bill", "cut_bill", "set_filing", "propose_adjustment"):
        amount = "" if name == "accept_bill" else "1"
        answer = post(client, case, name, amount=amount, **typed)
        assert answer.status_code == ANSWERS[role], name
    row.refresh_from_db()
    worked = ANSWERS[role] == 302
    assert Adjustment.objects.exists() == worked
    assert row.decision == ("cut" if worked else "open")


def test_a_clerk_of_another_place_gets_no_page_and_no_form():
    case = accepted_claim()
    client = desk_of("first", "150100")[1]
    assert client.get(f"{QUEUE}{case.pk}/change/").status_code == 404
    assert post(client, case, "accept_bill", bill=case.claim.bills.get().pk).status_code == 404
    assert case.claim.bills.get().decision == "open"


def test_nobody_works_on_their_own_claim():
    holding = insured()
    profile = StaffProfileFactory(
        role="first", scope="city", area=LINCANG, id_number=holding.person.id_number
    )
    case = accepted_claim(holding)
    client = staff_client(profile.user)
    page = page_of(client, case)
    assert "这是您本人的办件" in page and "/claim/" not in page
    answer = post(client, case, "accept_bill", bill=case.claim.bills.get().pk)
    assert answer.status_code == 422 and "本人" in answer.content.decode()


def test_the_separation_is_said_in_words():
    user, client = desk_of("supervisor")
    case = second_claim(actor=Actor.staff(user))
    page = page_of(client, case)
    assert "您已初审，不能复审、审批或支付这件申请" in page and "（您本人）" in page
    assert not offered(page)
    other = act(case, "pass_second", staff("second"))
    assert "您已初审" in page_of(client, other)
    third = page_of(desk_of("supervisor")[1], other)
    assert "您已" not in third and "approve" in offered(third)


def test_a_stage_passes_by_the_panel_and_returns_with_a_reason(reasons):
    case = decided_claim()
    first, second = desk_of("first")[1], desk_of("second")[1]
    first.post(f"{QUEUE}{case.pk}/do/pass_first/", {"version": case.version})
    case = Case.objects.get(pk=case.pk)
    assert case.status == "second_review"
    data = {"version": case.version, "reason": "bills_again"}
    preview = second.post(f"{QUEUE}{case.pk}/do/return_to_first/", data)
    assert "票据的审核有遗漏或错误" in preview.content.decode()
    second.post(f"{QUEUE}{case.pk}/do/return_to_first/", {**data, "confirm": "1"})
    assert Case.objects.get(pk=case.pk).status == "first_review"


@pytest.mark.parametrize(
    ("maker", "role", "name"),
    [
        (queued_claim, "first", "not_accept"),
        (queued_claim, "first", "request_correction"),
        (decided_claim, "first", "return_to_intake"),
        (second_claim, "second", "return_to_first"),
        (approval_claim, "approval", "return_to_second"),
        (approval_claim, "approval", "reject"),
        (payable_claim, "finance", "reverse"),
    ],
)
def test_every_action_that_says_why_has_maintained_reasons(reasons, maker, role, name):
    page = page_of(desk_of(role)[1], maker(bills=[bill("3000.00")]))
    form = page.split(f"/do/{name}/")[1].split("</form>")[0]
    listed = set(Reason.objects.filter(kind="claim", action=name).values_list("code", flat=True))
    assert listed & set(re.findall(r'value="([a-z_]+)"', form))


@pytest.mark.parametrize("name", ["pay", "fail"])
def test_nobody_pays_a_claim_past_the_list_for_the_bank(name):
    case = payable_claim(bills=[bill("3000.00")])
    answer = desk_of("finance")[1].post(
        f"{QUEUE}{case.pk}/do/{name}/", {"version": case.version, "note": "已付", "reason": "other"}
    )
    assert answer.status_code == 403
    assert Case.objects.get(pk=case.pk).status == "payable"


def test_an_adjustment_is_proposed_by_one_and_confirmed_by_another():
    case = decided_claim()
    client = desk_of("first")[1]
    post(client, case, "propose_adjustment", amount="-100.50", note="床位费")
    row = Adjustment.objects.get()
    assert row.amount_fen == -10_050
    page = page_of(client, case)
    assert "−100.50 元" in page and "由您提出，须由其他人员确认" in page
    refused = post(client, case, "confirm_adjustment", adjustment=row.pk)
    assert refused.status_code == 422 and "提出人以外" in refused.content.decode()
    post(desk_of("supervisor")[1], case, "confirm_adjustment", adjustment=row.pk)
    row.refresh_from_db()
    assert row.state == "confirmed"
    assert "<dt>人工调整</dt><dd>-100.50</dd>" in page_of(client, case)


def test_an_adjustment_is_dropped_and_gone_from_the_page():
    case = decided_claim()
    client = desk_of("first")[1]
    post(client, case, "propose_adjustment", amount="5", note="床位费")
    post(client, case, "drop_adjustment", adjustment=Adjustment.objects.get().pk)
    assert Adjustment.objects.get().state == "dropped"
    assert "没有人工调整" in page_of(client, case)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"amount": "0", "note": "床位费"}, "不能为 0"),
        ({"amount": "x", "note": "床位费"}, "请写成元"),
        ({"amount": "1", "note": ""}, "请写明调整的理由"),
    ],
)
def test_a_refused_adjustment_stays_open_with_what_was_typed(typed, said):
    case = decided_claim()
    answer = post(desk_of("first")[1], case, "propose_adjustment", **typed)
    page = answer.content.decode()
    assert answer.status_code == 422 and said in page
    assert f'name="amount" value="{typed["amount"]}"' in page.split('id="adjustments"')[1]
    assert not Adjustment.objects.exists()


def test_the_filing_is_found_and_set_with_a_reason_where_they_differ():
    case = accepted_claim(reason="emergency_no_card")
    client = desk_of("first")[1]
    page = page_of(client, case)
    assert "暂按此计算，须核定" in page and "急诊抢救须核实" not in page.split("desk-sub")[0]
    answer = post(client, case, "set_filing", settled_as="unfiled", note="")
    page = answer.content.decode()
    assert answer.status_code == 422 and "请在说明里写明理由" in page
    assert '<option value="unfiled" selected>' in page
    post(client, case, "set_filing", settled_as="unfiled", note="不是急诊抢救")
    assert claim_of(case).settled_as == "unfiled" and "已核定" in page_of(client, case)


def test_a_settled_claim_shows_what_was_settled_with_its_rules():
    case = payable_claim()
    page = page_of(desk_of("finance")[1], case)
    part = page.split('id="money"')[1].split("</section>")[0]
    assert "已结算，待支付" in part and "怎么算出来的" in part and "依据：" in part


def test_a_place_without_a_policy_says_that_nothing_can_be_computed():
    case = accepted_claim(admitted_on="2015-01-01", discharged_on="2015-01-05")
    assert "不能计算：" in page_of(desk_of("first")[1], case)


def test_opening_a_claim_is_logged():
    case = accepted_claim()
    user, client = desk_of("first")
    page_of(client, case)
    assert AccessLog.objects.filter(actor=user, case_number=case.number).exists()


def test_the_whole_account_and_number_stand_nowhere_on_the_page():
    case = accepted_claim()
    page = page_of(desk_of("first")[1], case)
    assert claim_of(case).bank_number not in page
    assert case.person.id_number not in page


def test_a_county_clerk_works_on_the_claims_of_the_county():
    case = accepted_claim()
    client = staff_client(clerk("first", LINXIANG))
    assert post(client, case, "accept_bill", bill=case.claim.bills.get().pk).status_code == 302
