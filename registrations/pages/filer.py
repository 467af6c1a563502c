"""Whose registration a page is about: the same rules as for every kind (`casework.writing`)."""

from django.http import Http404

from casework.models import Case
from casework.writing import OwnCases, shown_where_any
from registrations.service import KIND


def _asked(case: Case) -> bool:
    return case.status == "correction"


def _to_read(cases):
    return cases.select_related("revision", "registration").annotate(**shown_where_any())


OWN = OwnCases(KIND, _asked, _to_read)


def writable(request, public_id) -> Case:
    """The draft or correction this user writes, else 404."""
    return OWN.writable(request.user, public_id)


def writable_draft(request, public_id) -> Case:
    """A draft this user writes, else 404: a correction has pages of its own."""
    return OWN.writable_draft(request.user, public_id)


def in_correction(request, public_id) -> Case:
    """A case this user has to correct, else 404."""
    case = writable(request, public_id)
    if case.status != "correction":
        raise Http404
    return case


def readable(request, public_id) -> Case:
    """A registration this resident may see, else 404."""
    return OWN.readable(request.user, public_id)


def drafts_of(user):
    """The drafts of registrations this account began, newest first."""
    return Case.objects.filter(created_by=user, kind=KIND, status=Case.DRAFT).order_by("-id")
