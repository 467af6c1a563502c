"""A filing from the first answer to its last day, as people live through it."""

from datetime import date

import pytest

from casework.actors import Actor
from casework.errors import NotAllowed
from casework.letters import letter_bytes
from casework.models import Notice
from casework.perform import perform
from casework.signature import Signature
from filings.inquiry import FILED, NONE, filing_for
from filings.review import review
from filings.service import (
    Incomplete,
    begin_supply,
    missing,
    sign_promise,
    submit_filing,
)
from tests.factories import (
    BEIJING,
    CHENGDU,
    HOHHOT,
    KUNMING,
    XINCHENG,
    add_document,
    clerk,
    draft_filing,
    opened_filing,
    proven_holding,
    queued_filing,
    submitted_filing,
)

pytestmark = pytest.mark.django_db


def texts_of(case) -> list[str]:
    """The in-site messages to the resident, oldest first."""
    rows = Notice.objects.filter(case=case, channel="in_site", recipient=case.account)
    return list(rows.values_list("template", flat=True))


def test_lincang_opens_at_once_for_three_months(monday):
    case = opened_filing()

    assert case.status == "approved", case.filing.findings
    filing = case.filing
    assert (filing.start, filing.valid_to) == (date(2026, 11, 23), date(2027, 2, 23))
    assert (filing.live, filing.in_force_until) == (True, date(2027, 2, 23))
    assert case.number == "530902001202611230000001"
    assert not case.is_open
    assert texts_of(case) == ["filing_opened"]
    assert letter_bytes(filing.form_letter).startswith(b"%PDF")
    assert filing_for(case.person, date(2027, 2, 23), CHENGDU).how == FILED
    assert filing_for(case.person, date(2027, 2, 24), CHENGDU).how == NONE


def test_a_message_names_no_person_and_no_id_number(monday):
    case = opened_filing()

    for notice in Notice.objects.filter(case=case):
        assert case.name not in notice.text
        assert case.person.id_number[-6:] not in notice.text
        assert "2027年2月23日" in notice.text


def test_care_in_the_own_province_cannot_be_submitted_and_says_why(monday):
    case = draft_filing(destination=KUNMING, destination_pick=KUNMING)

    with pytest.raises(Incomplete) as stopped:
        submit_filing(case, Actor.resident(case.account))

    assert "不用备案就可以直接结算" in str(stopped.value)
    case.refresh_from_db()
    assert (case.status, case.number) == ("draft", None)


def test_somebody_whose_identity_is_not_proven_is_reviewed_never_opened(monday):
    holding = proven_holding(standing="pending", bound_by="")
    case = draft_filing(holding, insured_area="530902", insurance="310")
    assert [gap.field for gap in missing(case)] == ["insurance_code"]
    add_document(case, "id_document")

    case = review(submit_filing(case, Actor.resident(case.account)))

    assert case.status == "in_review"
    assert case.doubt_codes == ["identity_unproven"]
    assert case.due_at is not None


def test_hohhot_promise_correction_approval_and_what_follows(monday):
    holding = proven_holding(XINCHENG)
    case = draft_filing(holding, insured_area=XINCHENG, proof="promise")
    assert [gap.field for gap in missing(case)] == ["promise"]
    letter = sign_promise(case, Signature("typed", None, holding.name), holding.account)
    assert letter_bytes(letter).startswith(b"%PDF")
    assert missing(case) == []

    case = review(submit_filing(case, Actor.resident(case.account)))
    assert case.status == "in_review", "呼和浩特由经办人员审核"
    assert case.doubts == ""

    user = clerk(area=HOHHOT)
    actor = Actor.staff(user)
    case = perform(case, "take", actor, version=case.version)
    items = [
        {"target": "field:address", "reason_code": "other", "text": "请写明街道和门牌号"},
        {"target": "document:residence_permit", "reason_code": "other", "text": "请补充居住证"},
    ]
    case = perform(
        case,
        "request_correction",
        actor,
        version=case.version,
        data={"items": items, "due_days": 10},
    )
    assert case.status == "correction"
    assert case.correction_due == date(2026, 12, 3)
    assert case.due_at is None, "补正期间不计时"
    assert case.letters.filter(kind="correction").count() == 1

    monday.move_to("2026-11-25T09:00:00+08:00")
    with pytest.raises(NotAllowed, match="还没有上传"):
        submit_filing(case, Actor.resident(case.account))
    add_document(case, "residence_permit")
    case = submit_filing(case, Actor.resident(case.account))
    assert case.status == "in_review"
    assert case.assignee_id == user.pk
    assert Notice.objects.filter(recipient=user, template="staff_resubmitted").count() == 1
    assert not case.correction_items.filter(done_at=None).exists()

    case = perform(case, "approve", actor, version=case.version, data={"supply_by": "2027-01-15"})
    filing = case.filing
    assert case.status == "approved"
    assert filing.start == date(2026, 11, 23), "审核用的时间不减少有效期"
    assert (filing.valid_to, filing.long_term) == (None, True)
    assert filing.cancel_locked_until == date(2027, 5, 23)
    assert (filing.promise_state, filing.supply_by) == ("owed", date(2027, 1, 15))
    assert filing_for(case.person, date(2026, 12, 1), BEIJING).category == "LT-RES"
    assert texts_of(case) == [
        "filing_accepted",
        "filing_correction",
        "filing_resubmitted",
        "filing_approved",
    ]


def test_promised_papers_are_handed_in_and_confirmed(monday):
    holding = proven_holding(XINCHENG)
    case = draft_filing(holding, insured_area=XINCHENG, proof="promise")
    sign_promise(case, Signature("typed", None, holding.name), holding.account)
    case = review(submit_filing(case, Actor.resident(case.account)))
    actor = Actor.staff(clerk(area=HOHHOT))
    case = perform(case, "approve", actor, version=case.version)
    assert case.filing.supply_by is None, "没有公布期限就不编造日期"
    case = perform(
        case, "ask_supply", actor, version=case.version, data={"supply_by": "2027-01-15"}
    )

    begin_supply(case)
    add_document(case, "residence_permit")
    case = perform(case, "hand_in", Actor.resident(case.account), version=case.version)
    assert (case.filing.promise_state, case.is_open) == ("handed_in", True)
    assert case.due_at is not None

    case = perform(case, "take", actor, version=case.version)
    assert case.is_open, "领取以后仍在办"
    case = perform(case, "confirm_promise", actor, version=case.version)
    assert (case.filing.promise_state, case.is_open) == ("accepted", False)


def test_an_overdue_promise_is_announced_then_confirmed_and_works_forward_only(monday):
    holding = proven_holding(XINCHENG)
    case = draft_filing(holding, insured_area=XINCHENG, proof="promise")
    sign_promise(case, Signature("typed", None, holding.name), holding.account)
    case = review(submit_filing(case, Actor.resident(case.account)))
    actor = Actor.staff(clerk(area=HOHHOT))
    case = perform(case, "approve", actor, version=case.version, data={"supply_by": "2027-01-15"})

    monday.move_to("2027-01-18T09:00:00+08:00")
    case = perform(case, "announce_overdue", Actor.system())
    assert (case.filing.promise_state, case.is_open) == ("overdue", True)
    case = perform(case, "downgrade", actor, version=case.version)

    filing = case.filing
    assert (filing.category, case.topic) == ("TMP-OTH", "TMP-OTH")
    assert (filing.start, filing.valid_to) == (date(2026, 11, 23), date(2027, 7, 18))
    assert filing_for(case.person, date(2027, 1, 17), BEIJING).category == "LT-RES"
    assert filing_for(case.person, date(2027, 1, 18), BEIJING).category == "TMP-OTH"
    assert case.revision.number == 2
    assert case.letters.filter(kind="form").count() == 2
    assert case.letters.filter(kind="form", revoked_at=None).count() == 1
    assert not case.is_open


def test_a_new_place_ends_the_old_filing_unless_that_is_locked(monday):
    holding = proven_holding()
    old = opened_filing(holding)

    new = opened_filing(holding, destination=BEIJING, destination_pick=BEIJING)

    old.refresh_from_db()
    assert (new.status, old.status) == ("approved", "superseded")
    assert old.filing.superseded_by_id == new.pk
    assert old.filing.ended_on == date(2026, 11, 23)


def test_a_locked_filing_sends_the_new_one_to_a_clerk_who_cannot_approve_it(monday):
    holding = proven_holding(XINCHENG)
    old = queued_filing(holding)
    actor, head = Actor.staff(clerk(area=HOHHOT)), Actor.staff(clerk("supervisor", HOHHOT))
    old = perform(old, "approve", actor, version=old.version)

    new = queued_filing(holding, destination=CHENGDU, destination_pick=CHENGDU)
    assert new.doubt_codes == ["locked"]
    with pytest.raises(NotAllowed, match="2027年5月23日"):
        perform(new, "approve", actor, version=new.version)

    perform(old, "release_lock", head, version=old.version, reason="other", note="选错城市")
    new = perform(new, "approve", actor, version=new.version)
    old.refresh_from_db()
    assert (new.status, old.status) == ("approved", "superseded")


def test_refusal_appeal_and_approval_by_another_clerk(monday):
    case = queued_filing(proven_holding(XINCHENG))
    first, second = clerk(area=HOHHOT), clerk(area=HOHHOT)
    case = perform(
        case,
        "reject",
        Actor.staff(first),
        version=case.version,
        reason="other",
        note="居住证已过期",
    )
    assert case.status == "rejected"
    assert case.letters.filter(kind="refusal").count() == 1

    case = perform(
        case, "appeal", Actor.resident(case.account), version=case.version, note="居住证已续期"
    )
    assert (case.status, case.assignee_id) == ("in_review", None)
    with pytest.raises(NotAllowed, match="原决定以外"):
        perform(case, "approve", Actor.staff(first), version=case.version)
    case = perform(case, "approve", Actor.staff(second), version=case.version)
    assert case.status == "approved"


def test_revocation_is_announced_first_and_can_be_lifted_on_appeal(monday):
    case = queued_filing(proven_holding(XINCHENG))
    user, head = clerk(area=HOHHOT), clerk("supervisor", HOHHOT)
    case = perform(case, "approve", Actor.staff(user), version=case.version)
    why = {"reason": "other", "note": "居住证系伪造"}
    with pytest.raises(NotAllowed, match="拟撤销告知"):
        perform(case, "revoke", Actor.staff(head), version=case.version, **why)
    case = perform(
        case,
        "announce_revocation",
        Actor.staff(head),
        version=case.version,
        data={"answer_by": "2026-12-01"},
        **why,
    )
    monday.move_to("2026-12-02T09:00:00+08:00")
    case = perform(case, "revoke", Actor.staff(head), version=case.version, **why)
    assert (case.status, case.filing.ended_on) == ("revoked", date(2026, 12, 2))

    case = perform(
        case, "appeal", Actor.resident(case.account), version=case.version, note="派出所可以证明"
    )
    with pytest.raises(NotAllowed, match="复核"):
        perform(case, "approve", Actor.staff(user), version=case.version)
    case = perform(case, "restore", Actor.staff(user), version=case.version)
    assert (case.status, case.filing.ended_on, case.filing.live) == ("approved", None, True)


def test_a_temporary_filing_is_extended_from_the_day_after_its_end(monday):
    case = opened_filing()
    case = perform(case, "extend", Actor.resident(case.account), version=case.version)

    assert case.filing.valid_to == date(2027, 5, 24)
    assert case.filing.in_force_until == date(2027, 5, 24)
    assert case.revision.number == 2
    assert "filing_extended" in texts_of(case)


def test_in_hospital_goes_first_and_begins_on_the_day_of_admission(monday):
    case = submitted_filing(
        insured_area=XINCHENG,
        in_hospital=True,
        admitted_on="2026-11-20",
        start="2026-11-20",
        expected_discharge="2026-11-30",
    )
    assert case.queue_rank == 0
    assert case.stay_until == date(2026, 11, 30)
    assert review(case).filing.start == date(2026, 11, 20)


def test_cancelling_respects_the_lock(monday):
    free = opened_filing()
    free = perform(free, "cancel", Actor.resident(free.account), version=free.version)
    assert (free.status, free.filing.ended_on) == ("cancelled", date(2026, 11, 23))

    locked = queued_filing(proven_holding(XINCHENG))
    locked = perform(locked, "approve", Actor.staff(clerk(area=HOHHOT)), version=locked.version)
    with pytest.raises(NotAllowed, match="2027年5月23日"):
        perform(locked, "cancel", Actor.resident(locked.account), version=locked.version)


def test_the_machine_never_opens_what_a_clerk_has_to_review(monday):
    case = submitted_filing(insured_area=XINCHENG)
    with pytest.raises(NotAllowed, match="须由经办人员审核"):
        perform(case, "open", Actor.system())
    doubtful = draft_filing(start="2026-11-01")
    doubtful = submit_filing(doubtful, Actor.resident(doubtful.account))
    with pytest.raises(NotAllowed):
        perform(doubtful, "open", Actor.system())
    assert review(doubtful).doubt_codes == ["back_dated", "no_rule"]
