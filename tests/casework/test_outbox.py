"""The outbox: nothing recorded as sent is sent again, nothing due is forgotten."""

from collections import Counter
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from casework import outbox
from casework.actors import Actor
from casework.models import Notice
from casework.notices import notify
from casework.perform import perform

pytestmark = pytest.mark.django_db


class Gateway:
    """Remembers what it was given; fails while `down`."""

    sent: list = []
    keys: list = []
    down = False
    meanwhile = None  # what happens elsewhere while a message is being sent

    def send(self, phone, text, key=""):
        if self.down:
            raise ConnectionError("no route")
        type(self).sent.append((phone, text))
        type(self).keys.append(key)
        if happens := type(self).meanwhile:
            type(self).meanwhile = None
            happens()


@pytest.fixture
def gateway(settings):
    Gateway.sent, Gateway.keys, Gateway.down, Gateway.meanwhile = [], [], False, None
    settings.SMS_GATEWAY = f"{__name__}.Gateway"
    return Gateway


@pytest.fixture
def submitted(draft, resident):
    return perform(draft, "submit", Actor.resident(resident), version=0)


def test_a_message_is_sent_once(gateway, submitted):
    assert outbox.deliver() == (1, 0)
    assert outbox.deliver() == (0, 0)
    assert gateway.sent == [("13800000001", f"您的示例事项({submitted.number})有了进展。")]


def test_a_gateway_that_fails_is_tried_again_later(gateway, submitted):
    gateway.down = True
    assert outbox.deliver() == (0, 1)
    assert outbox.deliver() == (0, 0)  # not before its time
    gateway.down = False
    with time_machine.travel(timezone.now() + timedelta(minutes=5), tick=False):
        assert outbox.deliver() == (1, 0)


def test_after_many_failures_the_message_is_marked_and_left(gateway, submitted):
    gateway.down = True
    for hour in range(outbox.MAX_ATTEMPTS):
        with time_machine.travel(timezone.now() + timedelta(hours=10 * (hour + 1)), tick=False):
            outbox.deliver()
    notice = Notice.objects.get(channel="sms")
    assert (notice.state, notice.attempts) == ("failed", outbox.MAX_ATTEMPTS)
    assert "ConnectionError" in notice.error


def test_a_worker_killed_while_sending_leaves_a_lease_that_runs_out(gateway, submitted):
    assert len(outbox._claim(10)) == 1  # and then the process dies
    assert outbox.deliver() == (0, 0)
    with time_machine.travel(timezone.now() + outbox.LEASE + timedelta(seconds=1), tick=False):
        assert outbox.deliver() == (1, 0)


def test_a_reminder_with_the_same_key_is_written_once(submitted):
    for _ in range(2):
        notify(submitted, "toy", {}, "reminder-30")
    assert Notice.objects.filter(dedupe_key__contains="reminder-30", channel="sms").count() == 1


def test_the_age_of_the_oldest_waiting_message_is_known(submitted):
    with time_machine.travel(timezone.now() + timedelta(minutes=3), tick=False):
        assert 179 <= outbox.oldest_waiting_seconds() <= 181


def after_the_lease(happens):
    """Run it in a later process, when the lease of this one has run out."""

    def run():
        later = timezone.now() + outbox.LEASE + timedelta(seconds=1)
        with time_machine.travel(later, tick=False):
            happens()

    return run


def test_a_slow_deliverer_does_not_send_again_what_another_sent_meanwhile(gateway, submitted):
    notify(submitted, "toy", {}, "second")
    gateway.meanwhile = after_the_lease(outbox.deliver)
    outbox.deliver()
    keys = set(Notice.objects.filter(channel="sms", state="sent").values_list("dedupe_key"))
    assert len(keys) == 2
    # The one in flight when its lease ran out may repeat, with its key; the other must not.
    assert sorted(Counter(gateway.keys).values()) == [1, 2]
    assert gateway.keys.count(gateway.keys[0]) == 2


def test_a_late_failure_does_not_reopen_what_another_sent_meanwhile(gateway, submitted):
    def succeed_elsewhere_then_fail():
        after_the_lease(outbox.deliver)()
        raise ConnectionError("timed out")

    gateway.meanwhile = succeed_elsewhere_then_fail
    outbox.deliver()
    notice = Notice.objects.get(channel="sms")
    assert (notice.state, notice.error) == ("sent", "")


def test_the_gateway_is_told_the_key_of_each_message(gateway, submitted):
    outbox.deliver()
    assert gateway.keys == [Notice.objects.get(channel="sms").dedupe_key]
