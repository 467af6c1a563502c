"""A registration from the draft to the form, and the ways beside it."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from casework.actors import Actor
from casework.errors import NotAllowed
from casework.events import verify_case
from casework.kinds import kind_of
from casework.models import Case, Notice
from casework.perform import perform
from registrations.inquiry import registered_on
from registrations.service import Incomplete, save, start_registration, submit_registration
from tests.factories import HOHHOT, XINCHENG, HoldingFactory, add_document, clerk, proven_holding
from tests.registrations.factories import (
    DIABETES,
    HEPATITIS,
    HYPERTENSION,
    WHY,
    approved_registration,
    corrected_registration,
    draft_registration,
    queued_registration,
    rejected_registration,
    submitted_registration,
    to_be_revoked,
)

pytestmark = pytest.mark.django_db


def kinds_of_letters(case) -> list[str]:
    return [letter.kind for letter in case.letters.order_by("pk")]


def test_it_lives_from_draft_to_approved_and_can_be_asked_for(monday):
    case = queued_registration()
    assert (case.status, case.doubts, case.topic) == ("in_review", "", HYPERTENSION)
    assert kinds_of_letters(case) == ["acceptance"]
    user = clerk(area=HOHHOT)
    case = perform(case, "take", Actor.staff(user), version=case.version)
    case = perform(case, "approve", Actor.staff(user), version=case.version)
    registration = case.registration
    assert case.status == "approved" and not case.is_open
    assert registration.first_day == date(2026, 11, 23)
    assert registration.last_day == date(2028, 11, 23)  # 24 months, the example of 呼和浩特
    assert kinds_of_letters(case) == ["acceptance", "result", "form"]
    (found,) = registered_on(case.person_id, HYPERTENSION, date(2026, 12, 1))
    assert (found.name, found.number) == ("高血压", case.number)
    assert registered_on(case.person_id, DIABETES, date(2026, 12, 1)) == ()
    assert verify_case(case, list(case.events.order_by("seq"))) is None


def test_its_days_are_what_counts_not_the_status(monday):
    case = approved_registration()
    person, first, last = case.person_id, date(2026, 11, 23), date(2028, 11, 23)
    days = [first - timedelta(1), first, last, last + timedelta(1)]
    assert [bool(registered_on(person, None, day)) for day in days] == [False, True, True, False]
    assert case.status == "approved"


def test_nothing_is_submitted_before_everything_is_there(monday):
    holding = proven_holding(XINCHENG)
    case = start_registration(holding.account, holding, HYPERTENSION)
    with pytest.raises(Incomplete) as refusal:
        submit_registration(case, Actor.resident(holding.account))
    assert [gap.step for gap in refusal.value.missing] == [
        *("insured", "insured"),
        *("hospital", "details"),
    ]


def test_each_group_of_papers_is_asked_for(monday):
    case = draft_registration(papers=False)
    with pytest.raises(Incomplete) as refusal:
        submit_registration(case, Actor.resident(case.account))
    assert [gap.field for gap in refusal.value.missing] == [
        *("diagnosis_certificate", "discharge_summary", "exam_report")
    ]
    assert "以下材料中的一种：出院小结、门诊病历" in refusal.value.missing[1].message


def test_whoever_is_not_proven_adds_a_paper_of_identity_and_is_compared(monday):
    holding = HoldingFactory(standing="pending", bound_by="")
    case = queued_registration(holding)
    assert {"identity_unproven", "not_matched"} <= set(case.doubt_codes)
    assert "insurance_code" in {file.document for file in case.attachments.all()}
    assert kind_of(case).compare(case)
    actor = Actor.staff(clerk(area=HOHHOT))
    with pytest.raises(NotAllowed, match="已核对身份"):
        perform(case, "approve", actor, version=case.version)
    case = perform(case, "approve", actor, version=case.version, data={"identity": "on"})
    holding.refresh_from_db()
    assert holding.is_bound and case.status == "approved"


def test_a_second_submit_makes_no_second_case(monday):
    case = draft_registration()
    actor = Actor.resident(case.account)
    first = submit_registration(case, actor, case.version)
    again = submit_registration(case, actor, case.version)
    assert first.number == again.number and Case.objects.count() == 1


def test_one_draft_for_each_person_and_disease(monday):
    holding = proven_holding(XINCHENG)
    one = start_registration(holding.account, holding, HYPERTENSION)
    assert start_registration(holding.account, holding, HYPERTENSION) == one
    assert start_registration(holding.account, holding, DIABETES) != one


def test_what_is_registered_for_good_is_not_registered_again(monday):
    holding = proven_holding()
    approved_registration(holding, insured_area="530902")
    case = draft_registration(holding, insured_area="530902")
    with pytest.raises(Incomplete, match="已经认定，长期有效"):
        submit_registration(case, Actor.resident(holding.account))


def test_a_renewal_begins_the_day_after_the_one_before_it(monday):
    holding = proven_holding(XINCHENG)
    first = approved_registration(holding, HEPATITIS)
    assert first.registration.last_day == date(2027, 11, 23)
    early = draft_registration(holding, HEPATITIS, insured_area=XINCHENG)
    with pytest.raises(Incomplete, match="2027年9月24日起可以申请续期"):
        submit_registration(early, Actor.resident(holding.account))
    monday.move_to("2027-10-11T10:00:00+08:00")
    second = approved_registration(holding, HEPATITIS)
    assert "already_registered" in second.doubt_codes
    assert second.registration.first_day == date(2027, 11, 24)
    assert second.registration.last_day == date(2028, 11, 24)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"first_day": "2026-11-20"}, "不能早于2026年11月23日"),
        ({"first_day": "2027-11-23"}, "开始日期太晚"),
        ({"last_day": "2028-11-24"}, "不能晚于2028年11月23日"),
        ({"last_day": "2026-11-22"}, "不能早于开始日期"),
        ({"last_day": "不是日期"}, "这样的日期"),
    ],
)
def test_a_clerk_sets_the_days_only_within_the_rule(monday, data, words):
    case = queued_registration()
    with pytest.raises(NotAllowed, match=words):
        perform(case, "approve", Actor.staff(clerk(area=HOHHOT)), data=data)
    assert Case.objects.get(pk=case.pk).status == "in_review"


def test_a_clerk_may_set_a_shorter_time(monday):
    case = approved_registration(data={"first_day": "2026-12-01", "last_day": "2027-05-31"})
    assert case.registration.last_day == date(2027, 5, 31)
    assert not registered_on(case.person_id, HYPERTENSION, date(2026, 11, 30))


def test_only_what_the_notice_names_is_corrected_and_the_clock_stands_still(monday):
    user = clerk(area=HOHHOT)
    case = corrected_registration(user, targets=("field:address", "document:exam_report"))
    assert case.due_at is None and case.correction_due == date(2026, 12, 3)
    actor = Actor.resident(case.account)
    save(case, {"address": "示例街 2 号"})
    with pytest.raises(NotAllowed, match="还没有上传"):
        perform(case, "resubmit", actor)
    add_document(case, "exam_report")
    case = perform(case, "resubmit", actor)
    assert case.status == "in_review" and case.due_at
    assert not case.correction_items.filter(done_at=None).exists()


def test_whoever_decided_does_not_decide_the_appeal(monday):
    user = clerk(area=HOHHOT)
    case = rejected_registration(user)
    assert kinds_of_letters(case) == ["acceptance", "refusal"]
    case = perform(case, "appeal", Actor.resident(case.account), note="补上了报告")
    with pytest.raises(NotAllowed, match="原决定以外"):
        perform(case, "approve", Actor.staff(user))
    with pytest.raises(NotAllowed, match="复核中的办件不能撤回"):
        perform(case, "withdraw", Actor.resident(case.account))
    other = Actor.staff(clerk(area=HOHHOT))
    case = perform(case, "reject", other, **WHY)
    with pytest.raises(NotAllowed, match="已经复核过一次"):
        perform(case, "appeal", Actor.resident(case.account), note="再看")


def test_a_revoked_one_counts_to_its_last_day(monday):
    case = to_be_revoked()
    case = perform(case, "revoke", Actor.staff(clerk("supervisor", HOHHOT)), **WHY)
    today = timezone.localdate()
    assert registered_on(case.person_id, HYPERTENSION, today)
    assert not registered_on(case.person_id, HYPERTENSION, today + timedelta(1))
    letter = case.letters.get(kind="form")
    assert kind_of(case).verification(letter).state == "有效"
    monday.move_to("2026-11-25T10:00:00+08:00")
    assert kind_of(case).verification(letter).state == "已失效"


def test_the_code_on_the_form_says_what_is_in_force_and_no_full_name(monday):
    case = approved_registration()
    found = kind_of(case).verification(case.letters.get(kind="form"))
    assert found.in_force and ("认定病种", "高血压") in found.rows
    assert case.name not in str(found.rows)
    assert kind_of(case).verification(case.letters.get(kind="result")) is None


def test_messages_hold_no_name_and_no_disease(monday):
    case = approved_registration()
    for notice in Notice.objects.filter(case=case):
        assert case.name not in notice.text and "高血压" not in notice.text


def test_the_machine_never_decides(monday):
    case = submitted_registration(insured_area=XINCHENG)
    with pytest.raises(NotAllowed):
        perform(case, "approve", Actor.system())
