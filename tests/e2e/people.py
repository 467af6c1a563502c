"""Who looks at the pages: sessions made in the database, as a log-in would leave them."""

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

from residents.models import User
from residents.sessions import SessionStore
from residents.staff import mark_second_factor

BACKEND = "django.contrib.auth.backends.ModelBackend"


def session_of(user: User) -> str:
    """The key of a new session of this user; staff have shown their second factor."""
    session = SessionStore()
    session[SESSION_KEY] = user._meta.pk.value_to_string(user)
    session[BACKEND_SESSION_KEY] = BACKEND
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    if user.is_staff:
        mark_second_factor(session, user)
    return session.session_key


def enter(context, user: User | None, url: str, *, elder: bool = False) -> None:
    """Make a browser context that of `user` (None: a visitor)."""
    context.clear_cookies()
    cookies = [{"name": "elder", "value": str(int(elder)), "url": url}]
    if user is not None:
        cookies.append({"name": "yb_session", "value": session_of(user), "url": url})
    context.add_cookies(cookies)
