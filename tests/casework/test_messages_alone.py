"""Messages that a clock writes by itself, on a connection that is in no transaction."""

import pytest
from django.db import connection
from django.utils import timezone

from casework.failures import tell_failures
from casework.models import JobRun, Notice
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_morning_summary_is_written_outside_of_a_transaction():
    """As a worker does it. PostgreSQL drops a temporary table with the transaction in which it
    was made: by itself, each statement is one."""
    head = factories.clerk("supervisor", factories.LINCANG)
    JobRun.objects.create(
        name="filings.expiry",
        state=JobRun.State.FAILED,
        started_at=timezone.now(),
        ended_at=timezone.now(),
    )
    assert not connection.in_atomic_block
    assert tell_failures().state == JobRun.State.DONE
    assert "备案到期" in Notice.objects.get(recipient=head).text
