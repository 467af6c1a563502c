"""接手代录: a clerk of the same agency goes on with an entry, on the page, logged and told."""

import pytest

from casework.actors import Actor
from casework.entering import entries_to_take, take_over, writes_entry
from casework.errors import NotAllowed
from casework.events import verify_all
from casework.models import Case, CaseEvent
from casework.perform import perform
from casework.timeline import timeline
from reimbursements.service import KIND, answers_now
from residents.models import AccessLog
from tests.factories import (
    HOHHOT,
    LINCANG,
    LINXIANG,
    StaffProfileFactory,
    assign_role,
    clerk,
    id_number,
)
from tests.filings.pages.test_queries import Meter
from tests.reimbursements.claims.factories import act, staff
from tests.reimbursements.pages.test_claim_counter import (
    FORM,
    at_desk,
    begin,
    to_check,
    to_correct,
)
from tests.reimbursements.pages.walking import PLACE, draft, photo, step, text_of

pytestmark = pytest.mark.django_db
COUNTER = "/claims/counter/"


@pytest.fixture
def writer(monday):
    return clerk(area=LINCANG, user__name="王原录")


@pytest.fixture
def other(writer):
    return clerk(area=LINCANG, user__name="李接手")


def take(client, user, case):
    return at_desk(client, user).post(f"{COUNTER}{case.public_id}/")


def test_a_correction_is_taken_over_on_the_page_and_the_event_says_by_whom(client, writer, other):
    case = to_correct(at_desk(client, writer), "field:diagnosis")
    desk = at_desk(client, other)
    page = desk.get(COUNTER)
    assert case.number in text_of(page) and "王原录录入" in text_of(page)
    assert desk.get(f"/claims/{case.public_id}/correct/").status_code == 404, "not before"
    taken = desk.post(f"{COUNTER}{case.public_id}/")
    assert taken.url == f"/claims/{case.public_id}/correct/"
    event = CaseEvent.objects.get(case=case, code="entry_taken_over")
    assert (event.actor, event.actor_role) == (other, "counter")
    assert event.data == {"from": writer.pk}
    assert AccessLog.objects.filter(actor=other, field="接手代录", case_number=case.number).exists()
    case.refresh_from_db()
    sent = desk.post(taken.url, {"version": case.version, "diagnosis": "支气管炎"})
    assert sent.url == f"/admin/casework/case/{case.pk}/change/"
    case.refresh_from_db()
    assert case.status == "intake" and answers_now(case).diagnosis == "支气管炎"
    assert case.events.last().actor == other
    assert [entry.what for entry in timeline(case, for_staff=True)][1] == "接手代录"
    assert "接手代录" not in [entry.what for entry in timeline(case, for_staff=False)]
    assert list(verify_all(Case.objects.all())) == []
    assert desk.post(taken.url, {}).url == sent.url, "a second click"


def test_whoever_had_it_before_writes_no_more_and_may_take_it_back(client, writer, other):
    case = to_correct(at_desk(client, writer), "field:diagnosis")
    take(client, other, case)
    desk, address = at_desk(client, writer), f"/claims/{case.public_id}/correct/"
    assert desk.get(address).url == f"/admin/casework/case/{case.pk}/change/", "it is read there"
    assert not writes_entry(writer, case)
    assert desk.post(f"{COUNTER}{case.public_id}/").url == address
    assert desk.get(address).status_code == 200
    case.refresh_from_db()
    assert not writes_entry(other, case)


def test_nobody_who_ever_typed_it_decides_on_it(client, writer, other):
    case = to_correct(at_desk(client, writer), "field:diagnosis")
    take(client, other, case)
    desk = at_desk(client, other)
    case.refresh_from_db()
    address = f"/claims/{case.public_id}/correct/"
    desk.post(address, {"version": case.version, "diagnosis": "支气管炎"})
    case.refresh_from_db()
    for user in (writer, other):
        with pytest.raises(NotAllowed, match="代录这件申请的人员"):
            perform(case, "accept", Actor.staff(user))
    assert act(case, "accept", staff()).status == "first_review"


def test_whoever_has_decided_on_it_types_nothing_into_it(client, writer):
    case = to_correct(at_desk(client, writer), "field:diagnosis")
    reviewer = clerk(area=LINCANG)
    case.claim.bills.update(decided_by=reviewer)
    with pytest.raises(NotAllowed, match="已办理过这件申请的审核"):
        take_over(reviewer, case)
    page = at_desk(client, reviewer).post(f"{COUNTER}{case.public_id}/", follow=True)
    assert "请由其他人员接手代录" in text_of(page)


@pytest.mark.parametrize(
    ("role", "area", "status"),
    [
        ("first", HOHHOT, 404),
        ("finance", LINCANG, 404),
        ("auditor", LINCANG, 404),
        ("second", LINCANG, 302),
        ("supervisor", LINXIANG, 302),
    ],
)
def test_only_clerks_of_the_area_who_may_enter_take_over(client, writer, role, area, status):
    case = to_correct(at_desk(client, writer), "field:diagnosis")
    user = clerk(role, area)
    assert take(client, user, case).status_code == status
    assert CaseEvent.objects.filter(code="entry_taken_over").exists() == (status == 302)


def test_a_draft_is_taken_over_within_the_agency_alone(client, writer, other):
    desk = at_desk(client, writer)
    base = begin(desk)
    step(desk, base, "place", PLACE)
    case = draft()
    for elsewhere in (clerk(area=HOHHOT), clerk(area=LINXIANG)):
        assert take(client, elsewhere, case).status_code == 404
    desk = at_desk(client, other)
    page = text_of(desk.get(COUNTER))
    assert "王*兰" in page and "王秀兰" not in page and "王原录录入" in page
    assert desk.get(f"{base}steps/place/").status_code == 404
    assert desk.post(f"{COUNTER}{case.public_id}/").url.startswith(base)
    assert AccessLog.objects.filter(actor=other, field="接手代录").exists()
    to_check(desk, base)
    desk.post(f"{base}steps/check/", {"version": "0", "papers_in": "on"})
    case.refresh_from_db()
    assert case.status == "intake" and case.created_by == writer
    assert case.events.first().actor == other
    for user in (writer, other):
        with pytest.raises(NotAllowed, match="代录这件申请的人员"):
            perform(case, "take", Actor.staff(user))


def test_a_draft_that_was_taken_over_can_be_thrown_away(client, writer, other):
    begin(at_desk(client, writer))
    case = draft()
    take(client, other, case)
    desk = at_desk(client, other)
    desk.post(f"/claims/{case.public_id}/discard/")
    assert not Case.objects.filter(pk=case.pk).exists()


def test_the_papers_are_seen_by_whoever_has_the_entry(client, writer, other):
    desk = at_desk(client, writer)
    case = to_correct(desk, "document:expense_list")
    data = {"g0-document": "expense_list", "g0-files": photo()}
    desk.post(f"/claims/{case.public_id}/correct/upload/0/", data)
    file = case.attachments.latest("pk")
    address = f"/cases/files/{file.pk}/small/"
    assert at_desk(client, other).get(address).status_code == 404
    take(client, other, case)
    assert at_desk(client, other).get(address).status_code == 200


def test_nobody_takes_over_their_own_claim_nor_one_of_an_account(client, writer):
    case = to_correct(at_desk(client, writer), "field:diagnosis")
    own = StaffProfileFactory(role="first", id_number=FORM["id_number"])
    assign_role(own)
    assert take(client, own.user, case).status_code == 404
    with pytest.raises(NotAllowed, match="本人"):
        take_over(own.user, case)
    Case.objects.filter(pk=case.pk).update(account=case.created_by)
    case.refresh_from_db()
    with pytest.raises(NotAllowed, match="不能代录"):
        take_over(clerk(area=LINCANG), case)


def test_reading_the_address_takes_nothing_over(client, writer, other):
    case = to_correct(at_desk(client, writer), "field:diagnosis")
    assert at_desk(client, other).get(f"{COUNTER}{case.public_id}/").url == COUNTER
    assert not CaseEvent.objects.filter(code="entry_taken_over").exists()


def test_the_counter_costs_the_same_for_many_entries_as_for_few(client, writer, other):
    desk = at_desk(client, writer)
    begin(desk)
    meter = Meter(at_desk(client, other))
    meter.get(COUNTER)
    for sequence in range(20, 24):
        begin(at_desk(client, writer), id_number=id_number(sequence=sequence))
    assert entries_to_take(other, KIND).count() == 5
    meter.client = at_desk(client, other)
    meter.get(COUNTER)
    meter.keeps(12)
