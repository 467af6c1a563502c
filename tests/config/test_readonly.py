"""A GET that writes fails, in tests as in production, however the statement is dressed."""

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import RequestFactory

from config.readonly import (
    ReadOnlyGetMiddleware,
    WriteOnGetError,
    writes_allowed,
    written_tables,
)
from facilities.models import Division
from residents.sessions import SessionStore


def divisions(*codes):
    for code in codes:
        Division.objects.create(code=code, name=f"地区{code}")


def answer(method: str, work):
    request = RequestFactory().generic(method, "/somewhere")
    return ReadOnlyGetMiddleware(lambda request: work() or HttpResponse())(request)


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_a_get_that_writes_fails(db, method):
    with pytest.raises(WriteOnGetError):
        answer(method, lambda: divisions("990001") or None)


def test_a_post_may_write(db):
    assert answer("POST", lambda: divisions("990001")).status_code == 200


def test_a_get_may_renew_the_session(db):
    assert answer("GET", lambda: SessionStore().save()).status_code == 200


def test_a_get_may_lock_what_it_reads(db):
    assert written_tables("SELECT 1 FROM case FOR UPDATE") == set()
    assert written_tables("WITH a AS (SELECT 1) SELECT * FROM b FOR NO KEY UPDATE OF b") == set()


def test_an_upsert_names_one_table():
    sql = 'INSERT INTO "a" ("b") VALUES (1) ON CONFLICT ("b") DO UPDATE SET "b" = 2'
    assert written_tables(sql) == {"a"}


@pytest.mark.parametrize(
    "sql",
    [
        "  /* a */ UPDATE facilities_division SET name = 'residents_accountsession'",
        "WITH x AS (SELECT 1) DELETE FROM facilities_division",
        "TRUNCATE facilities_division",
        "UPDATE facilities_division SET name = "
        "(SELECT max(session_key) FROM residents_accountsession)",
    ],
)
def test_a_write_in_disguise_is_still_a_write(db, sql):
    def work():
        with connection.cursor() as cursor:
            cursor.execute(sql)

    with pytest.raises(WriteOnGetError):
        answer("GET", work)


def test_writes_can_be_allowed_by_name_for_a_block(db):
    def work():
        with writes_allowed():
            divisions("990001")

    assert answer("GET", work).status_code == 200
