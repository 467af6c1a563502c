"""Whose registration a page is about: the resident's own, or of a person bound to them."""

from functools import cache

from django.db.models import Exists, F, FilteredRelation, OuterRef, Q, UUIDField
from django.http import Http404

from casework.access import is_theirs
from casework.drafts import has_files, with_writing
from casework.models import Case, CorrectionItem, Letter
from registrations.service import KIND
from residents.holdings import LIVE
from residents.prepared import Prepared, Slot


def writable(request, public_id) -> Case:
    """The draft or correction this user writes, else 404. A draft is its beginner's alone."""
    case = _found(request.user, _to_write(), public_id)
    if case is None or not _may_write(request.user, case):
        raise Http404
    return case


def writable_draft(request, public_id) -> Case:
    """A draft this user writes, else 404: a correction has pages of its own."""
    case = writable(request, public_id)
    if not case.is_draft:
        raise Http404
    return case


def in_correction(request, public_id) -> Case:
    """A case this user has to correct, else 404."""
    case = writable(request, public_id)
    if case.status != "correction":
        raise Http404
    return case


def readable(request, public_id) -> Case:
    """A registration this resident may see, else 404."""
    case = _found(request.user, _to_read(), public_id)
    if case is None:
        raise Http404
    if case.created_by_id == request.user.pk or case.account_id == request.user.pk:
        return case
    if not case.is_draft and is_theirs(request.user, case):
        return case
    raise Http404


def drafts_of(user):
    """The drafts of registrations this account began, newest first."""
    return Case.objects.filter(created_by=user, kind=KIND, status=Case.DRAFT).order_by("-id")


def _may_write(user, case: Case) -> bool:
    if case.is_draft:
        return case.created_by_id == user.pk
    return case.status == "correction" and is_theirs(user, case)


# Put together once: saying what is to be read costs more than reading it.
@cache
def _to_write() -> Prepared:
    return _of_address(with_writing(_cases()))


@cache
def _to_read() -> Prepared:
    return _of_address(_cases().select_related("revision", "registration").annotate(**_there()))


def _of_address(cases) -> Prepared:
    return Prepared(cases.filter(public_id=Slot("public_id", UUIDField())))


def _cases():
    """Registrations with their person, and how the account that applies holds that person."""
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
    account that applies."""
    case = cases.first(public_id=public_id)
    if case is not None and case.account_id == user.pk:
        case.account = user
    return case
