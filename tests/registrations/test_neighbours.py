"""What filings and claims ask: a sentence on the page, evidence for a clerk, never a refusal."""

import pytest

from filings.decision.rulebook import shipped
from filings.dossier import dossier_of as filing_dossier
from filings.pages.effect import dossier_effect, effect_with
from filings.rules_store import forget_rulebook, load_rulebook
from reimbursements.checks import DOUBTS, findings_of
from reimbursements.dossier import dossier_of as claim_dossier
from residents.models import Enrolment
from tests.factories import LINXIANG, XINCHENG, HoldingFactory, draft_filing, proven_holding
from tests.registrations.factories import approved_registration, queued_registration
from tests.reimbursements.claims.factories import draft_claim

pytestmark = pytest.mark.django_db

VISIT = {"kind": "chronic", "admitted_on": "2026-11-23", "discharged_on": None}
OURS = {"disease_unregistered", "other_disease"}


@pytest.fixture
def filing_rules(monday):
    forget_rulebook()
    load_rulebook(shipped())
    yield
    forget_rulebook()


def said(case) -> str:
    """What the page of a filing says of the person's registrations."""
    return dossier_effect(filing_dossier(case)).registered


def test_a_filing_for_chronic_care_says_what_is_registered(filing_rules):
    holding = proven_holding(LINXIANG)
    assert "请先在参保地办理认定" in said(draft_filing(holding, care="chronic"))
    approved_registration(holding, insured_area=LINXIANG)
    case = draft_filing(holding, care="chronic")
    assert said(case) == "参保人已认定的门诊慢特病：高血压。"
    assert effect_with(filing_dossier(case), {"care": "inpatient"}).registered == ""


def test_whoever_has_proven_nothing_is_told_nothing(filing_rules):
    known = proven_holding(LINXIANG)
    approved_registration(known, insured_area=LINXIANG)
    other = HoldingFactory(person=known.person, standing="pending", bound_by="")
    assert said(draft_filing(other, care="chronic")) == ""


def test_the_decision_of_the_filing_is_the_same_with_and_without(filing_rules):
    holding = proven_holding(LINXIANG)
    before = filing_dossier(draft_filing(holding, care="chronic")).decision
    approved_registration(holding, insured_area=LINXIANG)
    assert filing_dossier(draft_filing(holding, care="chronic")).decision == before


def doubts(holding, **changes) -> list:
    case = draft_claim(holding, insurance="310", **{**VISIT, **changes})
    return [found for found in findings_of(claim_dossier(case)) if found.code in OURS]


def test_a_chronic_claim_without_a_registration_is_shown_to_the_clerk(monday):
    holding = proven_holding(LINXIANG)
    (found,) = doubts(holding)
    assert found.code == "disease_unregistered" and "2026-11-23" in found.text
    assert found.code in DOUBTS
    assert doubts(holding, kind="outpatient") == []


def test_a_registration_of_the_disease_clears_the_doubt_and_another_names_its_number(monday):
    holding = proven_holding(LINXIANG)
    registered = approved_registration(holding, insured_area=LINXIANG)
    assert doubts(holding, diagnosis="高血压 3 级") == []
    (found,) = doubts(holding, diagnosis="肺炎")
    assert found.code == "other_disease" and registered.number in found.text
    assert "高血压" not in found.text
    assert doubts(holding, admitted_on="2026-11-22")[0].code == "disease_unregistered"


def test_one_of_another_area_or_not_decided_yet_does_not_count(monday):
    holding = proven_holding(XINCHENG)
    approved_registration(holding, insured_area=XINCHENG)
    Enrolment.objects.update(insured_area=LINXIANG)  # has moved since
    queued_registration(holding, insured_area=LINXIANG)
    assert doubts(holding, diagnosis="高血压")[0].code == "disease_unregistered"
