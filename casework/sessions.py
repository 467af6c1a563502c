"""The log-ins that are over, taken out of the database each day.

A session past its time logs nobody in (`residents.sessions`); only its row is left, with
which account was here. It goes, in small pieces, so that no log-in waits for it.
"""

from django.utils import timezone

from casework.jobs import Run, run_job
from casework.models import JobRun
from residents.sessions import SessionStore

CHUNK = 1000


def clear_sessions(now=None) -> JobRun | None:
    """Delete sessions past their time; None when another process is at it."""
    now = now or timezone.now()
    return run_job("casework.sessions", lambda run: _work(run, now))


def _work(run: Run, now) -> None:
    sessions = SessionStore.get_model_class().objects
    over = sessions.filter(expire_date__lt=now).order_by("expire_date")
    while keys := list(over.values_list("pk", flat=True)[:CHUNK]):
        run.tick(done=sessions.filter(pk__in=keys, expire_date__lt=now).delete()[0])
