"""Between the log-in and the pages: is this still the person the account belongs to?

Phone numbers are given to somebody else after a time. After twelve months without use, or
when the number was changed, the ID number is asked before anything is shown.
"""

from datetime import timedelta
from functools import wraps
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from residents import limits
from residents.crypto import keyed_hashes
from residents.holdings import holdings_of
from residents.idnumber import parse
from residents.models import Holding, User

ABSENCE = timedelta(days=365)
TRIES_PER_HOUR = 5


class ConfirmRefused(Exception):
    """The ID number did not open the account; the Chinese text says what to do."""


def is_due(user) -> bool:
    """Whether the ID number must be asked of this account before anything is shown."""
    if not (user.must_confirm_identity or _long_absent(user)):
        return False
    return holdings_of(user).exists()


def _long_absent(user) -> bool:
    return user.last_seen_at is not None and timezone.now() - user.last_seen_at >= ABSENCE


def note_seen(user) -> None:
    """Move the day of last use, unless the ID number is still owed: a second log-in with a
    number that changed hands must not open what the first did not."""
    if is_due(user):
        return
    user.last_seen_at = timezone.now()
    user.must_confirm_identity = False
    user.save(update_fields=["last_seen_at", "must_confirm_identity"])


def confirm(user, typed: str) -> None:
    """Open the account for whoever knows the ID number of the person it belongs to.

    Raises InvalidIdNumber, ConfirmRefused (wrong, or too often).
    """
    number = parse(typed)
    if not limits.consume("confirm", str(user.pk), TRIES_PER_HOUR, 3600):
        raise ConfirmRefused("尝试次数过多，请一小时后再试，或联系参保地经办机构。")
    if not _answers(user).intersection(keyed_hashes("id", number.number)):
        raise ConfirmRefused("证件号码与此账户登记的不一致，请核对后重试。")
    limits.release("confirm", str(user.pk))
    user.last_seen_at = timezone.now()
    user.must_confirm_identity = False
    user.save(update_fields=["last_seen_at", "must_confirm_identity"])


def _answers(user) -> set[str]:
    """The keyed hashes that open the account: the owner's, or where they have not added
    themselves, those of the family."""
    rows = list(holdings_of(user))
    own = [row for row in rows if row.relation == Holding.Relation.SELF]
    return {digest for row in own or rows for digest in keyed_hashes("id", row.person.id_number)}


@transaction.atomic
def start_over(user) -> User:
    """A new, empty account for whoever has the phone now; the old one keeps its persons,
    can no longer be logged in to, and no longer stands in the way of a claim."""
    phone = user.phone
    user.phone, user.is_active = None, False
    user.save(update_fields=["phone", "phone_hash", "is_active"])
    return User.objects.create_resident(phone, last_seen_at=timezone.now())


def resident_required(view):
    """For every page of residents: logged in, not staff, and the ID number not owed."""

    @wraps(view)
    def guarded(request, *args, **kwargs):
        user = request.user
        if not user.is_authenticated:
            return redirect(_with_next("residents:login", request))
        if user.is_staff:
            raise PermissionDenied("staff use the desk, not the residents' pages")
        if is_due(user):
            return redirect(_with_next("residents:confirm", request))
        return view(request, *args, **kwargs)

    return guarded


def _with_next(page: str, request) -> str:
    if request.method != "GET":
        return reverse(page)
    return f"{reverse(page)}?{urlencode({'next': request.get_full_path()})}"
