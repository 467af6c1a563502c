"""The Celery application of the storm: the real one, whose clocks run faster.

Nothing is left out and nothing is replaced; only the waits are shorter, so that a test
sees within seconds what takes minutes in production.
"""

from datetime import timedelta

import django

django.setup()

from casework import jobs, outbox, sweep  # noqa: E402
from config.celery import app  # noqa: E402

__all__ = ["app"]

sweep.REVIEW_LATE = timedelta(seconds=3)
jobs.STALE = timedelta(seconds=5)
outbox.LEASE = timedelta(seconds=5)
app.conf.beat_schedule["sweep"].update(schedule=2.0, options={"expires": 4})
