"""Every clock that beat starts, run as a worker runs it: in no transaction.

A test in a transaction hides what fails only outside of one: rows locked without any, and
temporary tables that are gone with the statement that made them.
"""

from collections.abc import Iterable
from datetime import timedelta

import time_machine
from django.db import connection
from django.utils import timezone

from casework.models import JobRun
from config.beat import SCHEDULE
from config.celery import app


def run_every_clock(days: Iterable[int]) -> list[tuple[str, str, str]]:
    """Run all clocks so many days from now; (name, state, detail) of each run that failed."""
    app.loader.import_default_modules()
    assert not connection.in_atomic_block
    began = timezone.now()
    newest = JobRun.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    for more in days:
        with time_machine.travel(began + timedelta(days=more), tick=True):
            for entry in SCHEDULE.values():
                app.tasks[entry["task"]].run()
    runs = JobRun.objects.filter(pk__gt=newest)
    assert runs.filter(done__gt=0).exists(), "there was something to do"
    wrong = runs.exclude(state=JobRun.State.DONE).order_by("pk")
    return [(run.name, run.state, run.detail) for run in wrong]
