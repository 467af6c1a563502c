"""The steps as pages: show, check, save on the server, go on."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from casework.asking import errors_of
from casework.drafts import discard_draft
from casework.errors import CaseworkError
from casework.models import Case
from config.addresses import address_of
from facilities.search import destination
from filings import service
from filings.dossier import Dossier, dossier_of
from filings.pages import order
from filings.pages.effect import dossier_effect, effect_with
from filings.pages.filer import (
    acting_for,
    filer_required,
    writable,
    writable_draft,
)
from filings.pages.forms import HELP_ME, QuestionsForm, TypeForm
from filings.pages.words import agency_of, area_words, topic_name
from residents.gate import resident_required
from residents.holdings import current_holding


@resident_required
@require_http_methods(["GET", "POST"])
def start(request):
    """第 1 步: the type. A draft is begun by the POST, and found again when there is one."""
    holding = current_holding(request)
    if holding is None:
        messages.info(request, "请先添加要办理的人（本人或家人）。")
        return redirect(f"{reverse('residents:person_add')}?next={reverse('filings:start')}")
    form = TypeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        if form.cleaned_data["category"] == HELP_ME:
            return redirect("filings:questions")
        return _begin(request, holding, form.cleaned_data["category"])
    drafts = [
        draft
        for draft in order.drafts_of(request.user).filter(person_id=holding.person_id)
        if draft.topic
    ]
    return render(request, "filings/start.html", {"form": form, "drafts": _named(drafts)})


@resident_required
@require_http_methods(["GET", "POST"])
def questions(request):
    """第 1 步, with help: what was ticked decides the type."""
    holding = current_holding(request)
    if holding is None:
        return redirect("filings:start")
    form = QuestionsForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _begin(request, holding, form.answers())
    return render(request, "filings/questions.html", {"form": form})


def _begin(request, holding, category_or_questions):
    case = service.start_filing(
        creator=request.user,
        account=request.user,
        person=holding.person,
        holding=holding,
        category_or_questions=category_or_questions,
        channel=Case.Channel.ONLINE,
    )
    return redirect("filings:step", case.public_id, order.ASKING[0].slug)


def _named(drafts) -> list[dict]:
    return [
        {"case": draft, "topic": topic_name(draft.topic), "saved": draft.created_at}
        for draft in drafts
    ]


@filer_required
@require_http_methods(["GET", "POST"])
def change_type(request, public_id):
    """The type of a draft that was begun: another one keeps all other answers."""
    case = writable_draft(request, public_id)
    dossier = dossier_of(case)
    posted = request.POST if request.method == "POST" else None
    form = TypeForm(posted, initial={"category": dossier.answers.category})
    form.fields["category"].choices = form.fields["category"].choices[:-1]
    if form.is_valid():
        return _retype(request, case, form.cleaned_data["category"])
    context = {"form": form, "case": case, **frame(case, dossier)}
    return render(request, "filings/change_type.html", context)


def _retype(request, case, category: str):
    try:
        service.change_type(case, category)
        service.save(case, {"promise": None, "proof": None, "voluntary": False})
    except CaseworkError as error:
        messages.error(request, str(error))
        return redirect("filings:change_type", case.public_id)
    return redirect("filings:step_check", case.public_id)


@filer_required
@require_http_methods(["GET", "POST"])
def step(request, public_id, slug):
    """One step: shown with what was answered, saved as it is answered."""
    page = order.BY_SLUG.get(slug)
    if page is None:
        raise Http404
    case = writable(request, public_id)
    dossier = dossier_of(case)
    if not case.is_draft:
        return redirect("filings:correct", case.public_id)
    if not page.applies(dossier) and slug != "days":
        return redirect("filings:step", case.public_id, order.next_slug(slug, dossier))
    asked = page.ask(request, dossier, request.POST if request.method == "POST" else None)
    if request.method == "POST" and "preview" in request.POST:
        return preview(request, dossier, page, asked)
    if request.method == "POST" and "X-Autosave" in request.headers:
        return _autosave(case, dossier, page, asked)
    if request.method == "POST" and asked.is_valid():
        return _save(request, case, dossier, page, asked)
    context = {**frame(case, dossier), **_step_context(request, case, dossier, page, asked)}
    return render(request, page.template_for(request), context)


def preview(request, dossier: Dossier, page, asked):
    """The effect of answers that are not saved yet, for htmx; of the saved ones while the
    page has errors."""
    effect = dossier_effect(dossier)
    if asked.is_valid():
        changes = page.changes(asked, dossier)
        changes.pop("_stay", None)
        effect = effect_with(dossier, changes)
    return render(request, "wizard/effect.html", {"effect": effect})


def _save(request, case, dossier: Dossier, page, asked):
    changes = page.changes(asked, dossier)
    stay = changes.pop("_stay", None)
    try:
        stored = service.save(case, changes)
    except CaseworkError as error:
        messages.error(request, str(error))
        return redirect("filings:record", case.public_id)
    if "leave" in request.POST:
        return _left(request, case)
    fresh = order.with_answers(dossier, stored)
    if page.slug == "place" and order.stops_here(fresh):
        return redirect("filings:outcome", case.public_id)
    if request.POST.get("back_to") == "check":
        return redirect("filings:step_check", case.public_id)
    slug = "days" if stay in ("in", "out") else order.next_slug(page.slug, fresh)
    return redirect(address(case, slug))


def _autosave(case, dossier: Dossier, page, asked) -> HttpResponse:
    """What was typed so far, kept while the page stays open: 204, or 422 while something on
    it cannot be saved yet; the page goes on saying what is wrong only when it is sent."""
    if not asked.is_valid():
        return HttpResponse(status=422)
    changes = page.changes(asked, dossier)
    changes.pop("_stay", None)
    try:
        service.save(case, changes)
    except CaseworkError:
        return HttpResponse(status=422)
    return HttpResponse(status=204)


def _left(request, case):
    messages.success(request, "已保存。下次在「备案记录」里继续填写。")
    if request.user.is_staff:
        return redirect("admin:casework_case_changelist")
    return redirect("filings:records")


def address(case, slug: str) -> str:
    if slug in order.LAST:
        return address_of(f"filings:step_{slug}", case.public_id)
    return address_of("filings:step", case.public_id, slug)


def frame(case, dossier: Dossier) -> dict:
    """What every page of the wizard shows around its forms."""
    return {
        "case": case,
        "total": order.TOTAL,
        "effect": dossier_effect(dossier),
        "acting_for": acting_for(case, dossier),
        "at_counter": case.channel != Case.Channel.ONLINE,
    }


def _step_context(request, case, dossier, page, asked) -> dict:
    before = order.previous_slug(page.slug, dossier)
    return {
        "step": page.number,
        "name": page.name,
        "slug": page.slug,
        "forms": asked.forms,
        "form": asked.forms[0],
        "errors": errors_of(asked.forms),
        "has_errors": any(form.is_bound and form.errors for form in asked.forms),
        "back_url": address(case, before)
        if before
        else reverse("filings:change_type", args=[case.public_id]),
        "back_to": request.GET.get("back_to") or request.POST.get("back_to", ""),
        **asked.context,
    }


@filer_required
@require_GET
def outcome(request, public_id):
    """What was answered needs no filing, or allows none: why, and what keeps the benefit whole."""
    case = writable_draft(request, public_id)
    dossier = dossier_of(case)
    if not order.stops_here(dossier):
        return redirect("filings:step", case.public_id, "notice")
    answers = dossier.answers
    area = answers.columns()["destination"]
    city = destination(area).name
    hospitals = f"{reverse('facilities:search')}?{urlencode({'city': city})}"
    context = {
        **frame(case, dossier),
        "agency": agency_of(answers),
        "route": f"参保地{area_words(answers.insured_area)}，就医地{area_words(area)}",
        "hospitals_url": hospitals,
    }
    return render(request, "filings/outcome.html", context)


@filer_required
@require_POST
def file_anyway(request, public_id):
    """Filing although care is settled without it, where that keeps the benefit whole."""
    case = writable_draft(request, public_id)
    service.save(case, {"voluntary": True})
    return redirect("filings:step", case.public_id, "notice")


@filer_required
@require_http_methods(["GET", "POST"])
def discard(request, public_id):
    """Throw a draft away, after asking."""
    case = writable_draft(request, public_id)
    if request.method == "POST":
        discard_draft(case)
        messages.success(request, "草稿已删除。")
        if request.user.is_staff:
            return redirect("admin:casework_case_changelist")
        return redirect("filings:records")
    return render(request, "filings/discard.html", {"case": case})
