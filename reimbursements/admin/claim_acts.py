"""The actions of a claim's own parts of the case page: plain POST forms that come back to
the same place, keep what was typed, and change nothing when they are refused.
"""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect
from django.urls import path, reverse

from casework.actors import Actor
from casework.admin.case_page import PLACE, find, show
from casework.admin.colleagues import may_act
from casework.errors import CaseworkError, StaleCase
from casework.kinds import kind_of
from casework.models import Case
from casework.perform import perform
from reimbursements.admin.claim_bills import after
from reimbursements.admin.claim_forms import OF_A_BILL, READERS, read_form
from reimbursements.dossier import dossier_of
from reimbursements.kind import CODE
from reimbursements.models import Bill
from reimbursements.workflow import WORKFLOW

# Where on the page each form stands.
ANCHORS = {
    "set_filing": "filing",
    "propose_adjustment": "adjustments",
    "confirm_adjustment": "adjustments",
    "drop_adjustment": "adjustments",
    "note_paper": "paper",
}


def urls(wrap) -> list:
    """The addresses below a case."""
    return [path("<int:pk>/claim/<slug:name>/", wrap(act), name="reimbursements_claim_act")]


def act(request, pk: int, name: str):
    """Take one action; refused, the page shows why beside what was typed."""
    if request.method != "POST":
        return redirect("admin:casework_case_change", pk)
    case = find(request, pk)
    if name not in READERS or case.kind != CODE:
        raise Http404
    if not may_act(request.user, kind_of(case)):
        raise PermissionDenied
    bill = _bill(case, request.POST.get("bill", "")) if name in OF_A_BILL else None
    read = read_form(name, request.POST, bill)
    asked = {"form": name, "typed": request.POST.dict(), "errors": read.errors, "error": ""}
    asked[PLACE] = request.POST.get("bill") or request.POST.get("place", "")
    if read.errors:
        return show(request, pk, asked=asked, status=422)
    try:
        moved = perform(
            case,
            name,
            Actor.staff(request.user),
            reason=read.reason,
            note=read.note,
            version=_version(request),
            data=read.data,
        )
    except CaseworkError as error:
        status = 409 if isinstance(error, StaleCase) else 422
        return show(request, pk, asked={**asked, "error": str(error)}, status=status)
    messages.success(request, f"已{WORKFLOW.by_name[name].label}。")
    return redirect(_back(request, moved, name, asked[PLACE]))


def _bill(case: Case, text: str) -> Bill | None:
    known = text.isascii() and text.isdigit() and len(text) < 16
    return Bill.objects.filter(pk=int(text), claim_id=case.pk).first() if known else None


def _version(request) -> int:
    """The version of the page; -1, which no case has, when it is no number."""
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdigit() else -1


def _back(request, case: Case, name: str, place: str) -> str:
    """The same place of the page; after a decision with "next" the next undecided bill."""
    if "next" in request.POST and place.isdigit():
        following = after(dossier_of(case).bills, int(place))
        place = str(following.pk) if following else place
    query = request.GET.copy()
    query.pop(PLACE, None)
    if place:
        query[PLACE] = place
    address = reverse("admin:casework_case_change", args=[case.pk])
    return f"{address}?{query.urlencode()}#{ANCHORS.get(name, 'bill')}"
