"""Handing cases to clerks, and what a clerk may not touch."""

from datetime import timedelta

import pytest
from django.utils import timezone

from casework import sweep
from casework.actors import Actor
from casework.desk import take_next
from casework.errors import InvalidReason, NotAllowed, StaleCase
from casework.events import verify_case
from casework.models import Case, StaffProfile
from casework.perform import available, perform, perform_many
from filings.models import Filing
from filings.review import review
from filings.service import submit_filing
from tests.factories import (
    CHENGDU,
    HOHHOT,
    XINCHENG,
    ReasonFactory,
    add_document,
    approved_filing,
    clerk,
    decided_filing,
    draft_filing,
    opened_filing,
    owing_filing,
    proven_holding,
    queued_filing,
)

pytestmark = pytest.mark.django_db


def test_two_clerks_get_two_cases_in_the_order_they_are_due(monday):
    first, second = queued_filing(), queued_filing()
    urgent = queued_filing(in_hospital=True, admitted_on="2026-11-22", start="2026-11-22")
    assert [take_next(clerk(area=HOHHOT)).pk for _ in range(3)] == [urgent.pk, first.pk, second.pk]
    assert take_next(clerk(area=HOHHOT)) is None


def test_a_clerk_passes_over_the_appeal_against_their_own_decision(monday):
    decider = clerk(area=HOHHOT)
    appealed = decided_filing("reject", decider)
    appealed = perform(appealed, "appeal", Actor.resident(appealed.account), note="有新材料")
    later = queued_filing()
    assert take_next(decider).pk == later.pk
    assert take_next(clerk(area=HOHHOT)).pk == appealed.pk


def test_a_clerk_never_touches_their_own_case(monday):
    case = queued_filing()
    own = clerk(area=HOHHOT, id_number=case.person.id_number)
    with pytest.raises(NotAllowed, match="本人的办件"):
        perform(case, "approve", Actor.staff(own), version=case.version)
    assert take_next(own) is None
    with pytest.raises(NotAllowed, match="本人的办件"):
        head = Actor.staff(clerk("supervisor", HOHHOT))
        perform(case, "assign", head, version=case.version, data={"assignee": own.pk})


def test_a_clerk_of_another_area_is_refused(monday):
    case = queued_filing()
    for area in ("530900", "150103"):
        with pytest.raises(NotAllowed, match="经办范围"):
            perform(case, "approve", Actor.staff(clerk(area=area)), version=case.version)


def test_a_stale_page_changes_nothing(monday):
    case = queued_filing()
    seen = case.version
    perform(case, "take", Actor.staff(clerk(area=HOHHOT)))
    with pytest.raises(StaleCase, match="不是最新"):
        perform(case, "approve", Actor.staff(clerk("supervisor", HOHHOT)), version=seen)
    case.refresh_from_db()
    assert case.status == "in_review"


def test_a_refusal_needs_a_reason_of_the_list_or_words(monday):
    case = queued_filing()
    actor = Actor.staff(clerk(area=HOHHOT))
    for given in ({}, {"reason": "other"}, {"reason": "no-such-reason"}):
        with pytest.raises(InvalidReason):
            perform(case, "reject", actor, version=case.version, **given)
    reason = ReasonFactory(code="no_permit", text="没有居住证")
    case = perform(case, "reject", actor, version=case.version, reason=reason.code)
    assert case.status == "rejected"


def test_a_case_somebody_else_has_is_not_decided_over_their_head(monday):
    case = queued_filing()
    taken = perform(case, "take", Actor.staff(clerk(area=HOHHOT)))
    with pytest.raises(NotAllowed, match="其他人员领取"):
        perform(case, "approve", Actor.staff(clerk(area=HOHHOT)), version=taken.version)
    head = Actor.staff(clerk("supervisor", HOHHOT))
    assert perform(case, "approve", head, version=taken.version).status == "approved"


def test_doubts_about_the_person_must_be_cleared_up_before_approval(monday):
    holding = proven_holding(XINCHENG, standing="pending", bound_by="")
    case = queued_filing_with_id(holding)
    actor = Actor.staff(clerk(area=HOHHOT))
    with pytest.raises(NotAllowed, match="核对身份"):
        perform(case, "approve", actor, version=case.version)
    holding.refresh_from_db()
    assert not holding.is_bound
    case = perform(case, "approve", actor, version=case.version, data={"identity": "on"})
    holding.refresh_from_db()
    assert (case.status, holding.is_bound, holding.bound_by) == ("approved", True, "clerk")


def queued_filing_with_id(holding) -> Case:
    case = draft_filing(holding, insured_area=XINCHENG)
    add_document(case, "residence_permit")
    add_document(case, "id_document")
    return review(submit_filing(case, Actor.resident(case.account)))


def test_a_case_that_was_taken_and_forgotten_goes_back_to_the_queue(monday, settings):
    settings.CASE_TAKEN_HOURS = 8
    case = perform(queued_filing(), "take", Actor.staff(clerk(area=HOHHOT)))
    now = timezone.now()
    assert sweep.release_forgotten(now + timedelta(hours=7)) == 0
    assert sweep.release_forgotten(now + timedelta(hours=9)) == 1
    assert sweep.release_forgotten(now + timedelta(hours=9)) == 0
    case.refresh_from_db()
    assert case.assignee_id is None


def test_approved_filings_are_on_the_desk_only_for_their_promised_papers(monday):
    approved_filing()
    owing = owing_filing()
    assert take_next(clerk(area=HOHHOT)) is None
    Filing.objects.filter(pk=owing.pk).update(supply_by="2026-11-20")
    perform(owing, "announce_overdue", Actor.system())
    assert take_next(clerk(area=HOHHOT)).pk == owing.pk


def test_the_page_offers_what_the_role_may_do_and_says_why_not(monday):
    case = queued_filing()
    offered = {row.name: no for row, no in available(case, Actor.staff(clerk(area=HOHHOT)))}
    assert offered["approve"] is None
    assert "没有被领取" in offered["release"]
    assert "restore" not in offered, "what concerns appeals alone is not shown elsewhere"
    auditor = Actor.staff(clerk("auditor", HOHHOT))
    assert available(case, auditor) == []


def shape(case: Case) -> tuple:
    """Everything that an action leaves behind, without what is a case's own."""
    case = Case.objects.get(pk=case.pk)
    events = case.events.values_list(
        "seq", "code", "from_status", "to_status", "actor_role", "data"
    )
    notices = case.notices.order_by("pk").values_list("template", "channel", "state")
    columns = ("status", "is_open", "version", "due_at", "event_count", "decided_at", "assignee_id")
    filing = case.filing
    dates = (filing.live, filing.in_force_until, filing.start, filing.valid_to, filing.locked_until)
    letters = case.letters.order_by("pk").values_list("kind", flat=True)
    own = [getattr(case, name) for name in columns]
    return list(events), list(notices), own, dates, list(letters)


def test_one_by_one_and_in_bulk_write_the_same_expiry(monday):
    one, many = opened_filing(), opened_filing()
    monday.move_to("2027-03-01T09:00:00+08:00")
    perform(one, "expire", Actor.system())
    perform_many([many.pk], "expire", Actor.system(), kind_code="filing")
    assert shape(one) == shape(many)


def test_one_by_one_and_in_bulk_write_the_same_approval(monday):
    one, many = queued_filing(), queued_filing()
    actor = Actor.staff(clerk(area=HOHHOT))
    perform(one, "approve", actor)
    perform_many([many.pk], "approve", actor, kind_code="filing")
    assert shape(one) == shape(many)
    assert verify_case(Case.objects.get(pk=many.pk), list(many.events.all())) is None


def test_bulk_skips_what_it_may_not_touch_and_says_why(monday):
    here, elsewhere = queued_filing(), queued_filing(insured_area="150103")
    gone = opened_filing()
    actor = Actor.staff(clerk(area=XINCHENG))
    result = perform_many([here.pk, elsewhere.pk, gone.pk], "approve", actor, kind_code="filing")
    assert result.done == [here.pk]
    assert "经办范围" in result.skipped[elsewhere.pk]
    assert "已备案" in result.skipped[gone.pk]
    assert Filing.objects.get(pk=here.pk).form_letter is not None


def test_numbers_are_unique_and_run_by_county_and_day(monday):
    cases = [queued_filing(), queued_filing(), queued_filing(insured_area="150103")]
    numbers = [case.number for case in cases]
    assert len(set(numbers)) == 3
    assert [number[-6:] for number in numbers] == ["000001", "000002", "000001"]
    monday.shift(timedelta(days=1))
    assert queued_filing().number.endswith("202611240000001")


def test_every_deciding_role_decides_filings(monday):
    for role in ("first", "second", "approval", "supervisor"):
        case = queued_filing()
        actor = Actor.staff(clerk(role, HOHHOT))
        assert perform(case, "approve", actor, version=case.version).status == "approved"
    assert StaffProfile.objects.count() == 4


def test_in_bulk_every_message_and_form_is_about_its_own_filing(monday):
    beijing = queued_filing()
    chengdu = queued_filing(destination=CHENGDU, destination_pick=CHENGDU)
    actor = Actor.staff(clerk(area=HOHHOT))
    perform_many([beijing.pk, chengdu.pk], "approve", actor, kind_code="filing")
    texts = {
        case.pk: case.notices.get(template="filing_approved", channel="in_site").text
        for case in (beijing, chengdu)
    }
    assert "北京市" in texts[beijing.pk] and "成都市" not in texts[beijing.pk]
    assert "成都市" in texts[chengdu.pk] and "北京市" not in texts[chengdu.pk]


def test_in_bulk_one_that_is_refused_leaves_the_others_alone(monday):
    good = queued_filing()
    holding = proven_holding(XINCHENG, standing="pending", bound_by="")
    doubtful = queued_filing_with_id(holding)
    actor = Actor.staff(clerk(area=HOHHOT))
    result = perform_many([doubtful.pk, good.pk], "approve", actor, kind_code="filing")
    assert result.done == [good.pk]
    assert "核对身份" in result.skipped[doubtful.pk]
    doubtful.refresh_from_db()
    assert (doubtful.status, doubtful.version) == ("in_review", 2)
    assert not doubtful.letters.filter(kind="form").exists()
