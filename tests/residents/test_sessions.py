"""Sessions come with their account in one query, and a log-out holds at once everywhere."""

import pytest
from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.base import UpdateError
from django.core.cache import caches
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from residents.middleware import AccountMiddleware
from residents.models import AccountSession
from residents.sessions import SessionStore
from tests.residents.factories import ResidentFactory, logged_in

pytestmark = pytest.mark.django_db


def asker(key: str):
    """The user whom a request with this session key has, as any process would see it."""
    request = RequestFactory().get("/")
    request.session = SessionStore(key)
    AccountMiddleware(lambda _: None).process_request(request)
    return request.user


@pytest.fixture
def user():
    return ResidentFactory()


@pytest.fixture
def web(user):
    return logged_in(user)


@pytest.fixture
def key(web):
    return web.session.session_key


def test_session_and_account_are_one_query(user, key):
    with CaptureQueriesContext(connection) as asked:
        assert asker(key).pk == user.pk
    assert len(asked) == 1


def test_a_log_out_holds_at_once_for_whoever_still_has_the_key(web, key):
    assert asker(key).is_authenticated
    web.post(reverse("residents:logout"))
    assert not asker(key).is_authenticated


def test_a_log_out_while_the_cache_is_away_is_not_undone_when_it_comes_back(web, key, monkeypatch):
    def away(*args, **kwargs):
        raise ConnectionError("the cache is away")

    assert asker(key).is_authenticated
    with monkeypatch.context() as absence:
        for name in ("get", "set", "add", "delete", "delete_many", "touch"):
            absence.setattr(type(caches["default"]), name, away)
        web.post(reverse("residents:logout"))
        assert not asker(key).is_authenticated
    assert not asker(key).is_authenticated


def test_a_page_that_was_slower_than_the_log_out_does_not_bring_the_session_back(web, key):
    slow = SessionStore(key)
    slow["seen"] = 1
    web.post(reverse("residents:logout"))
    with pytest.raises(UpdateError):
        slow.save()
    assert not AccountSession.objects.filter(pk=key).exists()


def test_an_account_that_was_closed_is_nobody_from_the_next_page_on(user, key):
    user.is_active = False
    user.save()
    assert not asker(key).is_authenticated


def test_a_changed_password_ends_the_session(user, key):
    user.set_password("another")
    user.save()
    assert not asker(key).is_authenticated
    assert not AccountSession.objects.filter(pk=key).exists()


def test_a_session_signed_with_the_former_key_stays_valid_and_is_signed_anew(
    user, key, monkeypatch
):
    former = settings.SECRET_KEY
    monkeypatch.setattr(settings, "SECRET_KEY", "the-new-key-of-today-0123456789abcdefghijklmnop")
    monkeypatch.setattr(settings, "SECRET_KEY_FALLBACKS", [former])
    assert asker(key).pk == user.pk


def test_the_column_of_the_account_decides_nothing(user, key):
    other = ResidentFactory()
    AccountSession.objects.filter(pk=key).update(account=other)
    assert asker(key).pk == user.pk
    AccountSession.objects.filter(pk=key).update(account=None)
    assert asker(key).pk == user.pk


def test_a_session_that_proves_nothing_is_nobodys(user, key):
    session = SessionStore(key)
    session[HASH_SESSION_KEY] = ""
    session.save()
    assert not asker(key).is_authenticated


def test_a_session_that_is_over_is_nobodys(user, key, monkeypatch):
    AccountSession.objects.filter(pk=key).update(expire_date="2001-01-01T00:00:00Z")
    assert not asker(key).is_authenticated


def test_the_row_follows_who_is_logged_in(user, key):
    assert AccountSession.objects.get(pk=key).account_id == user.pk
    visitor = SessionStore()
    visitor["next"] = "/"
    visitor.save()
    assert AccountSession.objects.get(pk=visitor.session_key).account_id is None
    visitor[SESSION_KEY] = str(user.pk)
    visitor.save()
    assert AccountSession.objects.get(pk=visitor.session_key).account_id == user.pk


def test_sessions_that_are_over_can_be_cleared(key):
    AccountSession.objects.filter(pk=key).update(expire_date="2001-01-01T00:00:00Z")
    SessionStore.clear_expired()
    assert not AccountSession.objects.exists()
