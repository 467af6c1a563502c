"""The network address a request comes from, for limits and for the access log."""

import ipaddress
from contextvars import ContextVar

from django.conf import settings

_current: ContextVar[str | None] = ContextVar("client_address", default=None)


def address_of(request) -> str | None:
    """The client's address as text, or None when it is not a valid one.

    `settings.CLIENT_ADDRESS_HEADER` names the META key that the reverse proxy overwrites
    (such as HTTP_X_REAL_IP). Without it only the connection itself is believed, since
    anybody can send a header.
    """
    header = getattr(settings, "CLIENT_ADDRESS_HEADER", "")
    text = (request.META.get(header) if header else None) or request.META.get("REMOTE_ADDR", "")
    try:
        return str(ipaddress.ip_address(text.strip()))
    except ValueError:
        return None


def current_address() -> str | None:
    """The address of the request being answered in this thread; None in jobs."""
    return _current.get()


def enter(request):
    """Remember the request's address; returns the token for `leave`."""
    return _current.set(address_of(request))


def leave(token) -> None:
    _current.reset(token)
