"""Sessions past their time are taken out each day, and the run is recorded."""

from datetime import timedelta

import pytest
from celery import current_app
from django.test import Client
from django.utils import timezone

from casework import sessions
from casework.models import JobRun
from casework.sessions import clear_sessions
from config.beat import SCHEDULE
from residents.models import AccountSession
from tests import factories as f

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"


def logged_in(days_left: int) -> AccountSession:
    """The session of somebody who logged in, with so many days to go."""
    client = Client()
    client.force_login(f.clerk(), BACKEND)
    row = AccountSession.objects.get(pk=client.session.session_key)
    row.expire_date = timezone.now() + timedelta(days=days_left)
    row.save(update_fields=["expire_date"])
    return row


def test_only_sessions_past_their_time_go(monkeypatch):
    monkeypatch.setattr(sessions, "CHUNK", 2)
    for days in (-1, -2, -3):
        logged_in(days)
    kept = logged_in(1)
    record = clear_sessions()
    assert (record.state, record.done) == (JobRun.State.DONE, 3)
    assert list(AccountSession.objects.values_list("pk", flat=True)) == [kept.pk]
    assert clear_sessions().done == 0


def test_beat_runs_it_daily_by_a_task_that_exists():
    name = SCHEDULE["sessions"]["task"]
    current_app.loader.import_default_modules()
    logged_in(-1)
    current_app.tasks[name]()
    assert not AccountSession.objects.exists()
    assert JobRun.objects.get().name == "casework.sessions"
    schedule = SCHEDULE["sessions"]["schedule"]
    assert len(schedule.hour) == len(schedule.minute) == 1
