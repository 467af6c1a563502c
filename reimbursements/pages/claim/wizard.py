"""The steps as pages: show, check, save on the server, go on."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from casework.drafts import discard_draft
from casework.errors import CaseworkError
from casework.models import Case
from filings.pages.filer import acting_for, filer_required
from filings.pages.wizard import errors_of
from reimbursements import service
from reimbursements.bills.deadlines import rule_of
from reimbursements.bills.reasons import Next
from reimbursements.codes import KINDS
from reimbursements.dossier import Dossier
from reimbursements.kind import record_url
from reimbursements.pages.after_words import TONES
from reimbursements.pages.claim import steps
from reimbursements.pages.claim.begun import begun
from reimbursements.pages.claim.claimer import draft_dossier, drafts_of, writable_draft
from reimbursements.pages.claim.effect import effect_of, effect_with
from reimbursements.pages.claim.steps import address, area_words
from reimbursements.states import STATES
from residents.gate import resident_required
from residents.holdings import current_holding, enrolments_for, my_holdings

SHOWN_CLAIMS = 10
SAVED = "已保存。下次在“手工报销”里继续填写。"


@resident_required
@require_http_methods(["GET", "POST"])
def start(request):
    """What is needed, until when, and what was begun. A draft is begun by the POST."""
    holding = current_holding(request)
    if holding is None:
        messages.info(request, "请先添加要办理的人（本人或家人）。")
        return redirect(f"{reverse('residents:person_add')}?next={request.path}")
    if request.method == "POST":
        try:
            return redirect(address(_start(request, holding), "why"))
        except CaseworkError as error:
            messages.error(request, str(error))
            return redirect("reimbursements:start")
    drafts = list(drafts_of(request.user))
    context = {
        "drafts": [begun(case) for case in drafts],
        "has_own_draft": any(case.person_id == holding.person_id for case in drafts),
        "claims": _claims(request),
        "deadline": _deadline_words(holding),
    }
    return render(request, "reimbursements/claim/start.html", context)


def _start(request, holding) -> Case:
    return service.start_claim(request.user, request.user, holding)


def _claims(request) -> list[dict]:
    """The newest claims of the account and of the persons bound to it."""
    bound = [row.person_id for row in my_holdings(request) if row.is_bound]
    rows = Case.objects.of_account(request.user, bound).filter(kind=service.KIND)
    rows = rows.exclude(status=Case.DRAFT).for_lists().order_by("-id")[:SHOWN_CLAIMS]
    return [
        {
            "case": case,
            "url": record_url(case),
            "title": KINDS.get(case.topic, "手工报销"),
            "place": area_words(case.destination),
            "state": STATES[case.status],
            "tone": TONES.get(case.status, "ended"),
        }
        for case in rows
    ]


def _deadline_words(holding) -> str:
    """The rule of the place where a proven person is insured; "" where it is not known."""
    if not holding.is_bound:
        return ""
    for row in enrolments_for(holding.person, timezone.localdate()):
        rule = rule_of(row.insured_area)
        if rule is not None:
            mark = f"（{rule.mark}）" if rule.mark else ""
            return f"{area_words(row.insured_area)}的申请期限{mark}：{rule.words()}。"
    return ""


@filer_required
@require_http_methods(["GET", "POST"])
def step(request, public_id, slug):
    """One step: shown with what was answered, saved as it is answered."""
    page = steps.BY_SLUG.get(slug)
    if page is None:
        raise Http404
    case = writable_draft(request, public_id)
    dossier = draft_dossier(case)
    asked = page.ask(request, dossier, request.POST if request.method == "POST" else None)
    if request.method == "POST" and "preview" in request.POST:
        return _preview(request, dossier, page, asked)
    if request.method == "POST" and asked.is_valid():
        return _save(request, case, page, page.changes(asked, dossier))
    errors = errors_of(asked.forms)
    context = {
        **frame(case, dossier, slug, page.name),
        "form": asked.forms[0],
        "errors": errors,
        "has_errors": bool(errors),
        "effect": effect_of(dossier) if slug == "stay" else None,
        "is_stay": slug == "stay",
        "back_to": back_to(request),
        **asked.context,
    }
    template = page.template
    if request.htmx and request.method == "GET":
        template = f"{template.removesuffix('.html')}_results.html"
    return render(request, template, context, status=422 if errors else 200)


def _preview(request, dossier: Dossier, page, asked):
    """The effect of answers that are not saved yet, for htmx; of the saved ones while the page
    has errors."""
    effect = effect_of(dossier)
    if asked.is_valid():
        effect = effect_with(dossier, page.changes(asked, dossier))
    return render(request, "reimbursements/claim/effect.html", {"effect": effect})


def _save(request, case, page, changes: dict):
    try:
        answers = service.save(case, changes)
    except CaseworkError as error:
        messages.error(request, str(error))
        return redirect(record_url(case))
    if "leave" in request.POST:
        return left(request)
    told = steps.advice_of(answers)
    if page.slug == "why" and told and told.next != Next.CLAIM:
        return redirect("reimbursements:advice", case.public_id)
    return go_on(request, case, page.slug)


def go_on(request, case, slug: str):
    """To the page after this one, or back to 核对 for whoever came from there."""
    target = "check" if back_to(request) == "check" else steps.next_slug(slug)
    return redirect(address(case, target))


def left(request):
    """Saved, to be gone on with another day."""
    messages.success(request, SAVED)
    if request.user.is_staff:
        return redirect("admin:casework_case_changelist")
    return redirect("reimbursements:start")


def back_to(request) -> str:
    """Where to return: "check" for whoever came from 核对 to change something, else empty."""
    wanted = request.POST.get("back_to") or request.GET.get("back_to", "")
    return "check" if wanted == "check" else ""


def frame(case, dossier: Dossier, slug: str, name: str) -> dict:
    """What every page of the wizard shows around its forms."""
    before = steps.previous_slug(slug)
    at_counter = case.channel != Case.Channel.ONLINE
    first = "reimbursements:counter" if at_counter else "reimbursements:start"
    return {
        "case": case,
        "step": steps.NUMBERS[slug],
        "total": steps.TOTAL,
        "name": name,
        "acting_for": acting_for(case, dossier),
        "at_counter": at_counter,
        "back_url": address(case, before) if before else reverse(first),
    }


@filer_required
@require_GET
def advice(request, public_id):
    """What to do before claiming, by the first step: file now, ask the hospital, or wait."""
    case = writable_draft(request, public_id)
    dossier = draft_dossier(case)
    told = steps.advice_of(dossier.answers)
    if told is None or told.next == Next.CLAIM:
        return redirect(address(case, "insured" if told else "why"))
    context = {
        **frame(case, dossier, "insured", "为什么没有直接结算"),
        "step": steps.NUMBERS["why"],
        "advice": told,
        "may_go_on": told.next == Next.REBOOK_FIRST,
        "file_now": told.next == Next.FILE_NOW,
        "next_url": address(case, "insured"),
    }
    return render(request, "reimbursements/claim/advice.html", context)


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
        return redirect("reimbursements:start")
    context = {"case": case, "acting_for": acting_for(case, draft_dossier(case))}
    return render(request, "reimbursements/claim/discard.html", context)
