"""Whose claim a page is about: the same rules as for filings (`filings.pages.filer`)."""

from django.db.models import F, FilteredRelation, Q
from django.http import Http404
from django.shortcuts import get_object_or_404

from casework.access import bound_person_ids
from casework.actors import Actor
from casework.drafts import with_writing
from casework.models import Case
from filings.pages.filer import is_clerk
from reimbursements.dossier import Dossier, dossier_of
from reimbursements.service import KIND, counter_actor
from residents.holdings import LIVE


def writable(request, public_id) -> Case:
    """The draft or correction this user writes, else 404. A draft is its beginner's alone."""
    found = with_writing(_cases()).filter(public_id=public_id).first()
    case = _known_to(request.user, found)
    if case is None or not _may_write(request.user, case):
        raise Http404
    return case


def writable_draft(request, public_id) -> Case:
    """A draft this user writes, else 404: a correction has pages of its own."""
    case = writable(request, public_id)
    if not case.is_draft:
        raise Http404
    return case


def readable(request, public_id) -> Case:
    """A claim this resident may see (their own, or of a person bound to them), else 404."""
    user = request.user
    cases = _cases().select_related("revision", "claim")
    case = _known_to(user, cases.filter(public_id=public_id).first())
    if case is None or user.is_staff:
        raise Http404
    if case.created_by_id == user.pk or (not case.is_draft and _theirs(user, case)):
        return case
    raise Http404


def entered_case(request, public_id) -> Case:
    """What this clerk has entered and submitted a moment ago, else 404."""
    entered = Case.objects.filter(kind=KIND, created_by=request.user, account=None)
    return get_object_or_404(entered.exclude(status=Case.DRAFT), public_id=public_id)


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


def _cases():
    """Claims with their person, and how the account that claims holds that person."""
    held = FilteredRelation(
        "person__holdings",
        condition=Q(person__holdings__account=F("account"), person__holdings__standing__in=LIVE),
    )
    cases = Case.objects.filter(kind=KIND).annotate(held=held)
    return cases.select_related("person", "held")


def _known_to(user, case: Case | None) -> Case | None:
    """Whoever asks is read already: mostly theirs is the account that claims."""
    if case is not None and case.account_id == user.pk:
        case.account = user
    return case


def _may_write(user, case: Case) -> bool:
    if case.is_draft:
        return case.created_by_id == user.pk
    if case.status != "correction":
        return False
    return entered_by(user, case) if user.is_staff else _theirs(user, case)


def entered_by(user, case: Case) -> bool:
    """Whether this clerk typed the case in for somebody without an account: nobody else at the
    desk writes it, since whoever writes does not review."""
    return user.is_staff and case.account_id is None and case.created_by_id == user.pk


def _theirs(user, case: Case) -> bool:
    return case.account_id == user.pk or case.person_id in bound_person_ids(user)
