"""A broker that is away neither fails a request nor holds it up."""

import socket
import time

import pytest
from celery import current_app

from casework import publish as publishing
from casework.publish import publish

TASK = "casework.tasks.deliver_outbox"


@pytest.fixture
def broker(monkeypatch, tmp_path):
    """Where the broker should be, and publishing that has not rested."""
    monkeypatch.setitem(publishing._rest, "until", 0.0)
    path = tmp_path / "redis.sock"
    monkeypatch.setattr(current_app.conf, "broker_write_url", f"redis+socket://{path}")
    return path


@pytest.fixture
def hung(broker):
    """A broker that takes connections and never answers."""
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(broker))
        server.listen(50)
        yield


def seconds_of(call):
    began = time.monotonic()
    assert call() is False
    return time.monotonic() - began


def test_a_broker_that_is_gone_is_noticed_at_once(broker):
    assert seconds_of(lambda: publish(TASK)) < 1


def test_a_broker_that_hangs_is_given_up_within_about_a_second(hung):
    assert seconds_of(lambda: publish(TASK)) < 1.9


def test_after_a_failure_the_next_task_does_not_wait_again(hung):
    publish(TASK)
    assert seconds_of(lambda: publish(TASK)) < 0.1


def test_after_the_rest_the_broker_is_asked_again(broker, monkeypatch):
    assert publish(TASK) is False
    monkeypatch.setattr(current_app.conf, "broker_write_url", "memory://")
    monkeypatch.setitem(publishing._rest, "until", time.monotonic() - 0.1)
    assert publish(TASK) is True
