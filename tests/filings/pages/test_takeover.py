"""代录 of filings: a correction is entered at the counter, by whoever has the entry."""

import pytest

from casework.entering import take_over
from casework.errors import NotAllowed
from casework.models import Case, CaseEvent
from filings.service import start_filing
from residents.models import AccessLog
from residents.staff import mark_second_factor
from tests.factories import (
    HOHHOT,
    LINCANG,
    PersonFactory,
    add_document,
    clerk,
    corrected_filing,
)
from tests.filings.pages.test_walk import text_of

pytestmark = pytest.mark.django_db
COUNTER = "/filings/counter/"


@pytest.fixture
def writer(monday):
    return clerk(area=HOHHOT, user__name="王原录")


@pytest.fixture
def other(writer):
    return clerk(area=HOHHOT, user__name="李接手")


@pytest.fixture
def case(writer):
    """A filing of somebody without an account that has to be corrected."""
    case = corrected_filing()
    case.account, case.created_by = None, writer
    case.save(update_fields=["account", "created_by"])
    add_document(case, "insurance_code")
    return case


def at_desk(client, user):
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    mark_second_factor(client.session, user)
    return client


def sent(client, case, **answers):
    case.refresh_from_db()
    return client.post(f"/filings/{case.public_id}/correct/", {"version": case.version, **answers})


def test_who_entered_a_filing_enters_its_correction(client, case, writer):
    desk = at_desk(client, writer)
    assert case.number in text_of(desk.get(COUNTER))
    page = desk.get(f"/filings/{case.public_id}/correct/")
    assert f'href="/admin/casework/case/{case.pk}/change/"' in page.content.decode()
    done = sent(desk, case, address="新城区示例路 2 号")
    assert done.url == f"/admin/casework/case/{case.pk}/change/"
    case.refresh_from_db()
    assert case.status == "in_review" and case.events.last().actor_role == "counter"


def test_when_they_are_away_another_of_the_agency_takes_it_over(client, case, writer, other):
    desk = at_desk(client, other)
    assert "王原录录入" in text_of(desk.get(COUNTER))
    assert desk.get(f"/filings/{case.public_id}/correct/").status_code == 404
    taken = desk.post(f"{COUNTER}{case.public_id}/")
    assert taken.url == f"/filings/{case.public_id}/correct/"
    event = CaseEvent.objects.get(case=case, code="entry_taken_over")
    assert event.actor == other and event.data == {"from": writer.pk}
    assert AccessLog.objects.filter(actor=other, field="接手代录", case_number=case.number).exists()
    assert sent(desk, case, address="新城区示例路 2 号").status_code == 302
    case.refresh_from_db()
    assert case.status == "in_review" and case.events.last().actor == other
    assert at_desk(client, writer).get(f"/filings/{case.public_id}/correct/").status_code == 404


def test_nobody_of_another_area_and_no_one_without_an_entry_of_others(client, case):
    for user in (clerk(area=LINCANG), clerk("finance", HOHHOT)):
        assert at_desk(client, user).post(f"{COUNTER}{case.public_id}/").status_code == 404
        with pytest.raises(NotAllowed):
            take_over(user, case)
    Case.objects.filter(pk=case.pk).update(status="in_review")
    desk = at_desk(client, clerk(area=HOHHOT))
    assert desk.post(f"{COUNTER}{case.public_id}/").status_code == 404


def test_a_draft_goes_over_to_a_colleague(client, writer, other):
    who = PersonFactory()
    case = start_filing(writer, None, who, None, "LT-RES", channel="counter", name="李示例")
    address = f"/filings/{case.public_id}/steps/check/"
    desk = at_desk(client, other)
    assert desk.get(address).status_code == 404
    assert "李*例·异地长期居住人员" in text_of(desk.get(COUNTER))
    assert desk.post(f"{COUNTER}{case.public_id}/").url == address
    assert desk.get(address).status_code != 404
    assert str(case.public_id) in desk.get(COUNTER).content.decode()
    assert at_desk(client, writer).get(address).status_code == 404
