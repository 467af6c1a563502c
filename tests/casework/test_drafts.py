"""Saving answers: in one statement while nobody else writes, and never over somebody else."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import time_machine
from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from casework.drafts import (
    answers_of,
    locked_revision,
    open_revision,
    save_answers,
    with_writing,
)
from casework.errors import NotAllowed
from casework.models import Case, Revision
from tests.factories import CaseFactory

pytestmark = pytest.mark.django_db


def page(case) -> Case:
    """The case as a page reads it."""
    return with_writing(Case.objects.all()).get(pk=case.pk)


def stored(case) -> dict:
    return answers_of(Revision.objects.filter(case=case).latest("number"))


def writes(asked) -> list[str]:
    return [row["sql"] for row in asked if row["sql"].startswith(("SELECT", "UPDATE"))]


@pytest.fixture
def case():
    made = CaseFactory(topic="TMP-OTH", stay_until=None)
    save_answers(made, {"name": "王秀兰"})
    return made


def test_a_case_comes_with_what_is_being_written_by_one_query(case):
    with CaptureQueriesContext(connection) as asked:
        assert answers_of(open_revision(page(case))) == {"name": "王秀兰"}
    assert len(asked) == 1


def test_what_was_read_is_saved_by_one_statement(case):
    shown = page(case)
    with CaptureQueriesContext(connection) as asked:
        assert save_answers(shown, {"care": "inpatient"}) == {
            "name": "王秀兰",
            "care": "inpatient",
        }
    assert len(writes(asked)) == 1
    assert stored(case) == {"name": "王秀兰", "care": "inpatient"}
    assert answers_of(open_revision(shown)) == stored(case)


def test_saving_twice_from_one_page_keeps_both(case):
    shown = page(case)
    save_answers(shown, {"care": "inpatient"})
    save_answers(shown, {"address": "成都"})
    assert stored(case) == {"name": "王秀兰", "care": "inpatient", "address": "成都"}


@pytest.mark.parametrize("moment", ["2026-11-23T10:00:00+08:00"])
def test_another_tab_that_saved_meanwhile_loses_nothing_even_at_the_same_moment(case, moment):
    with time_machine.travel(moment, tick=False):
        one, two = page(case), page(case)
        save_answers(one, {"care": "inpatient"})
        three = page(case)
        save_answers(two, {"address": "成都"})
        save_answers(three, {"contact_how": "sms"})
    assert stored(case) == {
        "name": "王秀兰",
        "care": "inpatient",
        "address": "成都",
        "contact_how": "sms",
    }


def test_what_was_submitted_meanwhile_takes_no_answers(case):
    shown = page(case)
    Revision.objects.filter(case=case).update(closed_at=timezone.now())
    with pytest.raises(NotAllowed):
        save_answers(shown, {"care": "inpatient"})
    assert stored(case) == {"name": "王秀兰"}


def test_a_revision_that_moved_on_by_a_number_is_read_anew(case):
    shown = page(case)
    other = open_revision(Case.objects.get(pk=case.pk))
    other.number, other.answers_json = 2, '{"name":"王秀兰","end":"2027-01-01"}'
    other.save(update_fields=["number", "answers_json"])
    save_answers(shown, {"care": "inpatient"})
    assert stored(case) == {"name": "王秀兰", "end": "2027-01-01", "care": "inpatient"}


def test_columns_that_stay_as_they_are_are_not_written(case):
    shown = page(case)
    with CaptureQueriesContext(connection) as asked:
        save_answers(shown, {"care": "inpatient"}, {"topic": "TMP-OTH", "stay_until": None})
    assert not [sql for sql in writes(asked) if sql.startswith('UPDATE "casework_case"')]
    save_answers(shown, {}, {"topic": "LT-RES"})
    assert Case.objects.get(pk=case.pk).topic == "LT-RES"


def test_columns_that_another_tab_changed_are_written_again(case):
    shown = page(case)
    save_answers(page(case), {"category": "LT-RES"}, {"topic": "LT-RES"})
    save_answers(shown, {"category": "TMP-OTH"}, {"topic": "TMP-OTH"})
    assert Case.objects.get(pk=case.pk).topic == "TMP-OTH"


def test_whoever_begins_to_write_forgets_what_came_along(case):
    shown = page(case)
    assert shown.has_files is False
    with transaction.atomic():
        locked_revision(shown)
    assert not {"being_written", "has_files"} & set(shown.__dict__)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("then", ["closed", "saved"])
def test_saving_waits_for_the_lock_of_the_case_and_sees_what_was_done_under_it(case, then):
    shown, begun = page(case), threading.Event()

    def save():
        try:
            begun.set()
            return save_answers(shown, {"care": "inpatient"})
        except NotAllowed as refusal:
            return refusal
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
            waiting = pool.submit(save)
            assert begun.wait(10)
            _until_somebody_waits(waiting)
            if then == "closed":
                Revision.objects.filter(case=case).update(closed_at=timezone.now())
            else:
                save_answers(case, {"address": "成都"})
            assert not waiting.done()
        result = waiting.result(timeout=10)

    if then == "closed":
        assert isinstance(result, NotAllowed)
        assert stored(case) == {"name": "王秀兰"}
    else:
        assert result == stored(case)
        assert result == {"name": "王秀兰", "address": "成都", "care": "inpatient"}


def _until_somebody_waits(waiting) -> None:
    """Return once another connection waits for what this one has locked."""
    sql = (
        "SELECT count(*) FROM pg_locks"
        " WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"
    )
    for _ in range(200):
        with connection.cursor() as cursor:
            cursor.execute(sql)
            if cursor.fetchone()[0]:
                return
        if waiting.done():
            pytest.fail(f"did not wait: {waiting.result()}")
        threading.Event().wait(0.05)
    pytest.fail("nobody waited for the lock of the case")
