"""Jobs run one at a time, are recorded, and survive a kill."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from casework.jobs import STALE, LockLost, run_job
from casework.models import JobLock, JobRun

pytestmark = pytest.mark.django_db


def test_a_run_is_recorded_with_what_it_did():
    record = run_job("count", lambda run: run.tick(done=3))
    assert (record.state, record.done, record.failed) == ("done", 3, 0)
    assert record.ended_at is not None


def test_a_run_with_failures_is_marked_as_failed_and_says_what_failed():
    record = run_job("count", lambda run: run.tick(done=1, failed=1, problem="第 7 行"))
    assert record.state == "failed" and "第 7 行" in record.detail


def test_an_exception_is_recorded_and_raised_and_frees_the_lock():
    def broken(run):
        raise ValueError("boom")

    with pytest.raises(ValueError, match="boom"):
        run_job("count", broken)
    assert JobRun.objects.get().state == "failed"
    assert run_job("count", lambda run: None) is not None


def test_a_second_run_of_the_same_job_stays_out():
    inner = []
    run_job("count", lambda run: inner.append(run_job("count", lambda other: None)))
    assert inner == [None]
    assert JobRun.objects.count() == 1


def test_a_killed_run_is_taken_over_after_its_heartbeat_stops_and_marked_as_lost():
    now = timezone.now()
    JobLock.objects.create(name="count", holder="dead", heartbeat=now)
    JobRun.objects.create(name="count", started_at=now)
    assert run_job("count", lambda run: None) is None
    with time_machine.travel(now + STALE + timedelta(seconds=1), tick=False):
        assert run_job("count", lambda run: None) is not None
    assert list(JobRun.objects.order_by("id").values_list("state", flat=True)) == ["lost", "done"]


def test_a_run_that_was_taken_over_stops_at_its_next_step():
    def slow(run):
        JobLock.objects.filter(name="count").update(holder="another")
        run.tick(done=1)

    with pytest.raises(LockLost):
        run_job("count", slow)


def test_a_run_marked_as_lost_stays_lost_when_its_process_lives_on():
    begun = timezone.now()

    def slow(run):
        with time_machine.travel(begun + STALE + timedelta(seconds=1), tick=False):
            assert run_job("count", lambda other: None) is not None
        run.tick(done=1)

    with pytest.raises(LockLost):
        run_job("count", slow)
    assert list(JobRun.objects.order_by("id").values_list("state", flat=True)) == ["lost", "done"]
