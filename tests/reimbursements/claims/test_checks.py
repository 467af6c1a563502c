"""What the checks find: evidence for a clerk, never a refusal."""

import pytest

from casework.actors import Actor
from casework.errors import NotAllowed
from casework.perform import perform
from reimbursements.checks import DOUBTS, findings_of
from reimbursements.dossier import dossier_of
from reimbursements.service import decide_bill, save, submit_claim
from residents.models import Enrolment
from tests.factories import resident
from tests.reimbursements.claims.factories import (
    accepted_claim,
    act,
    bill,
    bills_of,
    claim_of,
    draft_claim,
    insured,
    queued_claim,
    staff,
    submitted_claim,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def now(monday):
    return monday


def codes(case) -> set[str]:
    return {found.code for found in findings_of(dossier_of(case))}


def test_a_plain_claim_leaves_nothing_to_look_at():
    case = queued_claim()
    assert case.doubt_codes == [] and codes(case) == set()


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"third_party": "yes"}, "third_party"),
        ({"admitted_on": "2024-01-01", "discharged_on": "2025-03-01"}, "dates_doubtful"),
        ({"admitted_on": "1950-01-01", "discharged_on": "1950-01-05"}, "dates_doubtful"),
        ({"admitted_on": "2024-03-01", "discharged_on": "2024-03-05"}, "late_claim"),
        ({"bills": [bill(date="2026-11-01")]}, "bill_outside_stay"),
        ({"bills": [bill(payer="李四")]}, "payer_not_patient"),
        ({"bills": [bill("100.00", in_scope="", own_expense="90.00", self_first="9.00",
                         over_limit="0.00")]}, None),
        ({"bills": [bill("100.00", in_scope="50.00", own_expense="0.00", self_first="0.00",
                         over_limit="0.00")]}, "parts_unlike_bill"),
        ({"bills": [bill("105263.14", in_scope="", lines=[
            {"name": "药品", "class": "甲类", "amount": "15263.14"}])]}, "inflated_digit"),
        ({"reason": "emergency_no_card"}, "emergency_unproven"),
    ],
)  # fmt: skip
def test_each_doubt_is_found(changes, code):
    case = draft_claim()
    found = codes(case)
    assert code not in found
    changed = draft_claim(**changes)
    assert (code in codes(changed)) if code else codes(changed) == found


def test_a_finding_says_where_it_is_and_names_nobody():
    holding = insured()
    case = draft_claim(holding, [bill(payer="李四", date="2026-11-01")], third_party="yes")
    found = findings_of(dossier_of(case))
    assert {each.target.partition(":")[0] for each in found} == {"bill", "field"}
    for each in found:
        assert each.code in DOUBTS
        assert holding.name not in each.text and "李四" not in each.text


def test_a_place_without_a_published_deadline_is_said_and_nothing_is_invented():
    case = draft_claim(insured_area="340303")
    assert "no_rule" in codes(case)
    assert dossier_of(case).deadline is None


def test_an_enrolment_that_stopped_during_the_stay_is_found():
    holding = insured()
    Enrolment.objects.filter(id_hash=holding.person.id_hash).update(
        to_day="2026-10-05", state="ended"
    )
    assert "not_enrolled" in codes(draft_claim(holding))


def test_another_insurance_than_the_registered_is_found():
    assert "not_enrolled" in codes(draft_claim(insured("390"), insurance="310"))


def test_a_bill_of_a_withdrawn_claim_is_shown_with_its_number():
    same = [bill()]
    first = queued_claim(bills=same)
    perform(first, "withdraw", Actor.resident(first.account), version=first.version)
    case = queued_claim(bills=same)
    assert "same_bill" in case.doubt_codes
    texts = [found["text"] for found in case.claim.findings if found["code"] == "same_bill"]
    assert first.number in texts[0]


def test_stays_at_two_institutions_on_the_same_days_are_found():
    holding = insured()
    submitted_claim(holding)
    case = draft_claim(holding, institution_name="另一家医院", admitted_on="2026-10-05")
    assert "overlapping_stays" in codes(case)


def test_the_same_stay_with_the_same_amount_is_found():
    holding = insured()
    submitted_claim(holding)
    assert "same_stay_same_amount" in codes(draft_claim(holding))


def test_one_account_that_claims_for_many_is_found():
    account = resident()
    for _ in range(4):
        submitted_claim(insured(account=account, relation="other"))
    assert "proxy_of_many" in codes(draft_claim(insured(account=account, relation="other")))


def same_bill_texts(case) -> list[str]:
    return [one.text for one in findings_of(dossier_of(case)) if one.code == "same_bill"]


def test_the_same_number_under_another_kind_is_shown_with_the_claim_and_the_kind():
    first = queued_claim(bills=[bill(code="51060126", number="0136427183")])
    again = bill(kind="other", code="51060126", number="136427183", check_code="")
    case = queued_claim(bills=[again])
    assert "same_bill" in case.doubt_codes
    (text,) = same_bill_texts(case)
    assert first.number in text and "医疗收费票据" in text


def test_a_digital_invoice_typed_as_another_kind_is_found_by_its_number_alone():
    number = "23442000000014209621"
    first = queued_claim(bills=[bill(kind="digital", code="", number=number, check_code="")])
    case = queued_claim(bills=[bill(kind="other", code="044001", number=number, check_code="")])
    assert first.number in same_bill_texts(case)[0]


def test_two_kinds_of_one_number_in_one_claim_are_seen_too():
    one = bill(code="51060126", number="0136427183")
    two = bill(kind="other", code="51060126", number="0136427183", check_code="")
    texts = same_bill_texts(queued_claim(bills=[one, two]))
    assert len(texts) == 2 and all("本申请" in text for text in texts)


def test_the_same_number_with_another_code_or_a_short_one_without_is_no_sign():
    queued_claim(bills=[bill(code="51060126", number="0136427183")])
    queued_claim(bills=[bill(kind="other", form="paper", code="", number="1234", check_code="")])
    other = bill(kind="other", code="53060126", number="0136427183", check_code="")
    short = bill(kind="vat", form="paper", code="5300", number="1234", check_code="")
    assert same_bill_texts(queued_claim(bills=[other, short])) == []


def test_a_stay_written_with_another_name_is_shown_and_merges_when_it_is_corrected():
    holding = insured()
    first = queued_claim(holding)
    case = queued_claim(holding, institution_name="成都示例医院")
    assert claim_of(first).stay_id != claim_of(case).stay_id
    texts = [f.text for f in findings_of(dossier_of(case)) if f.code == "overlapping_stays"]
    (text,) = texts
    assert first.number in text and "成都市示例医院" in text and "成都示例医院" in text
    items = [{"target": "field:institution", "reason_code": "other", "text": "与前一件写成一样"}]
    case = act(case, "request_correction", staff(), data={"items": items})
    save(case, {"institution_name": "成都市示例医院"})
    case = submit_claim(case, Actor.resident(case.account))
    assert claim_of(first).stay_id == claim_of(case).stay_id
    assert "overlapping_stays" not in codes(case)


def test_two_visits_of_one_day_at_one_place_written_in_two_ways_are_seen():
    holding, day = insured(), {"admitted_on": "2026-10-10", "discharged_on": None}
    queued_claim(holding, kind="outpatient", **day)
    alike = queued_claim(holding, kind="outpatient", institution_name="成都示例医院", **day)
    other = queued_claim(holding, kind="outpatient", institution_name="华阳社区卫生站", **day)
    assert "overlapping_stays" in codes(alike)
    assert "overlapping_stays" not in codes(other)


# --- lines that nobody has classified ---------------------------------------------------

LINES = [
    {"name": "西药费", "class": "甲类", "amount": "600.00"},
    {"name": "检查费", "class": "未归类", "amount": "400.00"},
]


def test_a_line_without_a_class_is_classified_by_a_clerk_before_its_bill_is_accepted():
    actor = staff()
    case = accepted_claim(bills=[bill("1000.00", in_scope="", lines=LINES)], actor=actor)
    (row,) = bills_of(case)
    before = dossier_of(case).preview
    assert before.provisional and before.settlement.own_expense == 40_000
    with pytest.raises(NotAllowed, match="第 2 项明细"):
        decide_bill(case, row, actor, "accepted")
    with pytest.raises(NotAllowed, match="没有归类"):
        decide_bill(case, row, actor, "cut", 100, "other", note="多收")
    data = {"bill": row.pk, "line": 2, "class": "甲类"}
    case = act(case, "classify_line", actor, data=data)
    case = decide_bill(case, bills_of(case)[0], actor, "accepted")
    assert dossier_of(case).preview.settlement.in_scope == 100_000


def test_a_line_that_is_cut_whole_needs_no_class():
    actor = staff()
    case = accepted_claim(bills=[bill("1000.00", in_scope="", lines=LINES)], actor=actor)
    (row,) = bills_of(case)
    case = decide_bill(case, row, actor, "cut", 0, "other", note="不合规", lines={2: 40_000})
    assert bills_of(case)[0].accepted_fen == 60_000
