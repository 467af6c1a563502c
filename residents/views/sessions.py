"""What a session remembers between two pages, and where to go next."""

import json

from django.shortcuts import redirect, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme

from residents.crypto import DecryptionError, decrypt, encrypt

CODE_ID = "phone_code"
CODE_NEXT = "phone_code_next"
_BOUND_TO = "django_session.{}"


def posted(request):
    """What a form is bound to: the fields of a POST, even of an empty one, else None."""
    return request.POST if request.method == "POST" else None


def safe_next(request, default: str = "home") -> str:
    """The address of `next` when it lies on this site, else that of `default`."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    return checked(request, wanted, default)


def checked(request, wanted: str, default: str = "home") -> str:
    """`wanted` when it is an address on this site, else that of `default`."""
    allowed = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if allowed else resolve_url(default)


def go_on(request, default: str = "home"):
    """Redirect to `next`, or to `default`."""
    return redirect(safe_next(request, default))


def remember(session, key: str, data: dict) -> None:
    """Keep personal data between two pages, encrypted under the field keys."""
    session[key] = encrypt(json.dumps(data, ensure_ascii=False), _BOUND_TO.format(key))


def recall(session, key: str) -> dict | None:
    """What `remember` kept, or None where there is nothing readable."""
    stored = session.get(key)
    if not stored:
        return None
    try:
        return json.loads(decrypt(stored, _BOUND_TO.format(key)))
    except (DecryptionError, ValueError):
        return None
