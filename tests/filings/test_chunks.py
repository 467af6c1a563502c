"""A chunk of filings costs a handful of statements, however many places and accounts it has."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from casework.models import Case, Notice
from facilities.contacts import contact_of, contacts_of
from filings.jobs.expiry import expire_due
from residents.models import User
from tests.caches import forget_all
from tests.factories import KUNMING, LINXIANG, XINCHENG, opened_filing

pytestmark = pytest.mark.django_db
LATER = timedelta(days=800)


def over(many: int) -> list[Case]:
    """Filings that are over at `LATER`."""
    cases = [opened_filing() for _ in range(many)]
    assert all(case.filing.valid_to for case in cases)
    return cases


def asked_by_expiry() -> list[str]:
    # The expiry of one chunk: statements to the tables of cases, not to those of the job.
    with CaptureQueriesContext(connection) as asked:
        assert expire_due(timezone.now() + LATER).failed == 0
    return [row["sql"] for row in asked if row["sql"].startswith(("SELECT", "UPDATE"))]


def test_many_filings_expire_with_as_many_questions_as_few(monday):
    over(1)
    few = asked_by_expiry()
    cases = over(5)
    many = [sql for sql in asked_by_expiry() if not sql.startswith("UPDATE casework_case")]
    assert len(many) <= len(few)
    assert {case.status for case in Case.objects.filter(pk__in=[c.pk for c in cases])} == {
        "expired"
    }


def test_the_message_of_an_expiry_is_readable_in_the_box_and_for_the_phone(monday):
    (case,) = over(1)
    Notice.objects.all().delete()
    expire_due(timezone.now() + LATER)
    rows = list(Notice.objects.filter(case=case).order_by("channel"))
    assert [row.channel for row in rows] == ["in_site", "sms"]
    assert len({row.text for row in rows}) == 1
    assert rows[0].text.startswith("您")
    assert rows[1].phone == User.objects.get(pk=case.account_id).phone
    assert rows[0].created_at == rows[1].created_at


def test_offices_are_looked_up_together_and_kept(db):
    wanted = [(LINXIANG, "310"), (XINCHENG, "390"), (KUNMING, "")]
    found = contacts_of(wanted)
    with CaptureQueriesContext(connection) as asked:
        assert contacts_of(wanted) == found
    assert len(asked) == 0
    assert found[LINXIANG, "310"] == contact_of(LINXIANG, "310")
    forget_all()
    assert contacts_of(wanted) == found
