"""Whose claim a page is about: the same rules as for filings (`casework.writing`)."""

from django.shortcuts import get_object_or_404

from casework.actors import Actor
from casework.drafts import with_writing
from casework.entering import typed_by
from casework.models import Case
from casework.writing import OwnCases
from filings.pages.filer import is_clerk
from reimbursements.dossier import Dossier, dossier_of
from reimbursements.service import KIND, counter_actor


def _asked(case: Case) -> bool:
    return case.status == "correction"


def _to_read(cases):
    return cases.select_related("revision", "claim")


OWN = OwnCases(KIND, _asked, _to_read)


def writable(request, public_id) -> Case:
    """The draft or correction this user writes, else 404."""
    return OWN.writable(request.user, public_id)


def writable_draft(request, public_id) -> Case:
    """A draft this user writes, else 404: a correction has pages of its own."""
    return OWN.writable_draft(request.user, public_id)


def readable(request, public_id) -> Case:
    """A claim this resident may see (their own, or of a person bound to them), else 404."""
    return OWN.readable(request.user, public_id)


def entered_case(request, public_id) -> Case:
    """What this clerk has entered and submitted a moment ago, else 404."""
    entered = typed_by(request.user, KIND).exclude(status=Case.DRAFT)
    return get_object_or_404(entered, public_id=public_id)


def draft_dossier(case: Case) -> Dossier:
    """The dossier of a case read by `writable`, with what came along by the same query."""
    dossier = dossier_of(case)
    if case.account_id is not None:
        dossier.__dict__.setdefault("holding", case.held)
    if not getattr(case, "has_files", True):
        dossier.__dict__.setdefault("files", [])
    return dossier


def is_proven(dossier: Dossier) -> bool:
    """Whether the account has proven that it may act for the person: only then do pages tell
    what the registers know of them (filings, enrolment, what was paid this year)."""
    if dossier.holding is None:
        return dossier.case.account_id is None  # a clerk at the counter
    return dossier.holding.is_bound


def actor_of(request) -> Actor:
    """The actor of a step: the resident, or the clerk as the counter."""
    return counter_actor(request.user) if is_clerk(request.user) else Actor.resident(request.user)


def drafts_of(user):
    """The drafts of claims this account began, newest first, with what was answered."""
    drafts = Case.objects.filter(created_by=user, kind=KIND, status=Case.DRAFT)
    return with_writing(drafts).order_by("-id")
