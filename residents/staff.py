"""The second factor of staff: whether a session has it, and how one is enrolled."""

import time

from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from allauth.mfa.utils import decrypt
from django.http import HttpRequest


def second_factor_at(request) -> float | None:
    """When this session showed its second factor (seconds since 1970), or None."""
    times = [
        record["at"]
        for record in get_authentication_records(request, request.user)
        if record.get("method") == "mfa"
    ]
    return max(times, default=None)


def has_totp(user) -> bool:
    """Whether this member of staff has enrolled a one-time-password device."""
    return Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists()


def enrol_totp(user, secret: str | None = None) -> str:
    """Give `user` a one-time-password secret (replacing the old one); returns it in base 32."""
    secret = secret or generate_totp_secret()
    Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).delete()
    TOTP.activate(user, secret)
    return secret


def current_totp(user) -> str | None:
    """The six digits valid for `user` now, or None without a device. For development only."""
    device = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).first()
    if device is None:
        return None
    counters = list(yield_hotp_counters_from_time())
    now = counters[len(counters) // 2]
    return format_hotp_value(hotp_value(decrypt(device.data["secret"]), now))


def reset_second_factor(user) -> int:
    """Remove every second factor of `user`, who enrols anew at the next log-in."""
    return Authenticator.objects.filter(user=user).delete()[0]


def mark_second_factor(session, user) -> None:
    """Record in `session` that `user` has just shown the second factor, and save it."""
    request = HttpRequest()
    request.session, request.user = session, user
    record_authentication(request, user, "mfa", type=Authenticator.Type.TOTP)
    session["staff_seen_at"] = int(time.time())
    session.save()
