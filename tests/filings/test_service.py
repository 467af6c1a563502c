"""What pages ask of the domain: begin, save, what is missing, sign, submit."""

import json

import pytest

from casework.actors import Actor
from casework.drafts import answers_of, discard_draft, open_revision
from casework.errors import NotAllowed
from casework.models import Case, Letter, Revision
from casework.signature import Signature
from casework.tasks import review_case
from filings.answers import Answers, InvalidAnswers
from filings.decision import FactsError
from filings.models import FilingRule
from filings.review import review
from filings.rules_publishing import draft_from, publish_rule, send_to_review
from filings.service import (
    Incomplete,
    change_type,
    file_again,
    missing,
    notice_text,
    preview,
    promise_text,
    required_documents,
    save,
    sign_promise,
    start_filing,
    submit_filing,
    superseded_by,
)
from residents.models import Enrolment
from tests.factories import (
    BEIJING,
    CHENGDU,
    HOHHOT_ANSWERS,
    LINCANG_ANSWERS,
    LINXIANG,
    XINCHENG,
    EnrolmentFactory,
    HoldingFactory,
    add_document,
    clerk,
    draft_filing,
    opened_filing,
    proven_holding,
    sign,
    submitted_filing,
)

pytestmark = pytest.mark.django_db


def begin(holding, what="TMP-OTH") -> Case:
    return start_filing(holding.account, holding.account, holding.person, holding, what)


# --- answers --------------------------------------------------------------------------


def test_answers_survive_being_stored():
    stored = {
        **LINCANG_ANSWERS,
        "start": "2026-11-23",
        "in_hospital": True,
        "proxy": {"name": "李"},
    }
    answers = Answers.from_dict(stored)
    assert Answers.from_dict(json.loads(json.dumps(answers.to_dict()))) == answers


@pytest.mark.parametrize("stored", [{"destnation": "510100"}, {"start": "23.11.2026"}, {"end": 5}])
def test_answers_that_the_contract_does_not_know_are_refused(stored):
    with pytest.raises(InvalidAnswers):
        Answers.from_dict(stored)


def test_answers_fill_the_columns_of_the_case():
    columns = Answers.from_dict(
        {**LINCANG_ANSWERS, "destination_pick": "H51010400001", "in_hospital": True}
    ).columns()
    assert columns["destination"] == CHENGDU
    assert (columns["county"], columns["city"]) == (LINXIANG, "530900")
    assert (columns["topic"], columns["queue_rank"]) == ("TMP-OTH", 0)


# --- beginning ------------------------------------------------------------------------


def test_there_is_one_draft_of_a_person_and_type_and_it_is_found_again(monday):
    holding = proven_holding()
    first = begin(holding)
    assert begin(holding).pk == first.pk
    assert begin(holding, "LT-RES").pk != first.pk
    assert Case.objects.count() == 2


def test_five_questions_lead_to_a_type(monday):
    case = begin(proven_holding(), {"emergency": False, "lives_there": True})
    assert case.topic == "LT-RES"
    assert answers_of(open_revision(case))["questions"] == {"emergency": False, "lives_there": True}


def test_what_is_known_of_a_proven_person_need_not_be_typed(monday):
    answers = answers_of(open_revision(begin(proven_holding(XINCHENG, "390"))))
    assert (answers["insured_area"], answers["insurance"]) == (XINCHENG, "390")
    assert answers["name"] == "王秀兰"


def test_an_unproven_account_learns_nothing_of_the_register(monday):
    holding = HoldingFactory(standing="pending", bound_by="")
    EnrolmentFactory.for_holding(holding)
    answers = answers_of(open_revision(begin(holding)))
    assert (answers["insured_area"], answers["insurance"]) == ("", "")
    assert Enrolment.objects.exists()


def test_another_type_keeps_the_answers_and_never_makes_a_second_draft(monday):
    holding = proven_holding()
    case = draft_filing(holding)
    case = change_type(case, "LT-RES")
    answers = answers_of(open_revision(case))
    assert (answers["category"], answers["destination"]) == ("LT-RES", CHENGDU)
    case.refresh_from_db()
    assert (case.topic, case.draft_key) == ("LT-RES", "LT-RES")
    other = begin(holding, "TMP-OTH")
    with pytest.raises(NotAllowed, match="已有一件"):
        change_type(other, "LT-RES")


def test_saving_after_submitting_is_refused(monday):
    case = submitted_filing()
    with pytest.raises(NotAllowed, match="已经提交"):
        save(case, {"address": "x"})


# --- looking ahead --------------------------------------------------------------------


def test_a_preview_says_what_will_be_decided(monday):
    decision = preview(LINCANG_ANSWERS)
    assert (decision.outcome, str(decision.valid_to)) == ("instant", "2027-02-23")
    with pytest.raises(FactsError):
        preview({**LINCANG_ANSWERS, "destination": "", "destination_pick": ""})


def test_texts_are_those_of_the_place(monday):
    assert "呼和浩特" in notice_text(HOHHOT_ANSWERS).title
    assert "呼和浩特" in promise_text(HOHHOT_ANSWERS).title
    assert notice_text({"category": "LT-RES"}) is None


def test_every_gap_is_named_with_its_step(monday):
    holding = HoldingFactory(standing="pending", bound_by="")
    case = begin(holding)
    assert [(gap.step, gap.field) for gap in missing(case)] == [
        ("place", "insured_area"),
        ("place", "insurance"),
        ("place", "destination"),
        ("details", "start"),
    ]
    save(case, {**LINCANG_ANSWERS})
    assert [(gap.step, gap.field) for gap in missing(case)] == [
        ("notice", "notice"),
        ("details", "start"),
        ("proof", "insurance_code"),
    ]


@pytest.mark.parametrize(
    "changes, field",
    [
        ({"name": ""}, "name"),
        ({"phone": "1390000"}, "phone"),
        ({"contact_how": "post", "address": ""}, "address"),
        ({"contact_how": "fax"}, "contact_how"),
        ({"in_hospital": True}, "admitted_on"),
        ({"admitted_on": "2026-11-24"}, "admitted_on"),
        ({"admitted_on": "2026-11-20", "discharged_on": "2026-11-19"}, "discharged_on"),
        (
            {"proxy": {"name": "李", "relation": "子女", "id_number": "1", "phone": "13800000001"}},
            "proxy_id_number",
        ),
        ({"notice": {"sha256": "old"}}, "notice"),
        ({"insured_area": "530900"}, "insured_area"),
        ({"care": "spa"}, "care"),
    ],
)
def test_a_wrong_answer_is_a_gap_of_its_own_field(monday, changes, field):
    case = draft_filing()
    assert missing(case) == []
    save(case, changes)
    assert field in [gap.field for gap in missing(case)]
    with pytest.raises(Incomplete):
        submit_filing(case, Actor.resident(case.account))


def test_family_members_name_who_files_for_whom(monday):
    holding = proven_holding(relation="parent")
    case = draft_filing(holding)
    assert [gap.field for gap in missing(case)] == ["proxy"]


def test_documents_are_shown_group_by_group(monday):
    case = draft_filing(insured_area=XINCHENG)
    groups = required_documents(case)
    assert [group.codes[-1] for group in groups] == ["social_card", "residence_permit"]
    assert [group.met for group in groups] == [False, False]
    add_document(case, "residence_permit")
    groups = required_documents(Case.objects.get(pk=case.pk))
    assert [group.met for group in groups] == [False, True]
    assert groups[1].labels == ("居住证",)


def test_what_will_end_is_shown_before(monday):
    holding = proven_holding()
    old = opened_filing(holding)
    new = draft_filing(holding, destination=BEIJING, destination_pick=BEIJING)
    assert [filing.pk for filing in superseded_by(new)] == [old.pk]


# --- promises -------------------------------------------------------------------------


def test_signing_again_replaces_the_promise_before(monday):
    case = draft_filing(insured_area=XINCHENG, proof="promise")
    first, second = sign(case), sign(case)
    assert Letter.objects.filter(case=case, revoked_at=None).get().pk == second.pk != first.pk
    promise = answers_of(open_revision(case))["promise"]
    assert promise["letter_id"] == second.pk
    assert promise["sha256"] == promise_text(HOHHOT_ANSWERS).sha256
    assert (promise["kind"], promise["signer"]) == ("typed", "王秀兰")


def test_a_promise_cannot_stand_in_where_the_place_forbids_it(monday):
    case = draft_filing(category="TMP-REF")
    with pytest.raises(NotAllowed, match="不能用承诺书"):
        sign_promise(case, Signature("typed", None, "王秀兰"), case.account)
    assert not Letter.objects.exists()


def test_a_draft_is_deleted_with_everything_of_it(monday):
    case = draft_filing(insured_area=XINCHENG, proof="promise")
    sign(case)
    add_document(case, "id_document")
    assert discard_draft(case)
    assert not (Case.objects.exists() or Letter.objects.exists() or Revision.objects.exists())


# --- submitting -----------------------------------------------------------------------


def test_a_second_click_finds_the_case_submitted(monday):
    case = draft_filing()
    actor = Actor.resident(case.account)
    first = submit_filing(case, actor, version=case.version)
    second = submit_filing(case, actor, version=case.version)
    assert first.number == second.number
    assert first.events.count() == 1


def test_another_account_cannot_submit(monday):
    case, other = draft_filing(), HoldingFactory()
    with pytest.raises(NotAllowed, match="不在您的账户中"):
        submit_filing(case, Actor.resident(other.account))


def test_a_draft_that_was_begun_again_after_submitting_is_a_new_one(monday):
    holding = proven_holding()
    case = submitted_filing(holding)
    assert begin(holding).pk != case.pk


def test_filing_again_takes_over_what_still_makes_sense(monday):
    holding = proven_holding()
    old = opened_filing(holding, address="成都市武侯区")
    new = file_again(old, holding.account, holding.account, holding)
    answers = answers_of(open_revision(new))
    assert (answers["destination"], answers["address"]) == (CHENGDU, "成都市武侯区")
    assert answers.get("notice") is None and answers.get("start") is None


def test_the_task_reviews_once(monday):
    case = submitted_filing()
    review_case(case.pk)
    review_case(case.pk)
    case.refresh_from_db()
    assert case.status == "approved"
    assert list(case.events.values_list("code", flat=True)) == ["submitted", "opened"]
    assert review(case).event_count == 2


def test_rules_that_change_between_submitting_and_review_lead_to_a_clerk(monday):
    case = submitted_filing()
    author, other = clerk("supervisor"), clerk("supervisor")
    row = FilingRule.objects.get(key="530900:TMP-OTH:inter_province:310", valid_from="2023-01-01")
    draft = draft_from(row, author, mode="review", valid_from="2026-11-23")
    publish_rule(send_to_review(draft, author), other)
    case = review(case)
    assert case.status == "in_review"
    assert case.letters.get().kind == "acceptance"
