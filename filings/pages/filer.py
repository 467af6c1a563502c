"""Who may use the steps: a resident for those they act for, a clerk at the counter."""

from functools import wraps

from django.db.models import Q
from django.http import Http404

from casework.access import bound_person_ids
from casework.actors import Actor
from casework.models import Case
from casework.workflow import COUNTER
from filings.guards import counter_clerk
from residents.gate import resident_required
from residents.personal import mask_name

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
    user = request.user
    drafts = Q(status=Case.DRAFT, created_by=user)
    mine = Q(status="correction") | Q(status="approved", filing__promise_state__in=OWING)
    own = drafts if user.is_staff else drafts | (mine & Q(account=user))
    case = _cases().filter(own, public_id=public_id).first()
    if case is None and not user.is_staff:
        case = (
            _cases().filter(mine, public_id=public_id, person_id__in=bound_person_ids(user)).first()
        )
    if case is None:
        raise Http404
    return case


def readable(request, public_id) -> Case:
    """A filing this resident may see (their own, or of a person bound to them), else 404."""
    user = request.user
    case = _cases().filter(public_id=public_id).first()
    if case is None or user.is_staff:
        raise Http404
    if user.pk in (case.created_by_id, case.account_id):
        return case
    if case.status != Case.DRAFT and case.person_id in bound_person_ids(user):
        return case
    raise Http404


def _cases():
    return Case.objects.filter(kind=KIND).select_related("person", "account", "revision")


def version_of(request) -> int:
    """The version of the case that the page was made from; -1, which is stale, for nonsense."""
    typed = request.POST.get("version", "")
    return int(typed) if typed.isascii() and typed.isdigit() else -1


def writable_draft(request, public_id) -> Case:
    """A draft this user writes, else 404: a correction has pages of its own."""
    case = writable(request, public_id)
    if not case.is_draft:
        raise Http404
    return case


def acting_for(case: Case, dossier) -> dict:
    """What the page's head says of whom this is for: the person of the case, always."""
    holding = dossier.holding
    name = dossier.answers.name or (holding.name if holding else "") or case.name
    return {
        "name": mask_name(name) if name else "参保人",
        "relation": holding.get_relation_display() if holding else "",
        "switch_url": "",
    }
