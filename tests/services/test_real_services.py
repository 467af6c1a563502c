"""The parts users depend on, as they are: PostgreSQL, Redis and a worker in its own process."""

import pytest
from django.core.cache import cache
from django.db import connection
from redis import Redis

from config.celery import app
from scripts.launcher.children import birth

pytestmark = pytest.mark.services


def test_the_database_is_postgresql_and_the_broker_answers(client, db):
    assert connection.vendor == "postgresql"
    body = client.get("/readyz").json()
    assert body["checks"]["database"]["status"] == "ok"
    assert body["checks"]["broker"]["status"] == "ok"


def test_a_worker_answers_through_the_broker(real_worker):
    answers = app.control.ping(timeout=5)
    assert [list(answer.values()) for answer in answers] == [[{"ok": "pong"}]]


def test_the_worker_knows_the_tasks_of_the_apps(real_worker):
    registered = app.control.inspect(timeout=5).registered()
    names = {name for found in registered.values() for name in found}
    assert {"casework.tasks.deliver_outbox", "casework.tasks.review_case"} <= names


def test_a_killed_worker_is_replaced_for_the_next_test(real_worker, worker_pool):
    real_worker.kill()
    assert not birth(real_worker.pid)
    assert worker_pool.get() is not real_worker
    assert worker_pool.get().alive


def test_the_shared_cache_is_redis(settings):
    cache.set("seen", 1, 60)
    with Redis.from_url(settings.REDIS_URL) as redis:
        assert any(b"seen" in key for key in redis.keys("*"))
