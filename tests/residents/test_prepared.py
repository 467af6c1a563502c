"""Queries put together once: the same instances as ever, whatever was asked before."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.db.models import BigIntegerField, CharField, DateTimeField, IntegerField, UUIDField
from django.utils import timezone

from casework.drafts import with_writing
from casework.models import Case, Revision
from residents.crypto import current_prefix
from residents.models import User
from residents.prepared import Prepared, PreparedUpdate, Slot, by_columns
from tests import factories

pytestmark = pytest.mark.django_db


def cases():
    """A query with joins, a subquery and an annotation, as the steps ask it."""
    return with_writing(Case.objects.select_related("person", "account"))


def seen(row) -> dict:
    """Everything that an instance holds, and what was joined to it."""
    joined = {name: found and vars(found) for name, found in row._state.fields_cache.items()}
    held = {**vars(row), **{f"joined {name}": values for name, values in joined.items()}}
    return without_state(held)


def without_state(found):
    if isinstance(found, dict):
        return {key: without_state(value) for key, value in found.items() if key != "_state"}
    return found


def test_the_instance_is_the_one_that_the_ordinary_query_gives():
    case = factories.draft_filing()
    kept = Prepared(cases().filter(public_id=Slot("public_id", UUIDField())))
    plain = cases().get(public_id=case.public_id)
    assert seen(kept.first(public_id=case.public_id)) == seen(plain)


def test_each_call_asks_with_its_own_values(django_assert_num_queries):
    first, second = factories.draft_filing(), factories.draft_filing()
    kept = Prepared(cases().filter(public_id=Slot("public_id", UUIDField())))
    with django_assert_num_queries(4):
        for case in (first, second, first):
            assert kept.first(public_id=case.public_id).pk == case.pk
        assert kept.first(public_id=UUID(int=0)) is None


def test_values_are_given_to_the_database_as_the_field_says():
    user = factories.resident()
    User.objects.filter(pk=user.pk).update(last_login=timezone.now())
    before = Prepared(User.objects.filter(last_login__lt=Slot("moment", DateTimeField())))
    assert before.first(moment=timezone.now() + timedelta(hours=1)) == user
    assert before.first(moment=timezone.now() - timedelta(hours=1)) is None


def test_all_that_are_found_come_in_the_order_of_the_query(django_assert_num_queries):
    made = [factories.draft_filing() for _ in range(3)]
    drafts = Case.objects.filter(status=Slot("status", CharField())).order_by("-pk")
    kept = Prepared(drafts)
    with django_assert_num_queries(2):
        assert kept.all(status="draft") == made[::-1]
        assert kept.all(status="approved") == []


def replacing() -> PreparedUpdate:
    """New answers for one revision, if its number is this one."""
    key, number = Slot("key", BigIntegerField()), Slot("number", IntegerField())
    rows = Revision.objects.filter(pk=key, number=number)
    return PreparedUpdate(rows, {"answers_json": "text", "saved_at": "at"})


def test_an_update_changes_the_rows_that_meet_its_conditions_and_says_how_many():
    first, second = factories.draft_filing(), factories.draft_filing()
    kept, at = replacing(), timezone.now()
    before = second.revisions.get().answers_json
    mine = first.revisions.get()
    assert kept.run(key=mine.pk, number=2, text='{"a":1}', at=at) == 0
    assert kept.run(key=mine.pk, number=1, text='{"a":2}', at=at) == 1
    mine.refresh_from_db()
    assert (mine.answers_json, mine.saved_at) == ('{"a":2}', at)
    assert second.revisions.get().answers_json == before


def test_an_update_stores_what_is_encrypted_as_ciphertext():
    revision = factories.draft_filing().revisions.get()
    replacing().run(key=revision.pk, number=1, text='{"name":"王秀兰"}', at=timezone.now())
    with connection.cursor() as cursor:
        cursor.execute("SELECT answers_json FROM casework_revision WHERE id = %s", [revision.pk])
        (stored,) = cursor.fetchone()
    assert stored.startswith(current_prefix())
    assert "王秀兰" not in stored


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_threads_share_one_query_and_get_their_own_rows():
    made = [factories.draft_filing() for _ in range(4)]
    kept = Prepared(cases().filter(public_id=Slot("public_id", UUIDField())))

    def ask(case) -> bool:
        try:
            return all(kept.first(public_id=case.public_id).pk == case.pk for _ in range(40))
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        assert all(threads.map(ask, made))


def test_rows_are_found_by_their_columns_and_by_the_keys_of_others():
    first, second = factories.draft_filing(), factories.draft_filing()
    kept = by_columns(Case.objects.all(), "person_id", "kind")
    assert kept.first(person_id=first.person_id, kind="filing").pk == first.pk
    assert kept.first(person_id=second.person_id, kind="filing").pk == second.pk
    assert kept.first(person_id=second.person_id, kind="claim") is None
