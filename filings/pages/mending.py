"""补正 and 补交承诺材料: what may be changed after submitting, and nothing else."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from casework.actors import Actor
from casework.days import chinese_day
from casework.drafts import open_revision
from casework.errors import CaseworkError
from casework.perform import perform
from filings import service
from filings.decision import FactsError
from filings.dossier import Dossier, dossier_of
from filings.pages import correcting
from filings.pages.filer import (
    OWING,
    acting_for,
    actor_of,
    filer_required,
    readable,
    version_of,
    writable,
)
from filings.pages.forms import UPLOAD_LIMITS
from filings.pages.order import BY_SLUG
from filings.pages.proof import upload_groups
from filings.pages.wizard import errors_of, frame, preview
from residents.gate import resident_required


@filer_required
@require_http_methods(["GET", "POST"])
def correct(request, public_id):
    """补正: only what the notice asks for can be changed, all on one page."""
    case = writable(request, public_id)
    if case.status != "correction":
        raise Http404
    dossier = dossier_of(case)
    items = correcting.open_items(case)
    posted = request.POST if request.method == "POST" else None
    form = correcting.correction_form(items, dossier, posted)
    if request.method == "POST" and form.is_valid():
        try:
            service.save(case, correcting.changes(form))
            if "leave" in request.POST:
                messages.success(request, "已保存，还没有提交。请在期限前提交补正。")
                return redirect(_home_of(request, case))
            perform(
                case,
                "resubmit",
                actor_of(request),
                version=version_of(request),
            )
            messages.success(request, "补正已提交，经办人员会继续审核。")
            return redirect(_home_of(request, case))
        except CaseworkError as error:
            form.add_error(None, str(error))
    context = {
        "case": case,
        "items": items,
        "form": form,
        "groups": upload_groups(dossier),
        "limits": UPLOAD_LIMITS,
        "place_links": [
            (f"修改{words}", reverse("filings:correct_place", args=[case.public_id, slug]))
            for slug, words in correcting.place_targets(items).items()
        ],
        "hints": correcting.hints(items),
        "promise_url": _promise_url(case, dossier, items),
        "due_text": _due_text(case),
        "home_url": _home_of(request, case),
        "acting_for": acting_for(case, dossier),
    }
    return render(request, "filings/correct.html", context)


def _home_of(request, case) -> str:
    """Where the case is followed: the record of a resident, the desk of a clerk."""
    if request.user.is_staff:
        return reverse("admin:casework_case_change", args=[case.pk])
    return reverse("filings:record", args=[case.public_id])


def _due_text(case) -> str:
    due = case.correction_due
    return f"请在{chinese_day(due)}（含当日）前提交补正。" if due else ""


def _promise_url(case, dossier: Dossier, items) -> str:
    """Where a promise may be signed instead, when the notice asks for another proof."""
    try:
        allowed = correcting.wants_proof(items) and dossier.decision.promise_allowed
    except FactsError:
        allowed = False
    return reverse("filings:promise", args=[case.public_id]) if allowed else ""


@filer_required
@require_http_methods(["GET", "POST"])
def correct_place(request, public_id, slug):
    """The search pages of the wizard for a 参保地 or 就医地 that the notice asks to correct."""
    case = writable(request, public_id)
    if case.status != "correction":
        raise Http404
    if slug not in correcting.place_targets(correcting.open_items(case)):
        raise Http404
    dossier = dossier_of(case)
    page = BY_SLUG[slug]
    asked = page.ask(request, dossier, request.POST if request.method == "POST" else None)
    if request.method == "POST" and "preview" in request.POST:
        return preview(request, dossier, page, asked)
    if request.method == "POST" and asked.is_valid():
        service.save(case, page.changes(asked, dossier))
        return redirect("filings:correct", case.public_id)
    context = {
        **frame(case, dossier),
        "step": None,
        "name": page.name,
        "form": asked.forms[0],
        "forms": asked.forms,
        "errors": errors_of(asked.forms),
        "has_errors": any(form.errors for form in asked.forms if form.is_bound),
        "back_url": reverse("filings:correct", args=[case.public_id]),
        "back_to": "correct",
        **asked.context,
    }
    return render(request, page.template_for(request), context)


@resident_required
@require_http_methods(["GET", "POST"])
def supply(request, public_id):
    """补交承诺材料: upload what was promised, then hand it in."""
    case = readable(request, public_id)
    if case.status != "approved" or case.filing.promise_state not in OWING:
        raise Http404
    if request.method == "POST":
        try:
            service.begin_supply(case)
            if "hand_in" in request.POST:
                actor = Actor.resident(request.user)
                perform(case, "hand_in", actor, version=version_of(request))
                messages.success(request, "材料已提交，经办人员会核对。")
                return redirect("filings:record", case.public_id)
        except CaseworkError as error:
            messages.error(request, str(error))
        return redirect("filings:supply", case.public_id)
    opened = open_revision(case) is not None
    dossier = Dossier(case, timezone.localdate(), open_revision(case) or case.revision)
    context = {
        "case": case,
        "filing": case.filing,
        "opened": opened,
        "groups": upload_groups(dossier) if opened else [],
        "limits": UPLOAD_LIMITS,
        "acting_for": acting_for(case, dossier),
    }
    return render(request, "filings/supply.html", context)
