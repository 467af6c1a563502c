"""Two real connections at the same moment: what tests/filings/test_concurrency.py leaves.

Answers against submitting, files against submitting, bulk against single, two deliverers,
two publishers, two starts of a clock.
"""

import subprocess
import sys
import threading
import time
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from casework import outbox
from casework.actors import Actor
from casework.errors import CaseworkError, NotAllowed
from casework.events import verify_all
from casework.files import remove
from casework.jobs import STALE, run_job
from casework.models import Case, JobRun, Notice
from casework.perform import perform, perform_many
from filings.acts import submitting
from filings.decision.rulebook import shipped
from filings.models import FilingRule
from filings.rules_publishing import (
    PublishRefused,
    draft_from,
    publish_rule,
    send_to_review,
)
from filings.rules_store import forget_rulebook, load_rulebook
from filings.service import answers_now, save, submit_filing
from residents.models import DevelopmentMessage
from tests.factories import (
    CHENGDU,
    HOHHOT,
    KUNMING,
    XINCHENG,
    add_document,
    clerk,
    draft_filing,
    opened_filing,
    queued_filing,
)
from tests.filings.test_concurrency import at_once
from tests.strict import ROOT
from tests.workers import environment

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def loaded_rules(transactional_db):
    load_rulebook(shipped())
    yield
    forget_rulebook()


def waits_for_lock() -> bool:
    """Whether some connection of this database waits for a lock."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
            "AND wait_event_type = 'Lock'"
        )
        return cursor.fetchone()[0] > 0


def until_somebody_waits(seconds: float = 3) -> bool:
    """Poll until a connection waits for a lock; False when none did in time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if waits_for_lock():
            return True
        time.sleep(0.02)
    return False


@pytest.fixture
def between_guard_and_close(monkeypatch):
    """Stops a submit after its guards: `.wait()` returns there; the submit goes on when
    another connection waits for a lock, or has had a second to get through without."""
    reached = threading.Event()
    close = submitting.close_revision

    def close_later(case, now):
        reached.set()
        until_somebody_waits(1.5)
        return close(case, now)

    monkeypatch.setattr(submitting, "close_revision", close_later)
    return reached


def test_an_answer_saved_while_submitting_is_not_submitted_unchecked(between_guard_and_close):
    """昆明 needs no filing and cannot be submitted, not even in the moment of submitting."""
    case = draft_filing()

    def change():
        assert between_guard_and_close.wait(10)
        return save(Case.objects.get(pk=case.pk), {"destination": KUNMING})

    submitted, changed = at_once(
        lambda: submit_filing(Case.objects.get(pk=case.pk), Actor.resident(case.account)), change
    )
    assert submitted.status == "submitted"
    assert isinstance(changed, NotAllowed), changed
    assert answers_now(Case.objects.get(pk=case.pk)).destination == CHENGDU


def test_a_document_is_not_taken_out_while_submitting(between_guard_and_close):
    case = draft_filing(insured_area=XINCHENG)
    document = add_document(case, "residence_permit")

    def take_out():
        assert between_guard_and_close.wait(10)
        return remove(document)

    submitted, taken = at_once(
        lambda: submit_filing(Case.objects.get(pk=case.pk), Actor.resident(case.account)), take_out
    )
    assert submitted.status == "submitted" and submitted.documents_count == 1
    assert isinstance(taken, NotAllowed), taken
    assert case.attachments.get().removed_in is None


def test_two_deliverers_send_every_message_once(settings):
    settings.SMS_GATEWAY = "residents.sms.DevelopmentGateway"
    for _ in range(8):
        opened_filing()
    waiting = Notice.objects.filter(channel="sms").count()
    assert waiting >= 8

    results = at_once(outbox.deliver, outbox.deliver, outbox.deliver)

    assert sum(sent for sent, _ in results) == waiting
    assert DevelopmentMessage.objects.count() == waiting
    assert not Notice.objects.filter(channel="sms").exclude(state="sent").exists()


def test_bulk_and_single_decisions_on_one_case_leave_one_event():
    case = queued_filing()
    one, two = Actor.staff(clerk(area=HOHHOT)), Actor.staff(clerk(area=HOHHOT))
    single, bulk = at_once(
        lambda: perform(case, "reject", one, version=case.version, reason="other", note="不符"),
        lambda: perform_many([case.pk], "approve", two, kind_code="filing"),
    )
    decided = case.events.filter(code__in=["approved", "rejected"])
    assert decided.count() == 1
    assert isinstance(single, CaseworkError) == bool(bulk.done)
    assert list(verify_all(Case.objects.all())) == []


def test_a_clock_started_in_two_processes_runs_once():
    running = threading.Event()

    def slow(run):
        running.set()
        until_somebody_waits(0.5)
        run.tick(done=1)

    def second():
        assert running.wait(10)
        return run_job("count", lambda run: run.tick(done=100))

    first, other = at_once(lambda: run_job("count", slow), second)
    assert first.done == 1 and other is None
    assert JobRun.objects.get().done == 1


def test_a_first_number_of_the_day_asked_by_many_counties_at_once_never_deadlocks():
    drafts = [draft_filing() for _ in range(3)] + [
        draft_filing(insured_area="530921") for _ in range(3)
    ]
    results = at_once(
        *(lambda case=case: submit_filing(case, Actor.resident(case.account)) for case in drafts)
    )
    numbers = sorted(case.number for case in results)
    assert len(set(numbers)) == 6
    assert [number[-6:] for number in numbers] == ["000001", "000002", "000003"] * 2


def test_two_versions_of_a_rule_published_at_once_get_two_numbers_and_one_counts():
    author, one, two = (clerk("supervisor") for _ in range(3))
    row = FilingRule.objects.filter(key__contains="TMP-OTH", state="published").last()
    drafts = [
        draft_from(row, author, valid_from="2027-03-01", valid_to=None, note=text)
        for text in ("甲", "乙")
    ]
    for draft in drafts:
        send_to_review(draft, author)

    results = at_once(
        lambda: published(drafts[0], one),
        lambda: published(drafts[1], two),
    )

    rows = FilingRule.objects.filter(key=row.key, valid_from="2027-03-01", state="published")
    assert rows.count() == sum(isinstance(each, FilingRule) for each in results) >= 1
    assert len({each.version for each in rows}) == rows.count()


def published(row, actor):
    try:
        return publish_rule(row, actor)
    except PublishRefused as refusal:
        return refusal


def test_the_run_of_a_killed_process_is_recorded_as_lost_and_the_next_one_finishes():
    """A process of its own takes the lock and is killed; nothing of it is tidied up."""
    code = (
        "import django; django.setup();"
        "from casework.jobs import run_job; import time;"
        "run_job('count', lambda run: (run.tick(done=1), print('at it', flush=True),"
        " time.sleep(60)))"
    )
    child = subprocess.Popen(
        [sys.executable, "-c", code], cwd=ROOT, env=environment(), stdout=subprocess.PIPE
    )
    assert b"at it" in iter(child.stdout.readline, b"").__next__()
    child.kill(), child.wait(), child.stdout.close()

    assert run_job("count", lambda run: None) is None
    with time_machine.travel(timezone.now() + STALE + timedelta(seconds=1)):
        assert run_job("count", lambda run: run.tick(done=2)).done == 2
    lost, done = JobRun.objects.order_by("pk")
    assert (lost.state, lost.done, done.state) == ("lost", 1, "done")
