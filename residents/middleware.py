"""Who is logged in; and staff reach nothing but the second-factor pages until this session
has shown one."""

import time
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import get_user, logout
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.shortcuts import redirect
from django.urls import Resolver404, resolve, reverse
from django.utils.functional import SimpleLazyObject

from residents import addresses, staff
from residents.sessions import logged_in

IDLE_SECONDS = 30 * 60
SESSION_SECONDS = 12 * 60 * 60
# How exactly the last use is noted: at most one write a minute.
NOTE_EVERY_SECONDS = 60

# What staff may open on the way to the second factor.
OPEN_TO_ALL = frozenset(
    {
        "account_login",
        "account_logout",
        "account_reauthenticate",
        "mfa_authenticate",
        "mfa_reauthenticate",
        "mfa_activate_totp",
        "admin:logout",
        "healthz",
        "readyz",
        "residents:elder",
        "residents:dev_totp",
    }
)


class AccountMiddleware(AuthenticationMiddleware):
    """`request.user` from the session's own query; Django's way wherever that is not enough."""

    def process_request(self, request):
        super().process_request(request)
        request.user = SimpleLazyObject(lambda: _account_of(request))


def _account_of(request):
    if not hasattr(request, "_cached_user"):
        request._cached_user = logged_in(request.session) or get_user(request)
    return request._cached_user


class StaffSecondFactorMiddleware:
    """Enforces the second factor and the idle time of staff; notes the client's address."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        token = addresses.enter(request)
        try:
            return self._stop(request) or self.get_response(request)
        finally:
            addresses.leave(token)

    def _stop(self, request):
        """The response that holds this request up, or None when it may pass."""
        user = request.user
        if not (user.is_authenticated and user.is_staff):
            return None
        shown_at = staff.second_factor_at(request)
        if shown_at is None:
            return self._ask_second_factor(request)
        now = int(time.time())
        seen_at = request.session.get("staff_seen_at", int(shown_at))
        if now - seen_at > idle_seconds() or now - shown_at > SESSION_SECONDS:
            return self._end_session(request)
        if now - seen_at >= NOTE_EVERY_SECONDS:
            request.session["staff_seen_at"] = now
        return None

    def _ask_second_factor(self, request):
        if _view_name(request) in OPEN_TO_ALL:
            return None
        page = "mfa_reauthenticate" if staff.has_totp(request.user) else "mfa_activate_totp"
        return redirect(_with_next(page, request))

    def _end_session(self, request):
        if _view_name(request) == "account_logout":
            return None
        logout(request)
        messages.info(request, "您已较长时间没有操作，为保护数据已自动退出，请重新登录。")
        return redirect(_with_next("account_login", request))


def idle_seconds() -> int:
    """After how many seconds without a request a staff session ends."""
    return getattr(settings, "STAFF_IDLE_SECONDS", IDLE_SECONDS)


def _view_name(request) -> str:
    try:
        return resolve(request.path_info).view_name
    except Resolver404:
        return ""


def _with_next(page: str, request) -> str:
    """The address of a page, which leads back here when this was a page to look at."""
    if request.method != "GET":
        return reverse(page)
    return f"{reverse(page)}?{urlencode({'next': request.get_full_path()})}"
