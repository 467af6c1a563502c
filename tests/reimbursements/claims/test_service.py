"""Beginning, saving, what is missing, submitting; accounts and payments; what the desk reads."""

import pytest
from django.core.management import call_command

from casework.actors import Actor
from casework.errors import NotAllowed, StaleCase
from casework.letters import letter_bytes
from casework.models import Notice, Reason
from casework.sweep import requeue_reviews
from casework.tasks import review_case
from reimbursements import kind
from reimbursements.answers import Answers, InvalidAnswers
from reimbursements.bills.accounts import passes_luhn
from reimbursements.models import Claim, Payment, Stay
from reimbursements.service import (
    Incomplete,
    answers_now,
    missing,
    save,
    start_claim,
    submit_claim,
)
from reimbursements.workflow import WORKFLOW
from tests.factories import (
    CHENGDU,
    LINCANG,
    LINXIANG,
    HoldingFactory,
    ReasonFactory,
    opened_filing,
)
from tests.filings.conftest import rules
from tests.reimbursements.claims.factories import (
    ANSWERS,
    WHY,
    accepted_claim,
    act,
    answered,
    approval_claim,
    bill,
    claim_of,
    corrected_claim,
    decided_claim,
    draft_claim,
    failed_claim,
    insured,
    paid_claim,
    payable_claim,
    queued_claim,
    staff,
    submitted_claim,
)

__all__ = ["rules"]

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def now(monday):
    return monday


def fields(case) -> set[str]:
    return {gap.field.rpartition(".")[2] for gap in missing(case)}


def test_a_new_claim_knows_the_name_the_phone_and_the_insured_area():
    holding = insured()
    case = start_claim(holding.account, holding.account, holding)
    answers = answers_now(case)
    assert (answers.name, answers.insured_area) == (holding.name, LINXIANG)
    assert answers.insurance == "390" and case.city == LINCANG
    assert start_claim(holding.account, holding.account, holding) == case


def test_an_empty_claim_lists_everything_that_is_missing():
    holding = HoldingFactory()
    case = start_claim(holding.account, holding.account, holding)
    found = fields(case)
    assert {"reason", "kind", "institution", "admitted_on", "third_party"} <= found
    assert {"insured_area", "bills", "bank_number", "bank_holder"} <= found
    assert all(gap.text and gap.step for gap in missing(case))


def test_a_whole_claim_misses_nothing():
    assert missing(draft_claim()) == []


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"reason": "because"}, "reason"),
        ({"in_hospital": True}, "in_hospital"),
        ({"discharged_on": ""}, "discharged_on"),
        ({"discharged_on": "2026-09-01"}, "discharged_on"),
        ({"discharged_on": "2027-01-01"}, "discharged_on"),
        ({"institution_area": ""}, "institution_area"),
        ({"institution_name": " "}, "institution"),
        ({"third_party": ""}, "third_party"),
        ({"insured_area": "530900"}, "insured_area"),
        ({"bank_number": "6222020000000000001"}, "bank_number"),
        ({"bank_relation": "cousin"}, "bank_relation"),
        ({"phone": "123"}, "phone"),
        ({"bills": []}, "bills"),
        ({"bills": [bill(number="")]}, "number"),
        ({"bills": [bill(total="-5")]}, "total"),
        ({"bills": [bill(total="12.345")]}, "total"),
        ({"bills": [bill("100.00", in_scope="100.01")]}, "total"),
        ({"bills": [bill(own_expense="x")]}, "own_expense"),
        ({"bills": [bill(date="2026-13-01")]}, "date"),
        ({"bills": [bill(lines=[{"name": "药", "class": "", "amount": "1"}])]}, "lines"),
    ],
)
def test_each_gap_names_its_field(changes, field):
    case = draft_claim()
    save(case, changes)
    assert field in fields(case)
    with pytest.raises(Incomplete) as refused:
        submit_claim(case, Actor.resident(case.account))
    assert field in {gap.field.rpartition(".")[2] for gap in refused.value.missing}


@pytest.mark.parametrize(
    "changes",
    [{"weather": 1}, {"admitted_on": "gestern"}, {"bills": [{"key": ""}]}, {"bills": ["x"]}],
)
def test_what_the_contract_does_not_know_is_refused(changes):
    with pytest.raises(InvalidAnswers):
        save(draft_claim(), changes)


def test_a_visit_has_one_day():
    answers = Answers.from_dict({"kind": "outpatient", "admitted_on": "2026-10-01"})
    assert answers.last_day.isoformat() == "2026-10-01"
    case = draft_claim()
    save(case, {"kind": "outpatient", "discharged_on": ""})
    assert "discharged_on" not in fields(case)


def test_submitting_twice_is_submitting_once():
    case = draft_claim()
    actor = Actor.resident(case.account)
    number = submit_claim(case, actor, case.version).number
    assert submit_claim(case, actor, case.version).number == number
    assert Claim.objects.count() == 1


def test_another_account_cannot_submit_it():
    with pytest.raises(NotAllowed, match="不在您的账户"):
        submit_claim(draft_claim(), Actor.resident(insured().account))


def test_submitting_fills_the_claim_and_its_stay():
    claim = claim_of(submitted_claim())
    assert (claim.area, claim.insured_area, claim.insurance) == (LINCANG, LINXIANG, "390")
    assert claim.bank_tail == "0000" and claim.bank_number == ANSWERS["bank_number"]
    assert claim.stay.institution_key == "成都市示例医院"
    assert claim.stay.institution_area == CHENGDU
    assert claim.filing_how == "none" and claim.settled_as == "unfiled"
    raw = Claim.objects.filter(pk=claim.pk).extra(select={"raw": "bank_number"}).get()
    assert ANSWERS["bank_number"] not in raw.raw


def test_two_claims_of_a_stay_share_it():
    holding = insured()
    queued_claim(holding)
    queued_claim(holding, institution_name="成都市 示例医院")
    assert Stay.objects.count() == 1


def test_the_filing_in_force_on_the_admission_is_found(rules):
    holding = insured()
    filing = opened_filing(holding, insurance="390")
    case = submitted_claim(holding, admitted_on="2026-11-23", discharged_on="2026-11-23")
    claim = claim_of(case)
    assert (claim.filing_how, claim.filing_category) == ("filed", "TMP-OTH")
    assert claim.filing_number == filing.number and claim.settled_as == "TMP-OTH"


def test_an_emergency_without_a_filing_counts_as_filed_until_a_clerk_has_looked():
    case = queued_claim(reason="emergency_no_card")
    assert claim_of(case).settled_as == "TMP-EMG"
    assert "emergency_unproven" in case.doubt_codes
    case = act(case, "accept", staff())
    with pytest.raises(NotAllowed, match="写明理由"):
        act(case, "set_filing", staff(), data={"settled_as": "LT-RES"})
    data = {"settled_as": "unfiled"}
    case = act(case, "set_filing", staff(), data=data, note="不是急诊抢救")
    assert claim_of(case).settled_as == "unfiled"


def test_a_presumed_emergency_does_not_leave_the_first_review_unconfirmed():
    actor = staff()
    case = decided_claim(actor=actor, reason="emergency_no_card")
    with pytest.raises(NotAllowed, match="核定备案类别"):
        act(case, "pass_first", actor)
    case = act(case, "set_filing", actor, data={"settled_as": "TMP-EMG"}, note="有急诊病历")
    items = [{"target": "field:diagnosis", "reason_code": "other", "text": "请写明"}]
    case = act(case, "request_correction", actor, data={"items": items})
    save(case, {"diagnosis": "急性阑尾炎"})
    case = submit_claim(case, Actor.resident(case.account))
    assert claim_of(case).settled_as == "TMP-EMG" and claim_of(case).filing_confirmed
    assert act(case, "pass_first", actor).status == "second_review"


def test_what_the_first_review_sends_back_does_not_get_new_days():
    case = accepted_claim()
    due = case.due_at
    case = act(case, "return_to_intake", staff(), **WHY)
    with pytest.raises(NotAllowed, match="已经受理"):
        act(case, "accept", staff())
    assert act(case, "accept_again", staff()).due_at == due


def test_the_task_reviews_once_and_the_sweep_finds_a_lost_one(monday):
    case = submitted_claim()
    monday.shift(120)
    assert requeue_reviews(case.submitted_at.replace(year=2027)) >= 0
    review_case(case.pk)
    review_case(case.pk)
    case.refresh_from_db()
    assert case.status == "intake" and case.due_at is not None
    assert case.events.filter(code="queued").count() == 1


def test_acceptance_starts_the_days_of_the_place():
    case = accepted_claim()
    assert case.allowed_days == 20
    assert queued_claim().allowed_days == 5


def test_a_failed_payment_goes_back_to_the_resident_who_corrects_the_account():
    case = failed_claim()
    owner = Actor.resident(case.account)
    new = {
        "bank_holder": "王秀兰",
        "bank_number": "6228480000000000000",
        "bank_name": "示例银行",
        "bank_relation": "self",
    }
    with pytest.raises(NotAllowed, match="校验不通过"):
        act(case, "give_account", owner, data={**new, "bank_number": "6228480000000000001"})
    digits = "6228480000000000000"
    number = next(digits[:-1] + str(k) for k in range(10) if passes_luhn(digits[:-1] + str(k)))
    case = act(case, "give_account", owner, data={**new, "bank_number": number})
    assert case.status == "payable" and claim_of(case).bank_tail == number[-4:]
    case = answered(case)
    assert sorted(Payment.objects.values_list("state", flat=True)) == ["failed", "paid"]
    assert Payment.objects.get(state="paid").number == number


def test_paying_twice_is_refused():
    case = paid_claim()
    with pytest.raises(NotAllowed):
        act(case, "pay", staff("finance"))
    with pytest.raises(StaleCase):
        act(payable_claim_seen_before(), "pay", staff("finance"))
    assert Payment.objects.filter(kind="payment", claim_id=case.pk).count() == 1


def payable_claim_seen_before():
    case = payable_claim()
    act(case, "take", staff("finance"))
    return case


def test_every_message_can_be_written():
    case = failed_claim()
    act(case, "reverse", staff("supervisor"), **WHY)
    refused = act(queued_claim(), "not_accept", staff(), **WHY)
    act(refused, "appeal", Actor.resident(refused.account), note="应当受理")
    texts = list(Notice.objects.values_list("text", flat=True))
    assert texts and not any("{" in text for text in texts)


def test_the_desk_reads_the_claim_in_words_and_masked():
    case = queued_claim(reason="emergency_no_card")
    sections = dict(kind.CLAIM.outline(case, answers_now(case).to_dict()))
    words = {field: value for rows in sections.values() for field, _, value in rows}
    assert words["kind"] == "住院" and words["institution_area"].endswith("成都市")
    assert "王秀兰" not in str(sections) and ANSWERS["bank_number"] not in str(sections)
    assert "20000.00 元" in words["bills"]
    facts = {label: value for label, value, _ in kind.facts(case)}
    assert facts["票据金额"] == "20000.00 元" and facts["计算结果"].endswith("元")
    codes = {code for group in kind.needed_documents(case, {}) for code in group}
    assert codes <= set(kind.CLAIM.document_labels)
    assert {found.code for found in kind.findings(case)} == set(case.doubt_codes)
    assert kind.contact(case).how == "sms"
    assert kind.promised_days(case) == (5, 5)


def letters(case) -> list[str]:
    return list(case.letters.values_list("kind", flat=True))


def test_what_is_decided_against_a_person_is_in_a_letter():
    ReasonFactory(kind="claim", action="reject", code="own", text="不属支付范围", basis="某号文")
    case = corrected_claim()
    assert letters(case) == ["correction"]
    case = act(queued_claim(), "not_accept", staff(), **WHY)
    assert letters(case) == ["not_accepted"]
    case = act(approval_claim(), "reject", staff("approval"), reason="own")
    assert letters(case) == ["acceptance", "refusal"]
    assert letter_bytes(case.letters.last()).startswith(b"%PDF")
    case = act(paid_claim(), "reverse", staff("finance"), **WHY)
    assert letters(case)[-1] == "reversal"


def test_registering_twice_is_registering_once():
    kind.register_claims()
    kind.register_claims()


def test_the_shipped_reasons_are_loaded_once_and_fit_the_table(capsys):
    call_command("load_claim_reasons")
    first = Reason.objects.filter(kind="claim").count()
    call_command("load_claim_reasons")
    assert Reason.objects.filter(kind="claim").count() == first > 0
    needed = {row.name for row in WORKFLOW.transitions if row.needs_reason or row.item_reasons}
    assert set(Reason.objects.filter(kind="claim").values_list("action", flat=True)) == needed
