"""Residents file while web, worker, beat and broker are killed with kill -9.

Afterwards nothing that was acknowledged is lost, every case has one number, one submitted
event and a review, and no message that was recorded as sent left again.
"""

import hashlib
import random
import re
import signal
import threading
import time
from collections import Counter

import pytest
from django.db.models import Count
from django.test import Client

from casework.drafts import closed_answers
from casework.events import verify_all
from casework.models import Case, CaseEvent, Letter, Notice, NumberCounter
from casework.storage import read_stored
from filings.decision.rulebook import shipped
from filings.models import Filing
from filings.rules_store import load_rulebook
from tests.factories import proven_holding
from tests.services.storm.house import House, wait_for
from tests.services.storm.resident import Browser, Resident

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]

RESIDENTS = 3
# Victims in an order that the seed shuffles; "pool" is one process of the worker's pool.
VICTIMS = ("web", "web", "web", "worker", "pool", "worker", "redis", "redis", "beat")
STORM_SECONDS = 40
CALM_SECONDS = 40
FILE_SECONDS = 20


@pytest.fixture
def house(tmp_path):
    """The four parts, running on the rules of the project."""
    load_rulebook(shipped())
    built = House(tmp_path)
    try:
        built.start()
        yield built
    finally:
        built.stop()


def resident_of(house) -> Resident:
    """Somebody of the register with a browser in which they have logged in."""
    account = proven_holding().account
    client = Client()
    client.force_login(account, "django.contrib.auth.backends.ModelBackend")
    cookies = {name: cookie.value for name, cookie in client.cookies.items()}
    return Resident(Browser(house.port, cookies), account.phone)


class Crowd:
    """Residents who file one case after another, each in a thread, until told to stop."""

    def __init__(self, house, people: list, deadline: float):
        self.waiting = list(people)
        self.house, self.deadline = house, deadline
        self.all: list[Resident] = []
        self.wrong: list[Exception] = []
        self.over = threading.Event()
        self._lock = threading.Lock()
        self.threads = [threading.Thread(target=self._live) for _ in range(RESIDENTS)]
        for thread in self.threads:
            thread.start()

    def _live(self):
        while not self.over.is_set():
            with self._lock:
                if not self.waiting:
                    return
                resident = self.waiting.pop()
                self.all.append(resident)
            try:
                resident.file(self.deadline)
            except Exception as error:  # shown by the test, not lost in a thread
                self.wrong.append(error)
                return

    def finish(self):
        """Let everybody finish the filing in hand."""
        self.over.set()
        for thread in self.threads:
            thread.join()


def storm(house, chance: random.Random, until: float) -> Counter:
    """Kill in random order at random moments, and start again what was killed."""
    victims = list(VICTIMS)
    chance.shuffle(victims)
    killed = Counter()
    for victim in victims:
        if time.monotonic() > until:
            break
        time.sleep(chance.uniform(0.3, 1.5))
        if victim == "pool":
            house.parts["worker"].kill_child(chance)
        else:
            house.parts[victim].kill()
            time.sleep(chance.uniform(0, 0.5))
            house.parts[victim].start()
            if chance.random() < 0.7:  # else the next blow falls while it starts
                house.parts[victim].wait()
        killed[victim] += 1
    return killed


def undone() -> list[str]:
    """What has not come to rest yet."""
    cases = Case.objects.filter(status="submitted")
    notices = Notice.objects.filter(channel="sms").exclude(state="sent")
    left = [f"case {case.pk} waits for its review" for case in cases.for_lists()]
    return left + [f"{notice.dedupe_key} is {notice.state}" for notice in notices]


@pytest.mark.parametrize("seed", [20261122])
def test_kill_9_of_every_part_loses_nothing_and_sends_nothing_again(house, seed):
    people = [resident_of(house) for _ in range(60)]
    chance = random.Random(seed)
    began = time.monotonic()
    crowd = Crowd(house, people, began + STORM_SECONDS + FILE_SECONDS)
    try:
        killed = storm(house, chance, began + STORM_SECONDS)
        for part in house.parts.values():
            part.wait()
    finally:
        crowd.finish()
    assert not crowd.wrong, (crowd.wrong, house.report())
    wait_for(lambda: not undone(), CALM_SECONDS, "calm", lambda: f"{undone()}\n{house.report()}")

    assert {"web", "worker", "redis"} <= set(killed), killed
    assert sum(resident.trouble for resident in crowd.all) > 0, "nobody noticed anything"
    filed = [resident for resident in crowd.all if resident.submitted]
    assert len(filed) >= RESIDENTS
    for resident in crowd.all:
        nothing_acknowledged_is_lost(resident)
    every_case_is_whole()
    no_message_again(house, killed)


def nothing_acknowledged_is_lost(resident: Resident) -> None:
    """The answer in the database is the one acknowledged last, or one sent after it."""
    if not resident.started:
        return
    case = Case.objects.get(public_id=resident.started.rsplit("/", 1)[-1])
    if resident.submitted:
        assert case.status == "approved", (case.status, case.doubts, case.filing.findings)
        assert str(case.public_id) in resident.submitted
    if resident.kept >= 0:
        revision = case.revision or case.revisions.get()
        address = re.search(r"第(\d+)号", revision.answers_json)
        assert resident.kept <= int(address.group(1)) < len(resident.tried)


def every_case_is_whole() -> None:
    """One number, one event of each kind, one form that is there, a chain that holds."""
    cases = list(Case.objects.exclude(status="draft"))
    assert list(verify_all(Case.objects.all())) == []
    numbers = [case.number for case in cases]
    used = sorted(int(number[-6:]) for number in numbers)
    assert used == list(range(1, len(cases) + 1)), "a number is missing or given twice"
    assert NumberCounter.objects.get().last == len(cases)
    for case in cases:
        codes = list(case.events.order_by("seq").values_list("code", flat=True))
        assert codes == ["submitted", "opened"], (case.pk, codes)
        assert closed_answers(case)["destination"] == "510100"
        assert Filing.objects.get(case=case).live
    assert not CaseEvent.objects.filter(case__status="draft").exists()
    twice = Letter.objects.values("case", "kind").annotate(many=Count("id")).filter(many__gt=1)
    assert not twice.exists(), list(twice)
    assert Letter.objects.filter(kind="form").count() == len(cases)
    for letter in Letter.objects.all():
        assert hashlib.sha256(read_stored(letter.stored_name)).hexdigest() == letter.sha256


def no_message_again(house, killed: Counter) -> None:
    """Each message left; none that was recorded as sent left again; one whose worker was
    killed before it could record may have left twice under one key."""
    lines = [line.split() for line in house.sent.read_text().splitlines()]
    assert [key for key, when in lines if when == "again"] == []
    left = Counter(key for key, _ in lines)
    sent = Notice.objects.filter(channel="sms", state="sent").values_list("dedupe_key", flat=True)
    assert set(sent) == set(left)
    assert Notice.objects.filter(channel="sms", template="filing_opened").count() == (
        Case.objects.filter(status="approved").count()
    )
    repeated = sum(count - 1 for count in left.values())
    assert repeated <= 2 * (killed["worker"] + killed["pool"]), left.most_common(5)


@pytest.mark.parametrize("blow", ["gone", "hung"])
def test_without_a_broker_every_answer_comes_within_two_seconds(house, blow):
    first = resident_of(house)
    assert first.file(time.monotonic() + FILE_SECONDS)
    resident = resident_of(house)
    redis = house.parts["redis"]
    if blow == "gone":
        redis.kill()
    else:
        redis.process.send_signal(signal.SIGSTOP)
    assert resident.file(time.monotonic() + FILE_SECONDS)
    assert resident.trouble == 0
    assert resident.browser.slowest < 2, f"{resident.browser.slowest:.1f} s; {house.report()}"
    assert Case.objects.filter(status="submitted").exists()

    if blow == "gone":
        redis.start()
    else:
        redis.process.send_signal(signal.SIGCONT)
    wait_for(lambda: not undone(), CALM_SECONDS, "the sweep", lambda: f"{undone()}{house.report()}")
    assert Case.objects.filter(status="approved").count() == 2
