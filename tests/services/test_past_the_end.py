"""The clock is moved past the end of a filing, day by day, with jobs that run late or twice."""

from datetime import date, datetime, timedelta

import pytest
import time_machine

from casework.clock import SHANGHAI
from casework.models import CaseEvent, Notice
from filings import tasks
from filings.decision.rulebook import shipped
from filings.inquiry import filing_for
from filings.rules_store import forget_rulebook, load_rulebook
from tests.factories import CHENGDU, opened_filing

pytestmark = pytest.mark.django_db
FILED_ON = datetime(2026, 11, 23, 10, tzinfo=SHANGHAI)
LAST_DAY = date(2027, 2, 23)


@pytest.fixture
def clock(settings, tmp_path):
    settings.FILES_DIR = settings.VAR_DIR = tmp_path
    forget_rulebook()
    load_rulebook(shipped())
    with time_machine.travel(FILED_ON, tick=False) as moved:
        yield moved
    forget_rulebook()


def left_on_each_day(clock, days, jobs) -> dict[str, int]:
    """Let the clocks run on these days; how often each message was written."""
    case = opened_filing()
    for day in days:
        clock.move_to(FILED_ON + timedelta(days=day))
        for job in jobs:
            job()
    rows = Notice.objects.filter(case=case, channel="sms").values_list("template", flat=True)
    names = list(rows)
    return {name: names.count(name) for name in names}


def test_without_any_job_the_filing_is_over_the_day_after_its_last(clock):
    person = opened_filing().person
    clock.move_to(datetime(2027, 6, 1, tzinfo=SHANGHAI))
    assert filing_for(person, LAST_DAY, CHENGDU).how == "filed"
    after = filing_for(person, LAST_DAY + timedelta(days=1), CHENGDU)
    assert (after.found, after.how) == (False, "none")
    assert not CaseEvent.objects.filter(code="expired").exists()


@pytest.mark.parametrize("step", [1, 2, 3])
def test_clocks_that_run_twice_a_day_or_skip_days_tell_everything_once(clock, step):
    jobs = [tasks.expire_due, tasks.remind, tasks.remind, tasks.expire_due]
    told = left_on_each_day(clock, range(0, 100, step), jobs)
    reminders = told.get("filing_ends_soon", 0) + told.get("filing_ends_today", 0)
    # Every third day: 92 days are left at first, so the last look is two days before the end.
    assert reminders == (2 if step == 3 else 3), told
    assert told["filing_expired"] == 1 and told["filing_opened"] == 1
    assert CaseEvent.objects.filter(code="expired").count() == 1
