"""Who may use the steps: a resident for those they act for, a clerk at the counter."""

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.db.models import F
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse

from casework.acting import acting_for, version_of
from casework.actors import Actor
from casework.drafts import with_writing
from casework.entering import entries_to_take, take_over
from casework.errors import CaseworkError
from casework.guards import counter_clerk
from casework.models import Case
from casework.workflow import COUNTER
from casework.writing import OwnCases, shown_where_any
from residents.gate import resident_required
from residents.models import User

# What pages of every kind of case ask is named here with what those of filings ask.
__all__ = [
    "acting_for",
    "actor_of",
    "counter_required",
    "filer_required",
    "is_clerk",
    "others_entries",
    "readable",
    "taken_over",
    "version_of",
    "writable",
    "writable_draft",
]
KIND = "filing"
# Promised papers may be uploaded while they are owed, also late.
OWING = ("owed", "to_correct", "overdue")
# Entries of others at most on the page of the counter.
SHOWN_ENTRIES = 20


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
    """The draft or correction this user writes, else 404."""
    return OWN.writable(request.user, public_id)


def readable(request, public_id) -> Case:
    """A filing this resident may see (their own, or of a person bound to them), else 404."""
    return OWN.readable(request.user, public_id)


def _asked(case: Case) -> bool:
    """A correction, or promised papers."""
    filing = case.filing if case.status == "approved" else None
    return case.status == "correction" or bool(filing and filing.promise_state in OWING)


def _to_read(cases):
    return cases.select_related("revision", "filing").annotate(**shown_where_any())


OWN = OwnCases(KIND, _asked, _to_read)


def taken_over(request, kind: str, public_id, counter: str, onward: Callable[[Case], str]):
    """接手代录 from the page of the counter (the name of its address): the entry of somebody else
    of the same agency, and on to where it is written."""
    if request.method != "POST":
        return redirect(counter)
    case = entries_to_take(request.user, kind).filter(public_id=public_id).first()
    if case is None:
        raise Http404
    try:
        take_over(request.user, case)
    except CaseworkError as error:
        messages.error(request, str(error))
        return redirect(counter)
    messages.success(request, "已接手，由您接着录入。")
    return redirect(onward(case))


def others_entries(request, kind: str, address: str, words: Callable[[Case], str]) -> list[dict]:
    """Entries of others of the same agency for the page of the counter, what is due first on
    top; `address` is the name of the address to take one over, `words` tells a draft."""
    found = with_writing(entries_to_take(request.user, kind)).select_related("person")
    due_first = F("correction_due").asc(nulls_last=True)
    cases = list(found.order_by(due_first, "pk")[:SHOWN_ENTRIES])
    people = User.objects.in_bulk({case.holder for case in cases})
    return [
        {
            "case": case,
            "text": words(case) if case.is_draft else f"补正：办件 {case.number}",
            "who": people[case.holder].get_full_name(),
            "url": reverse(address, args=[case.public_id]),
        }
        for case in cases
    ]


def writable_draft(request, public_id) -> Case:
    """A draft this user writes, else 404: a correction has pages of its own."""
    return OWN.writable_draft(request.user, public_id)
