"""Every clock has a name in words, by which the morning summary tells of it."""

import pytest

from casework.failures import JOB_WORDS
from casework.models import JobRun
from config.beat import SCHEDULE
from config.celery import app

pytestmark = pytest.mark.django_db


def test_each_job_that_beat_starts_is_told_of_in_words():
    app.loader.import_default_modules()
    for entry in SCHEDULE.values():
        app.tasks[entry["task"]].run()
    # The sweep of each minute keeps no record where it found nothing.
    names = {*JobRun.objects.values_list("name", flat=True), "casework.sweep"}
    assert len(names) == len(SCHEDULE)
    assert names <= JOB_WORDS.keys()
