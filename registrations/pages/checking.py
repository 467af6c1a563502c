"""第 6 步, 核对: every answer on one page, what is still missing, and submitting."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from casework.acting import version_of
from casework.actors import Actor
from casework.errors import CaseworkError
from registrations import service
from registrations.dossier import Dossier, dossier_of
from registrations.fields import outline
from registrations.missing import missing_of
from registrations.pages import steps
from registrations.pages.filer import readable, writable_draft
from registrations.pages.wizard import address, frame
from registrations.pages.words import effect_of
from residents.gate import resident_required

STEP_OF_FIELD = {
    "disease": "disease",
    "insured_area": "insured",
    "insurance": "insured",
    "hospital": "hospital",
    "treatment": "treatment",
}


@resident_required
@require_http_methods(["GET", "POST"])
def check(request, public_id):
    """核对: every answer on one page with a way to change it; submitting is its POST."""
    try:
        case = writable_draft(request, public_id)
    except Http404:
        # Submitted a moment ago, or an old bookmark: the record says how it stands.
        return redirect("registrations:record", readable(request, public_id).public_id)
    gaps = None
    if request.method == "POST":
        try:
            return _submit(request, case)
        except service.Incomplete as refusal:
            gaps = refusal.missing
    dossier = dossier_of(case)
    gaps = missing_of(dossier) if gaps is None else gaps
    context = {
        **frame(case, dossier),
        "step": steps.NUMBERS["check"],
        "name": "核对",
        "effect": effect_of(dossier),
        "groups": _groups(case, dossier),
        "errors": [
            {"anchor": f"gap-{number}", "text": gap.message, "url": change_url(case, gap.step)}
            for number, gap in enumerate(gaps)
        ],
        "has_errors": bool(gaps) and request.method == "POST",
        "back_url": address(case, "proof"),
    }
    return render(request, "registrations/check.html", context)


def change_url(case, slug: str) -> str:
    """Where an answer of a draft is changed, and from where one comes back to this page."""
    if slug == "disease":
        return reverse("registrations:change_disease", args=[case.public_id])
    return f"{address(case, slug)}?back_to=check"


def _groups(case, dossier: Dossier) -> list[dict]:
    """The outline of the case with an address to change each row."""
    return [
        {
            "title": heading,
            "change_url": None,
            "rows": [
                {
                    "label": label,
                    "value": value,
                    "missing": not value,
                    "change_url": None
                    if field == "name"
                    else change_url(case, STEP_OF_FIELD.get(field, "details")),
                }
                for field, label, value in rows
            ],
        }
        for heading, rows in outline(dossier.answers, masked=False)
    ]


def _submit(request, case):
    try:
        service.submit_registration(case, Actor.resident(request.user), version_of(request))
    except service.Incomplete:
        raise
    except CaseworkError as error:
        messages.error(request, str(error))
        return redirect("registrations:step_check", case.public_id)
    return redirect("registrations:record", case.public_id)
