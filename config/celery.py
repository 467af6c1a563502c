"""The Celery application: which broker, which queues, which clocks."""

import os

from celery import Celery

from config import broker
from config.beat import SCHEDULE

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")

broker.install()
app = Celery("yibao")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.beat_schedule = SCHEDULE
app.autodiscover_tasks()
