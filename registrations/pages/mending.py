"""补正: what may be changed after submitting, and nothing else."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from casework.acting import acting_for, version_of
from casework.actors import Actor
from casework.days import chinese_day
from casework.errors import CaseworkError
from casework.perform import perform
from casework.upload_form import UPLOAD_LIMITS
from registrations import service
from registrations.dossier import dossier_of
from registrations.pages import correcting
from registrations.pages.filer import in_correction
from registrations.pages.proof import upload_addresses, upload_groups
from registrations.pages.steps import BY_SLUG
from registrations.pages.wizard import frame, step_context
from residents.gate import resident_required


@resident_required
@require_http_methods(["GET", "POST"])
def correct(request, public_id):
    """补正: only what the notice asks for can be changed, all on one page."""
    case = in_correction(request, public_id)
    dossier = dossier_of(case)
    items = correcting.open_items(case)
    form = correcting.correction_form(
        items, dossier, request.POST if request.method == "POST" else None
    )
    if request.method == "POST" and form.is_valid():
        try:
            return _send(request, case, form)
        except CaseworkError as error:
            form.add_error(None, str(error))
    context = {
        **upload_addresses(),
        "case": case,
        "items": items,
        "form": form,
        "groups": upload_groups(dossier),
        "limits": UPLOAD_LIMITS,
        "search_links": [
            (f"修改{words}", reverse("registrations:correct_search", args=[case.public_id, slug]))
            for slug, words in correcting.search_targets(items).items()
        ],
        "hints": correcting.hints(items),
        "due_text": _due_text(case),
        "acting_for": acting_for(case, dossier),
    }
    return render(request, "registrations/correct.html", context)


def _send(request, case, form):
    service.save(case, correcting.changes(form))
    if "leave" in request.POST:
        messages.success(request, "已保存，还没有提交。请在期限前提交补正。")
        return redirect("registrations:record", case.public_id)
    perform(case, "resubmit", Actor.resident(request.user), version=version_of(request))
    messages.success(request, "补正已提交，经办人员会继续审核。")
    return redirect("registrations:record", case.public_id)


def _due_text(case) -> str:
    due = case.correction_due
    return f"请在{chinese_day(due)}（含当日）前提交补正。" if due else ""


@resident_required
@require_http_methods(["GET", "POST"])
def correct_search(request, public_id, slug):
    """The search pages of the wizard for a 参保地 or a hospital that the notice names."""
    case = in_correction(request, public_id)
    if slug not in correcting.search_targets(correcting.open_items(case)):
        raise Http404
    dossier = dossier_of(case)
    page = BY_SLUG[slug]
    asked = page.ask(request, dossier, request.POST if request.method == "POST" else None)
    if request.method == "POST" and asked.is_valid():
        service.save(case, page.changes(asked, dossier))
        return redirect("registrations:correct", case.public_id)
    context = {
        **frame(case, dossier),
        **step_context(request, case, page, asked),
        "step": None,
        "back_url": reverse("registrations:correct", args=[case.public_id]),
        "back_to": "correct",
    }
    return render(request, page.template_for(request), context)
