"""Who may use the steps: a resident for those they act for, a clerk at the counter."""

from functools import cache, wraps

from django.db.models import Exists, F, FilteredRelation, OuterRef, Q, UUIDField
from django.http import Http404

from casework.access import is_theirs
from casework.acting import acting_for, version_of
from casework.actors import Actor
from casework.drafts import has_files, with_writing
from casework.guards import counter_clerk
from casework.models import Case, CorrectionItem, Letter
from casework.workflow import COUNTER
from residents.gate import resident_required
from residents.holdings import LIVE
from residents.prepared import Prepared, Slot

__all__ = [
    "acting_for",
    "actor_of",
    "counter_required",
    "filer_required",
    "is_clerk",
    "readable",
    "version_of",
    "writable",
    "writable_draft",
]
KIND = "filing"
# Promised papers may be uploaded while they are owed, also late.
OWING = ("owed", "to_correct", "overdue")


def is_clerk(user) -> bool:
    """Whether a clerk who files at the counter asks; residents cost no look at the staff."""
    return user.is_authenticated and user.is_staff and counter_clerk(user)


def filer_required(view):
    """Residents as everywhere; clerks who decide pass too, for what they entered themselves."""
    for_residents = resident_required(view)

    @wraps(view)
    def guarded(request, *args, **kwargs):
        chosen = view if is_clerk(request.user) else for_residents
        response = chosen(request, *args, **kwargs)
        response["Cache-Control"] = "private, no-store"
        return response

    return guarded


def counter_required(view):
    """Only clerks who decide; everybody else is told that there is nothing here."""

    @wraps(view)
    def guarded(request, *args, **kwargs):
        if not is_clerk(request.user):
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


def actor_of(request) -> Actor:
    """The actor of a step: the resident, or the clerk as the counter."""
    if is_clerk(request.user):
        return Actor(COUNTER, request.user, request.user.staff_profile)
    return Actor.resident(request.user)


def writable(request, public_id) -> Case:
    """The draft or correction this user writes, else 404. A draft is its beginner's alone."""
    case = _found(request.user, _to_write(), public_id)
    if case is None or not _may_write(request.user, case):
        raise Http404
    return case


def _may_write(user, case: Case) -> bool:
    if case.is_draft:
        return case.created_by_id == user.pk
    if user.is_staff:
        return False
    filing = case.filing if case.status == "approved" else None
    asked = case.status == "correction" or (filing and filing.promise_state in OWING)
    return bool(asked) and is_theirs(user, case)


def readable(request, public_id) -> Case:
    """A filing this resident may see (their own, or of a person bound to them), else 404."""
    user = request.user
    case = _found(user, _to_read(), public_id)
    if case is None or user.is_staff:
        raise Http404
    if case.created_by_id == user.pk or case.account_id == user.pk:
        return case
    if not case.is_draft and is_theirs(user, case):
        return case
    raise Http404


# Put together once: saying what is to be read costs more than reading it.
@cache
def _to_write() -> Prepared:
    return _of_address(with_writing(_cases()))


@cache
def _to_read() -> Prepared:
    return _of_address(_cases().select_related("revision", "filing").annotate(**_there()))


def _of_address(cases) -> Prepared:
    return Prepared(cases.filter(public_id=Slot("public_id", UUIDField())))


def _cases():
    """Filings with their person, and how the account that files holds that person."""
    held = FilteredRelation(
        "person__holdings",
        condition=Q(person__holdings__account=F("account"), person__holdings__standing__in=LIVE),
    )
    cases = Case.objects.filter(kind=KIND).annotate(held=held)
    return cases.select_related("person", "held")


def _there() -> dict:
    """What a record shows only where there is any, so that its absence costs no query."""
    asked = CorrectionItem.objects.filter(case=OuterRef("pk"), done_at=None)
    return {
        "has_files": has_files("pk"),
        "has_letters": Exists(Letter.objects.filter(case=OuterRef("pk"))),
        "has_items": Exists(asked),
    }


def _found(user, cases: Prepared, public_id) -> Case | None:
    """The one case of this address. Whoever asks is read already: mostly theirs is the
    account that files."""
    case = cases.first(public_id=public_id)
    if case is not None and case.account_id == user.pk:
        case.account = user
    return case


def writable_draft(request, public_id) -> Case:
    """A draft this user writes, else 404: a correction has pages of its own."""
    case = writable(request, public_id)
    if not case.is_draft:
        raise Http404
    return case
