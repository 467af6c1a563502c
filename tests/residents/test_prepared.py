"""Queries put together once: the same instances as ever, whatever was asked before."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.db.models import CharField, DateTimeField, UUIDField
from django.utils import timezone

from casework.drafts import with_writing
from casework.models import Case
from residents.models import User
from residents.prepared import Prepared, Slot
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
