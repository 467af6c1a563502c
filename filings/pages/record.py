"""备案记录: the list, one record, what may be done with it, and correcting it."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from casework.access import bound_person_ids
from casework.actors import Actor
from casework.drafts import open_revision
from casework.errors import CaseworkError
from casework.models import Case
from casework.perform import available, perform
from casework.timeline import timeline
from config.bars import validity_bar
from filings import service
from filings.dossier import Dossier, dossier_of
from filings.kind import FILING
from filings.pages import correcting
from filings.pages.filer import OWING, acting_for, filer_required, readable, writable
from filings.pages.forms import UPLOAD_LIMITS
from filings.pages.proof import upload_groups
from filings.pages.steps import BY_SLUG
from filings.pages.wizard import frame
from filings.pages.words import (
    STATE_TONES,
    agency_of,
    area_words,
    document_name,
    filing_of,
    next_steps,
    sentence,
    state_words,
    topic_name,
)
from residents.gate import resident_required
from residents.holdings import holdings_of
from residents.personal import mask_name

PER_PAGE = 20


@resident_required
@require_GET
def records(request):
    """Every filing of the account and of the persons bound to it, newest first."""
    rows = (
        Case.objects.of_account(request.user, bound_person_ids(request.user))
        .filter(kind="filing")
        .select_related("filing")
        .order_by("-id")
    )
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    cards = [_card(case) for case in page.object_list]
    return render(request, "filings/records.html", {"page": page, "cards": cards})


def _card(case: Case) -> dict:
    filing = getattr(case, "filing", None)
    url = (
        reverse("filings:step_check", args=[case.public_id])
        if case.is_draft
        else reverse("filings:record", args=[case.public_id])
    )
    state, tone = state_words(case, filing, timezone.localdate())
    return {
        "case": case,
        "topic": topic_name(case.topic),
        "destination": area_words(case.destination),
        "state": state,
        "tone": tone,
        "filing": filing,
        "url": url,
        "name": mask_name(case.name) if case.name else "",
    }


@resident_required
@require_GET
def record(request, public_id):
    """One filing: its state in plain words, what happens next and by when, what happened."""
    case = readable(request, public_id)
    if case.is_draft:
        return redirect("filings:step_check", case.public_id)
    filing = filing_of(case)
    dossier = dossier_of(case)
    today = timezone.localdate()
    state, tone = state_words(case, filing, today)
    context = {
        "case": case,
        "filing": filing,
        "state": state,
        "tone": tone,
        "sentence": sentence(case, filing, today),
        "steps": next_steps(case, filing, dossier.answers, today),
        "bar": _bar(case, filing, today),
        "events": _events(case),
        "letters": list(case.letters.all()),
        "files": [(f, document_name(f.document)) for f in dossier.files],
        "items": list(case.correction_items.filter(done_at=None)),
        "actions": _actions(request, case),
        "agency": agency_of(dossier.answers),
        "topic": topic_name(case.topic),
        "destination": area_words(case.destination),
        "acting_for": acting_for(case, dossier.answers.name),
    }
    return render(request, "filings/record.html", context)


def _bar(case, filing, today):
    if filing is None or case.status not in ("approved", "expired", "superseded"):
        return None
    return validity_bar(filing.start, filing.last_day, today, filing.locked_until)


def _events(case) -> list[dict]:
    return [
        {
            "at": entry.at,
            "title": entry.what,
            "tone": STATE_TONES.get(entry.code, "ended"),
            "who": entry.who,
            "text": entry.note,
        }
        for entry in timeline(case, for_staff=False)
    ]


# Actions that have a page of their own.
ELSEWHERE = frozenset({"submit", "resubmit", "hand_in"})


def _actions(request, case) -> list[dict]:
    actor = Actor.resident(request.user)
    return [
        {
            "label": row.label,
            "refusal": refusal,
            "help": row.help,
            "dangerous": row.dangerous,
            "url": reverse("filings:act", args=[case.public_id, row.name]),
        }
        for row, refusal in available(case, actor)
        if row.name not in ELSEWHERE
    ]


@resident_required
@require_http_methods(["GET", "POST"])
def act(request, public_id, name):
    """Withdraw, cancel, appeal, extend: asked once more, then done."""
    case = readable(request, public_id)
    row = FILING.workflow.by_name.get(name)
    if row is None or "resident" not in row.actors or name in ELSEWHERE:
        raise Http404
    form = correcting.action_form(name, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            perform(
                case,
                name,
                Actor.resident(request.user),
                reason="other" if row.needs_reason else "",
                note=form.cleaned_data.get("note", ""),
                version=int(request.POST.get("version") or -1),
                data=correcting.action_data(form),
            )
            messages.success(request, f"已{row.label}。")
            return redirect("filings:record", case.public_id)
        except CaseworkError as error:
            form.add_error(None, str(error))
    refusal = next((no for r, no in available(case, Actor.resident(request.user)) if r == row), "")
    context = {"case": case, "row": row, "form": form, "refusal": refusal}
    return render(request, "filings/act.html", context)


@filer_required
@require_http_methods(["GET", "POST"])
def correct(request, public_id):
    """补正: only what the notice asks for can be changed, all on one page."""
    case = writable(request, public_id)
    if case.status != "correction":
        raise Http404
    dossier = dossier_of(case)
    items = list(case.correction_items.filter(done_at=None))
    form = correcting.correction_form(items, dossier, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            service.save(case, correcting.changes(form))
            if "leave" in request.POST:
                messages.success(request, "已保存，还没有提交。请在期限前提交补正。")
                return redirect("filings:record", case.public_id)
            perform(
                case,
                "resubmit",
                Actor.resident(request.user),
                version=int(request.POST.get("version") or -1),
            )
            messages.success(request, "补正已提交，经办人员会继续审核。")
            return redirect("filings:record", case.public_id)
        except CaseworkError as error:
            form.add_error(None, str(error))
    wanted = {item.target.partition(":")[2] for item in items if item.target.startswith("document")}
    groups = [row for row in upload_groups(dossier) if wanted & set(row["codes"])]
    context = {
        "case": case,
        "items": items,
        "form": form,
        "groups": groups,
        "limits": UPLOAD_LIMITS,
        "place_links": [
            (f"修改{item.text}", reverse("filings:correct_place", args=[case.public_id, slug]))
            for item, slug in correcting.place_targets(items)
        ],
        "due_text": f"请在 {case.correction_due}（含当日）前提交补正" if case.correction_due else "",
        "acting_for": acting_for(case, dossier.answers.name),
    }
    return render(request, "filings/correct.html", context)


@filer_required
@require_http_methods(["GET", "POST"])
def correct_place(request, public_id, slug):
    """The search pages of the wizard for a 参保地 or 就医地 that the notice asks to correct."""
    case = writable(request, public_id)
    items = list(case.correction_items.filter(done_at=None))
    if case.status != "correction" or slug not in {s for _, s in correcting.place_targets(items)}:
        raise Http404
    dossier = dossier_of(case)
    page = BY_SLUG[slug]
    asked = page.ask(request, dossier, request.POST if request.method == "POST" else None)
    if request.method == "POST" and asked.is_valid():
        service.save(case, page.changes(asked, dossier))
        return redirect("filings:correct", case.public_id)
    template = page.template
    if request.htmx and request.method == "GET":
        template = f"{template.removesuffix('.html')}_results.html"
    context = {
        **frame(case, dossier),
        "step": page.number,
        "name": page.name,
        "form": asked.forms[0],
        "forms": asked.forms,
        "has_errors": any(form.errors for form in asked.forms if form.is_bound),
        "back_url": reverse("filings:correct", args=[case.public_id]),
        "back_to": "correct",
        **asked.context,
    }
    return render(request, template, context)


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
                version = request.POST.get("version", "")
                actor = Actor.resident(request.user)
                perform(case, "hand_in", actor, version=int(version) if version.isdigit() else -1)
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
        "acting_for": acting_for(case, dossier.answers.name),
    }
    return render(request, "filings/supply.html", context)


@resident_required
@require_POST
def again(request, public_id):
    """A new draft that starts from the answers of an old filing."""
    case = readable(request, public_id)
    holding = holdings_of(request.user).filter(person_id=case.person_id).first()
    if holding is None:
        messages.error(request, "请先把这位参保人添加到您的账户，再重新备案。")
        return redirect("residents:persons")
    draft = service.file_again(case, request.user, request.user, holding)
    return redirect("filings:step", draft.public_id, "insured")
