"""Each check on its own: when it speaks, with which code and about what, and when not."""

from datetime import date

import pytest

from casework.models import Case
from filings.checks import CHECKS, DOUBTS, findings_of
from filings.dossier import dossier_of
from filings.models import Filing
from filings.service import change_type, save
from residents.models import Enrolment, Holding, Person
from tests.factories import (
    BEIJING,
    CHENGDU,
    LINXIANG,
    XINCHENG,
    CaseFactory,
    HoldingFactory,
    PersonFactory,
    add_document,
    approved_filing,
    clerk,
    draft_filing,
    id_number,
    opened_filing,
    owing_filing,
    proven_holding,
    sign,
    submitted_filing,
)

pytestmark = pytest.mark.django_db


def found(case) -> dict[str, str]:
    """code -> target of what the checks find in a case read anew."""
    case = Case.objects.select_related("person", "revision").get(pk=case.pk)
    return {finding.code: finding.target for finding in findings_of(dossier_of(case))}


def test_every_check_has_a_word_and_a_clean_case_has_no_doubt(monday):
    assert len(CHECKS) == 19
    assert found(submitted_filing()) == {}
    assert found(submitted_filing(insured_area=XINCHENG)) == {}
    assert all(len(word) <= 12 for word in DOUBTS.values())


# --- the person -----------------------------------------------------------------------


@pytest.mark.parametrize("standing", ["pending", "contested", "revoked"])
def test_identity_is_in_doubt_unless_the_account_is_bound(monday, standing):
    case = submitted_filing()
    Holding.objects.update(standing=standing)
    assert found(case)["identity_unproven"] == "field:name"


def test_at_the_counter_the_clerk_has_seen_the_person_but_not_on_the_phone(monday):
    case = draft_filing()
    Case.objects.filter(pk=case.pk).update(account=None)
    save(case, {"counter": {"caller": "present", "note": "", "paper_signed": True}})
    add_document(case, "signed_form")
    assert found(case) == {}
    save(case, {"counter": {"caller": "phone", "note": "已回拨", "paper_signed": False}})
    assert found(case)["identity_unproven"] == "field:name"


def test_a_malformed_id_number_is_found(monday):
    case = submitted_filing()
    Person.objects.filter(pk=case.person_id).update(id_number="530902195803020019")
    assert found(case)["id_invalid"] == "field:name"


def test_a_person_the_register_does_not_know_is_found(monday):
    case = submitted_filing()
    Enrolment.objects.all().delete()
    assert found(case) == {"not_matched": "field:insured_area"}


def test_another_name_under_the_number_is_no_match(monday):
    case = submitted_filing()
    for row in Enrolment.objects.all():
        row.name = "李秀兰"
        row.save()
    assert found(case) == {"not_matched": "field:insured_area"}


def test_an_enrolment_that_is_paused_is_found(monday):
    case = submitted_filing()
    Enrolment.objects.update(state="paused")
    assert found(case) == {"enrolment_paused": "field:insured_area"}


def test_another_county_of_the_same_area_is_found(monday):
    case = submitted_filing()
    Enrolment.objects.update(insured_area="530921")
    assert found(case) == {"county_differs": "field:insured_area"}


def test_another_pooling_area_is_no_match(monday):
    case = submitted_filing()
    Enrolment.objects.update(insured_area="530402")
    assert found(case) == {"not_matched": "field:insured_area"}


def test_another_insurance_is_found(monday):
    case = submitted_filing()
    Enrolment.objects.update(insurance="390")
    assert found(case) == {"insurance_differs": "field:insurance"}


# --- place and rules ------------------------------------------------------------------


def test_a_destination_in_the_own_area_is_found(monday):
    case = draft_filing(destination="530921", destination_pick="530921")
    assert found(case)["destination_unfit"] == "field:destination"


def test_what_the_rules_are_silent_about_is_for_a_clerk(monday):
    case = submitted_filing(insured_area=XINCHENG, destination="150200", destination_pick="150200")
    assert found(case) == {"no_rule": ""}


def test_rules_that_changed_since_submitting_are_found(monday):
    case = draft_filing(destination="530100", destination_pick="530100")
    assert found(case)["rule_changed"] == "field:category"


def test_an_end_before_the_lock_is_found(monday):
    case = submitted_filing(insured_area=XINCHENG, end="2026-12-31")
    assert found(case) == {"end_in_doubt": ""}


# --- other filings --------------------------------------------------------------------


def test_a_locked_filing_in_force_is_found_only_for_another_place(monday):
    holding = proven_holding(XINCHENG)
    approved_filing(holding)
    elsewhere = submitted_filing(
        holding, insured_area=XINCHENG, destination=CHENGDU, destination_pick=CHENGDU
    )
    assert found(elsewhere) == {"locked": "field:destination"}


def test_the_same_filing_once_more_is_found(monday):
    holding = proven_holding()
    opened_filing(holding)
    assert found(submitted_filing(holding)) == {"already_filed": "field:destination"}


def test_a_renewal_that_lasts_longer_is_no_doubt(monday):
    holding = proven_holding()
    opened_filing(holding)
    monday.move_to("2027-01-20T09:00:00+08:00")
    assert found(submitted_filing(holding)) == {}


def test_a_filing_to_another_place_that_is_not_locked_is_no_doubt(monday):
    holding = proven_holding()
    opened_filing(holding)
    case = submitted_filing(holding, destination=BEIJING, destination_pick=BEIJING)
    assert found(case) == {}


# --- days -----------------------------------------------------------------------------


def test_a_start_after_the_admission_is_found(monday):
    case = submitted_filing(in_hospital=True, admitted_on="2026-11-20", start="2026-11-22")
    assert found(case)["start_after_admission"] == "field:start"


@pytest.mark.parametrize("start", ["2026-11-20", "2026-11-19"])
def test_the_day_of_admission_and_the_day_before_are_taken_as_asked(monday, start):
    case = submitted_filing(in_hospital=True, admitted_on="2026-11-20", start=start)
    assert found(case) == {}


@pytest.mark.parametrize("admitted", ["2025-11-01", "1950-01-01"])
def test_an_implausible_admission_is_found(monday, admitted):
    case = submitted_filing(in_hospital=True, admitted_on=admitted, start=admitted)
    assert found(case)["admission_implausible"] == "field:admitted_on"


def test_back_dating_without_an_admission_is_found(monday):
    case = submitted_filing(start="2026-11-01")
    assert found(case)["back_dated"] == "field:start"


def test_a_review_that_takes_days_makes_no_back_dating(monday):
    case = submitted_filing(insured_area=XINCHENG)
    monday.move_to("2026-11-30T09:00:00+08:00")
    assert found(case) == {}


def test_a_filing_after_paying_is_for_a_clerk(monday):
    case = submitted_filing(
        self_paid=True, admitted_on="2026-11-01", discharged_on="2026-11-10", start="2026-11-01"
    )
    assert found(case)["late_filing"] == "field:self_paid"


# --- documents ------------------------------------------------------------------------


def test_documents_that_are_not_there_are_found(monday):
    case = draft_filing(insured_area=XINCHENG)
    assert found(case) == {"documents_missing": "document:residence_permit"}
    add_document(case, "residence_permit")
    assert found(case) == {}


def test_a_promise_that_was_not_signed_is_found_and_a_signed_one_is_enough(monday):
    case = draft_filing(insured_area=XINCHENG, proof="promise")
    assert found(case) == {"documents_missing": "field:proof"}
    sign(case)
    assert found(case) == {}


def test_a_referral_cannot_be_promised(monday):
    case = draft_filing(category="TMP-REF", proof="promise")
    assert found(case)["documents_missing"] in ("field:proof", "document:referral_certificate")


@pytest.mark.parametrize(
    "values, readable",
    [
        ({"width": 1600, "height": 1200}, True),
        ({"width": 320, "height": 240}, False),
        ({"width": 2000, "height": 200}, False),
        ({"pages": 0}, False),
        ({"content_type": "application/pdf", "width": 0, "height": 0, "pages": 2}, True),
    ],
)
def test_a_picture_too_small_to_read_is_found(monday, values, readable):
    case = draft_filing(insured_area=XINCHENG)
    file = add_document(case, "residence_permit")
    for name, value in values.items():
        setattr(file, name, value)
    file.save()
    expected = {} if readable else {"document_unreadable": "document:residence_permit"}
    assert found(case) == expected


# --- promises and sharing -------------------------------------------------------------


def broken_promise(unsupplied: str, ban_months=None):
    """A filing whose promised papers did not come, under a rule with this consequence."""
    case = owing_filing()
    rule = case.filing.rule
    body = {**rule.body, "unsupplied": unsupplied, "ban_months": ban_months}
    rule.pk, rule.state, rule.body = None, "draft", {**body, "valid_from": "2024-11-02"}
    rule.save()
    Filing.objects.filter(pk=case.pk).update(
        promise_state="unsupplied", supply_by=date(2026, 11, 1), rule=rule, live=False
    )
    return case


def test_a_broken_promise_bars_a_new_one_for_the_months_of_its_rule(monday):
    case = broken_promise("ban", ban_months=12)
    holding = Holding.objects.get(person=case.person)
    new = draft_filing(holding, insured_area=XINCHENG, proof="promise")
    sign(new)
    assert found(new) == {"promise_banned": "field:proof"}
    monday.move_to("2027-11-02T09:00:00+08:00")
    assert "promise_banned" not in found(new)


def test_a_broken_promise_without_a_ban_bars_nothing(monday):
    case = broken_promise("downgrade")
    holding = Holding.objects.get(person=case.person)
    new = draft_filing(holding, insured_area=XINCHENG, proof="promise")
    sign(new)
    assert found(new) == {}


def test_documents_are_not_touched_by_a_broken_promise(monday):
    case = broken_promise("ban", ban_months=12)
    holding = Holding.objects.get(person=case.person)
    new = draft_filing(holding, insured_area=XINCHENG)
    add_document(new, "residence_permit")
    assert found(new) == {}


def test_one_phone_for_many_persons_is_found(monday):
    case = submitted_filing()
    phone = case.phone
    for n in range(4):
        CaseFactory(person=PersonFactory(), phone=phone, number=f"N{n}", status="approved")
    assert found(case) == {}
    CaseFactory(person=PersonFactory(), phone=phone, number="N9", status="approved")
    assert found(case) == {"phone_shared": "field:phone"}


def test_one_proxy_for_many_persons_is_found(monday):
    proxy = {
        "name": "李示例",
        "relation": "子女",
        "id_number": id_number(sequence=777),
        "phone": "13800000009",
    }
    cases = [submitted_filing(proxy=proxy) for _ in range(6)]
    assert found(cases[5]) == {"proxy_many": "field:proxy"}
    cases[0].filing.delete()
    assert found(cases[5]) == {}


def test_findings_name_no_person(monday):
    holding = HoldingFactory(standing="contested", bound_by="")
    case = draft_filing(holding, start="2026-11-01", admitted_on="2026-11-20", proxy=None)
    case = change_type(case, "LT-RES")
    for finding in findings_of(dossier_of(case)):
        assert holding.name not in finding.text
        assert holding.person.id_number not in finding.text
        assert finding.code in DOUBTS
    assert clerk(area=LINXIANG).is_staff
