"""The clocks of the house: sweep, tidy, provisional due times, figures, and their beat."""

import os
from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.conf import settings
from django.utils import timezone

from casework import provisional, statistics, sweep, workdays
from casework.actors import Actor
from casework.calendar import Calendar
from casework.clock import SHANGHAI
from casework.models import DailyStat, JobRun, Letter, Workday
from casework.perform import perform
from casework.storage import FileMissing, read_stored, store
from config.beat import SCHEDULE
from config.celery import app

pytestmark = pytest.mark.django_db

MORNING = datetime(2026, 11, 23, 10, tzinfo=SHANGHAI)


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    settings.FILES_DIR = tmp_path


@pytest.fixture
def submitted(draft, resident):
    return perform(draft, "submit", Actor.resident(resident), now=MORNING)


def test_every_clock_of_beat_is_a_task_that_exists():
    app.loader.import_default_modules()
    for entry in SCHEDULE.values():
        assert entry["task"] in app.tasks


def test_a_submitted_case_without_a_review_is_queued_again_after_a_minute(submitted, monkeypatch):
    sent = []
    monkeypatch.setattr(sweep, "publish", lambda task, pk: sent.append((task, pk)) or True)
    assert sweep.requeue_reviews(MORNING + timedelta(seconds=30)) == 0
    assert sweep.requeue_reviews(MORNING + timedelta(seconds=90)) == 1
    assert sent == [("casework.tasks.review_case", submitted.pk)]


def test_a_sweep_that_found_nothing_leaves_no_record(db):
    sweep.sweep()
    assert not JobRun.objects.exists()


def test_files_without_a_record_are_removed_and_those_with_one_stay(submitted):
    orphan, young, kept = (store(b"x", ".pdf") for _ in range(3))
    Letter.objects.create(
        case=submitted, kind="x", title="x", stored_name=kept, sha256="", issued_at=MORNING
    )
    old = datetime.now().timestamp() - 3 * 86400
    for name in (orphan, kept):
        os.utime(read_path(name), (old, old))
    assert sweep.tidy().done == 1
    with pytest.raises(FileMissing):
        read_stored(orphan)
    assert read_stored(young) == read_stored(kept) == b"x"


def read_path(name):
    return os.path.join(settings.FILES_DIR, name)


def test_a_due_time_beyond_the_holiday_table_is_settled_when_the_table_reaches_it(
    draft, resident, monkeypatch
):
    late = datetime(2026, 12, 30, 10, tzinfo=SHANGHAI)
    case = perform(draft, "submit", Actor.resident(resident), now=late)
    assert case.due_provisional
    assert timezone.localtime(case.due_at).date() == date(2027, 1, 1)
    assert provisional.settle_provisional().done == 0

    # The agency enters the new year's days, and the table is told to know 2027.
    for day in (1, 2, 3):
        Workday.objects.create(day=date(2027, 1, day), working=False)
    workdays.forget_calendar()
    rows = dict(Workday.objects.values_list("day", "working"))
    known = Known2027(overrides=rows)
    monkeypatch.setattr(provisional, "current_calendar", lambda: known)
    assert provisional.settle_provisional().done == 1
    assert provisional.settle_provisional().done == 0
    case.refresh_from_db()
    assert not case.due_provisional
    assert timezone.localtime(case.due_at).date() == date(2027, 1, 4)


class Known2027(Calendar):
    """A calendar whose table has come to know 2027."""

    def knows(self, day):
        return day.year <= 2027

    def is_workday(self, day):
        if day in self.overrides:
            return self.overrides[day]
        return day.weekday() < 5 if day.year == 2027 else super().is_workday(day)


def test_a_clock_that_was_stopped_is_settled_from_where_it_went_on(draft, resident, clerk_of):
    case = perform(draft, "submit", Actor.resident(resident), now=MORNING)
    clerk = clerk_of()
    case = perform(case, "ask", clerk, reason="other", note="x", now=MORNING + timedelta(days=1))
    case = perform(case, "resubmit", Actor.resident(resident), now=MORNING + timedelta(days=7))
    assert provisional.replay(case, Calendar()).at == case.due_at


def test_figures_of_a_day_are_the_same_when_they_are_written_twice(submitted, clerk_of):
    clerk = clerk_of()
    perform(submitted, "approve", clerk, now=MORNING + timedelta(hours=2))
    with time_machine.travel(MORNING + timedelta(hours=3), tick=False):
        statistics.roll_up()
        statistics.roll_up()
    rows = DailyStat.objects.filter(day=date(2026, 11, 23))
    assert {(row.measure, row.count, row.total, row.clerk_id) for row in rows} == {
        ("received", 1, 0, None),
        ("closed", 1, 7200, clerk.user.pk),
        ("took_1d", 1, 0, clerk.user.pk),
    }


def test_days_on_which_no_figures_were_written_are_caught_up(submitted):
    with time_machine.travel(MORNING + timedelta(days=4), tick=False):
        statistics.roll_up()
    assert DailyStat.objects.get(measure="received").day == date(2026, 11, 23)
