"""The steps as pages: show, check, save on the server, go on."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from casework.acting import acting_for
from casework.asking import errors_of
from casework.drafts import discard_draft
from casework.errors import CaseworkError
from config.addresses import address_of
from registrations import service
from registrations.decision import REFUSED, FactsError
from registrations.dossier import Dossier, dossier_of
from registrations.pages import steps
from registrations.pages.filer import writable, writable_draft
from registrations.pages.words import agency_of, disease_name, effect_of
from residents.gate import resident_required


@resident_required
@require_http_methods(["GET", "POST"])
def step(request, public_id, slug):
    """One step: shown with what was answered, saved as it is answered."""
    page = steps.BY_SLUG.get(slug)
    if page is None:
        raise Http404
    case = writable(request, public_id)
    if not case.is_draft:
        return redirect("registrations:correct", case.public_id)
    dossier = dossier_of(case)
    asked = page.ask(request, dossier, request.POST if request.method == "POST" else None)
    if request.method == "POST" and asked.is_valid():
        return _save(request, case, dossier, page, asked)
    context = {**frame(case, dossier), **step_context(request, case, page, asked)}
    return render(request, page.template_for(request), context)


def _save(request, case, dossier: Dossier, page, asked):
    try:
        stored = service.save(case, page.changes(asked, dossier))
    except CaseworkError as error:
        messages.error(request, str(error))
        return redirect("registrations:record", case.public_id)
    if "leave" in request.POST:
        messages.success(request, "已保存。下次在「认定记录」里继续填写。")
        return redirect("registrations:records")
    back_to = request.POST.get("back_to", "")
    if page.slug == "insured":
        return after_choice(case, steps.with_answers(dossier, stored), back_to)
    if back_to == "check":
        return redirect("registrations:step_check", case.public_id)
    return redirect(address(case, steps.next_slug(page.slug)))


def after_choice(case, dossier: Dossier, back_to: str = ""):
    """Where one goes on after saying where one is insured and which disease it is: to the
    reasons where it cannot be registered, else to the notice or back to the check."""
    if stops_here(dossier):
        return redirect("registrations:outcome", case.public_id)
    if back_to == "check":
        return redirect("registrations:step_check", case.public_id)
    return redirect("registrations:step", case.public_id, "notice")


def stops_here(dossier: Dossier) -> bool:
    """Whether, by what is known and may be told, nothing is to be registered."""
    try:
        return dossier.decision.outcome == REFUSED
    except FactsError:
        return False


def address(case, slug: str) -> str:
    """The address of a step."""
    if slug in steps.LAST:
        return address_of(f"registrations:step_{slug}", case.public_id)
    return address_of("registrations:step", case.public_id, slug)


def frame(case, dossier: Dossier) -> dict:
    """What every page of the wizard shows around its forms."""
    return {
        "case": case,
        "total": steps.TOTAL,
        "topic": disease_name(dossier.answers.disease),
        "acting_for": acting_for(case, dossier),
    }


def step_context(request, case, page, asked) -> dict:
    """What a step shows besides the frame."""
    before = steps.previous_slug(page.slug)
    choice = reverse("registrations:change_disease", args=[case.public_id])
    return {
        "step": page.number,
        "name": page.name,
        "slug": page.slug,
        "forms": asked.forms,
        "form": asked.forms[0],
        "errors": errors_of(asked.forms),
        "has_errors": any(form.is_bound and form.errors for form in asked.forms),
        "back_url": address(case, before) if before else choice,
        "back_to": request.GET.get("back_to") or request.POST.get("back_to", ""),
        **asked.context,
    }


@resident_required
@require_GET
def outcome(request, public_id):
    """Why this disease cannot be registered now, and whom to ask."""
    case = writable_draft(request, public_id)
    dossier = dossier_of(case)
    if not stops_here(dossier):
        return redirect("registrations:step", case.public_id, "notice")
    effect = {**effect_of(dossier), "validity": ""}
    context = {**frame(case, dossier), "effect": effect, "agency": agency_of(dossier.answers)}
    return render(request, "registrations/outcome.html", context)


@resident_required
@require_http_methods(["GET", "POST"])
def discard(request, public_id):
    """Throw a draft away, after asking."""
    case = writable_draft(request, public_id)
    if request.method == "POST":
        discard_draft(case)
        messages.success(request, "草稿已删除。")
        return redirect("registrations:records")
    return render(request, "registrations/discard.html", {"case": case})
