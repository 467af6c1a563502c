"""The steps as pages: show, check, save on the server, go on."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from casework.drafts import discard_draft
from casework.errors import CaseworkError
from casework.models import Case
from filings import service
from filings.dossier import Dossier, dossier_of
from filings.fields import outline
from filings.pages import steps
from filings.pages.effect import dossier_effect
from filings.pages.filer import acting_for, actor_of, filer_required, writable
from filings.pages.forms import HELP_ME, QuestionsForm, TypeForm
from filings.pages.words import agency_of, topic_name
from filings.review import review
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
    form = TypeForm(request.POST or None)
    if form.is_valid():
        if form.cleaned_data["category"] == HELP_ME:
            return redirect("filings:questions")
        return _begin(request, holding, form.cleaned_data["category"])
    drafts = [
        draft
        for draft in steps.drafts_of(request.user).filter(person_id=holding.person_id)
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
    return redirect("filings:step", case.public_id, steps.ASKING[0].slug)


def _named(drafts) -> list[dict]:
    return [
        {"case": draft, "topic": topic_name(draft.topic), "saved": draft.created_at}
        for draft in drafts
    ]


@filer_required
@require_http_methods(["GET", "POST"])
def change_type(request, public_id):
    """The type of a draft that was begun: another one keeps all other answers."""
    case = writable(request, public_id)
    if not case.is_draft:
        raise Http404
    dossier = dossier_of(case)
    form = TypeForm(request.POST or None, initial={"category": dossier.answers.category})
    form.fields["category"].choices = form.fields["category"].choices[:-1]
    if form.is_valid():
        return _retype(request, case, form.cleaned_data["category"])
    context = {"form": form, "case": case, **_frame(case, dossier)}
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
    page = steps.BY_SLUG.get(slug)
    if page is None:
        raise Http404
    case = writable(request, public_id)
    dossier = dossier_of(case)
    if not case.is_draft:
        return redirect("filings:correct", case.public_id)
    if not page.applies(dossier) and slug != "days":
        return redirect("filings:step", case.public_id, steps.next_slug(slug, dossier))
    asked = page.ask(request, dossier, request.POST if request.method == "POST" else None)
    if request.method == "POST" and asked.is_valid():
        return _save(request, case, dossier, page, asked)
    context = {**_frame(case, dossier), **_step_context(request, case, dossier, page, asked)}
    template = page.template
    if request.htmx and request.method == "GET":
        template = f"{template.removesuffix('.html')}_results.html"
    return render(request, template, context)


def _save(request, case, dossier: Dossier, page, asked):
    changes = page.changes(asked, dossier)
    stay = changes.pop("_stay", None)
    try:
        service.save(case, changes)
    except CaseworkError as error:
        messages.error(request, str(error))
        return redirect("filings:record", case.public_id)
    if "leave" in request.POST:
        return _left(request, case)
    fresh = dossier_of(case)
    if page.slug == "place" and steps.stops_here(fresh):
        return redirect("filings:outcome", case.public_id)
    if request.POST.get("back_to") == "check":
        return redirect("filings:step_check", case.public_id)
    slug = "days" if stay in ("in", "out") else steps.next_slug(page.slug, fresh)
    return redirect(_address(case, slug))


def _left(request, case):
    messages.success(request, "已保存。下次在「备案记录」里继续填写。")
    if request.user.is_staff:
        return redirect("admin:casework_case_changelist")
    return redirect("filings:records")


def _address(case, slug: str) -> str:
    if slug in steps.LAST:
        return reverse(f"filings:step_{slug}", args=[case.public_id])
    return reverse("filings:step", args=[case.public_id, slug])


def frame(case, dossier: Dossier) -> dict:
    """What every page of the wizard shows around its forms."""
    return {
        "case": case,
        "total": steps.TOTAL,
        "effect": dossier_effect(dossier),
        "acting_for": acting_for(case, dossier.answers.name or _holding_name(dossier)),
        "at_counter": case.channel != Case.Channel.ONLINE,
    }


_frame = frame


def _holding_name(dossier: Dossier) -> str:
    return dossier.holding.name if dossier.holding else ""


def _step_context(request, case, dossier, page, asked) -> dict:
    before = steps.previous_slug(page.slug, dossier)
    return {
        "step": page.number,
        "name": page.name,
        "slug": page.slug,
        "forms": asked.forms,
        "form": asked.forms[0],
        "has_errors": any(form.is_bound and form.errors for form in asked.forms),
        "back_url": _address(case, before)
        if before
        else reverse("filings:change_type", args=[case.public_id]),
        "back_to": request.GET.get("back_to") or request.POST.get("back_to", ""),
        **asked.context,
    }


@filer_required
@require_GET
def outcome(request, public_id):
    """What was answered needs no filing, or allows none: why, and what keeps the benefit whole."""
    case = writable(request, public_id)
    dossier = dossier_of(case)
    if not steps.stops_here(dossier):
        return redirect("filings:step", case.public_id, "notice")
    context = {**_frame(case, dossier), "agency": agency_of(dossier.answers)}
    return render(request, "filings/outcome.html", context)


@filer_required
@require_POST
def file_anyway(request, public_id):
    """Filing although care is settled without it, where that keeps the benefit whole."""
    case = writable(request, public_id)
    service.save(case, {"voluntary": True})
    return redirect("filings:step", case.public_id, "notice")


@filer_required
@require_http_methods(["GET", "POST"])
def discard(request, public_id):
    """Throw a draft away, after asking."""
    case = writable(request, public_id)
    if not case.is_draft:
        raise Http404
    if request.method == "POST":
        discard_draft(case)
        messages.success(request, "草稿已删除。")
        if request.user.is_staff:
            return redirect("admin:casework_case_changelist")
        return redirect("filings:records")
    return render(request, "filings/discard.html", {"case": case})


@filer_required
@require_http_methods(["GET", "POST"])
def check(request, public_id):
    """核对: every answer on one page with a way to change it; submitting is its POST."""
    case = writable(request, public_id)
    dossier = dossier_of(case)
    gaps = list(service.missing(case))
    if request.method == "POST" and not gaps:
        return _submit(request, case)
    context = {
        **_frame(case, dossier),
        "step": steps.NUMBERS["check"],
        "name": "核对",
        "groups": _groups(case, dossier),
        "errors": [
            {"anchor": f"gap-{number}", "text": gap.message, "url": _gap_url(case, gap)}
            for number, gap in enumerate(gaps)
        ],
        "has_errors": bool(gaps) and request.method == "POST",
        "back_url": _address(case, "proof"),
        "today": timezone.localdate(),
    }
    return render(request, "filings/check.html", context)


def _gap_url(case, gap) -> str:
    if gap.step == "type":
        return reverse("filings:change_type", args=[case.public_id])
    slug = {"place": "insured" if gap.field in ("insured_area", "insurance") else "place"}
    if gap.field in ("admitted_on", "discharged_on", "self_paid"):
        return f"{_address(case, 'days')}?back_to=check"
    return f"{_address(case, slug.get(gap.step, gap.step))}?back_to=check"


STEP_OF_FIELD = {
    "category": "type",
    "insured_area": "insured",
    "insurance": "insured",
    "destination": "place",
    "institution": "place",
    "care": "place",
    "notice": "notice",
    "admitted_on": "days",
    "expected_discharge": "days",
    "discharged_on": "days",
    "self_paid": "days",
    "in_hospital": "stay",
    "proof": "proof",
    "promise": "proof",
}


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
                    "missing": False,
                    "change_url": _change_url(case, field),
                }
                for field, label, value in rows
            ],
        }
        for heading, rows in outline(dossier.answers, masked=False)
    ]


def _change_url(case, field: str) -> str | None:
    if field in ("name", "id_number"):
        return None
    slug = STEP_OF_FIELD.get(field, "details")
    if slug == "type":
        return reverse("filings:change_type", args=[case.public_id])
    return f"{_address(case, slug)}?back_to=check"


def _submit(request, case):
    version = request.POST.get("version", "")
    try:
        service.submit_filing(
            case, actor_of(request), int(version) if version.isdigit() else case.version
        )
    except CaseworkError as error:
        messages.error(request, str(error))
        return redirect("filings:step_check", case.public_id)
    if request.user.is_staff:
        # At the counter nobody waits for the worker; its task then finds the work done.
        review(Case.objects.get(pk=case.pk))
        messages.success(request, "已提交。请核对审核结果，当场办理并打印。")
        return redirect("admin:casework_case_change", case.pk)
    return redirect("filings:record", case.public_id)
