"""`/healthz` and `/readyz`: what works is named, what fails too, and nothing else is told."""

import socket

import pytest
from django.db import connection

from config import health

OK = {"status": "ok", "detail": ""}


@pytest.fixture
def checks(monkeypatch):
    """The registry, empty, so that a test says itself what is checked."""
    found = {}
    monkeypatch.setattr(health, "_checks", found)
    return found


def test_healthz_asks_nothing_of_the_database(client, django_assert_num_queries, db):
    with django_assert_num_queries(0):
        response = client.get("/healthz")
    assert response.json() == {"status": "ok"}
    assert "no-store" in response["Cache-Control"]


def test_healthz_works_without_a_database(client, django_db_blocker):
    with django_db_blocker.block():
        assert client.get("/healthz").status_code == 200


def test_readyz_names_every_check_with_its_time(client, db, checks):
    health.register_check("database", health.database)
    health.register_check("queue", health.age_check(lambda: 12.2, limit=300))
    response = client.get("/readyz")
    body = response.json()
    assert response.status_code == 200
    assert body["status"] == "ok"
    assert body["checks"]["queue"]["detail"] == "12 s"
    assert {name: check["status"] for name, check in body["checks"].items()} == {
        "database": "ok",
        "queue": "ok",
    }
    assert all(check["ms"] >= 0 for check in body["checks"].values())


def test_one_failed_check_makes_the_whole_answer_503(client, db, checks):
    health.register_check("database", health.database)
    health.register_check("queue", health.age_check(lambda: 301, limit=300))
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["checks"]["queue"] == {
        "status": "failed",
        "detail": "301 s",
        "ms": response.json()["checks"]["queue"]["ms"],
    }
    assert response.json()["checks"]["database"]["status"] == "ok"


def test_nothing_waiting_is_ready(checks):
    result = health.run_check("queue", health.age_check(lambda: None, limit=300))
    assert (result.ok, result.detail) == (True, "0 s")


def test_a_database_that_fails_is_named_and_its_error_is_not_shown(client, db, monkeypatch):
    def broken():
        raise OSError("password of user 'yb' at 10.1.2.3")

    with monkeypatch.context() as patch:
        patch.setattr(connection, "cursor", broken)
        result = health.run_check("database", health.database)
    assert (result.ok, result.detail) == (False, "OSError")


def test_a_broker_that_does_not_answer_fails_within_two_seconds(settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    result = health.run_check("broker", health.broker)
    assert not result.ok
    assert result.detail == "ConnectionError"
    assert result.ms < 2000


def test_a_broker_that_hangs_fails_within_three_seconds(settings):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings.REDIS_URL = f"redis://127.0.0.1:{silent.getsockname()[1]}/0"
        result = health.run_check("broker", health.broker)
    assert (result.ok, result.detail) == (False, "TimeoutError")
    assert result.ms < 3000


def test_no_broker_at_all_is_not_ready(settings):
    settings.REDIS_URL = ""
    result = health.run_check("broker", health.broker)
    assert (result.ok, result.detail) == (False, "REDIS_URL is not set")


def test_database_broker_and_queue_are_always_checked():
    assert {"database", "broker", "queue"} <= set(health._checks)


def test_the_age_of_the_oldest_undelivered_message_is_told(db):
    result = health.run_check("queue", health._checks["queue"])
    assert (result.ok, result.detail) == (True, "0 s")


@pytest.mark.parametrize("address", ["/healthz", "/readyz"])
def test_health_is_only_read(client, db, address):
    assert client.post(address).status_code == 405
