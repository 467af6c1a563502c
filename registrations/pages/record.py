"""认定记录: the list, one record, and what may be done with it."""

from datetime import timedelta

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from casework.acting import acting_for, version_of
from casework.actors import Actor
from casework.errors import CaseworkError
from casework.listing import badge, days_text, own_page
from casework.models import Case
from casework.perform import available, perform
from casework.timeline import timeline
from config.addresses import address_of
from config.bars import validity_bar
from registrations import service
from registrations.decision import shipped
from registrations.dossier import dossier_of
from registrations.pages import correcting
from registrations.pages.filer import readable
from registrations.pages.words import (
    EVENT_TONES,
    agency_of,
    disease_name,
    document_name,
    head,
    is_over,
    next_steps,
    state_words,
)
from registrations.workflow import WORKFLOW
from residents.gate import resident_required
from residents.holdings import holdings_of
from residents.personal import mask_name

# What a line of the list shows; the rest of a case and of its registration is not even read.
SHOWN = (
    *("public_id", "number", "status", "topic", "name", "correction_due"),
    *(f"registration__{name}" for name in ("first_day", "last_day", "ended_on", "granted_on")),
)
DONE = {"withdraw": "申请已撤回。", "appeal": "复核申请已提交。"}
TITLES = {"withdraw": "要撤回这次申请吗？", "appeal": "申请复核"}
# Actions that have a page of their own.
ELSEWHERE = frozenset({"submit", "resubmit"})


@resident_required
@require_GET
def records(request):
    """Every registration of the account and of the persons bound to it, newest first."""
    context = own_page(request, service.KIND, SHOWN, _card)
    return render(request, "registrations/records.html", context)


def _card(case: Case) -> dict:
    name = "registrations:step_check" if case.is_draft else "registrations:record"
    state, tone = state_words(case, timezone.localdate())
    row = getattr(case, "registration", None)
    return {
        "case": case,
        "topic": disease_name(case.topic),
        "badge": badge(tone, state),
        "days": days_text(row.first_day, row.end, "长期") if row and row.granted_on else "",
        "url": address_of(name, case.public_id),
        "name": mask_name(case.name) if case.name else "",
    }


@resident_required
@require_GET
def record(request, public_id):
    """One registration: its state in plain words, what happens next and by when, what
    happened."""
    case = readable(request, public_id)
    if case.is_draft:
        return redirect("registrations:step_check", case.public_id)
    dossier = dossier_of(case)
    today = timezone.localdate()
    state, tone = state_words(case, today)
    context = {
        "case": case,
        "registration": case.registration,
        "state": state,
        "tone": tone,
        "head": head(case, today),
        "steps": next_steps(case, today),
        "bar": _bar(case, today),
        "events": _events(case),
        "letters": list(case.letters.all()) if case.has_letters else [],
        "files": [(file, document_name(file.document)) for file in dossier.files],
        "items": correcting.open_items(case) if case.has_items else [],
        "actions": _actions(request, case),
        "repeat": _repeat(case, today),
        "agency": agency_of(dossier.answers),
        "topic": disease_name(case.topic),
        "acting_for": acting_for(case, dossier),
    }
    return render(request, "registrations/record.html", context)


def _bar(case, today):
    registration = case.registration
    if registration.granted_on is None or case.status not in ("approved", "expired", "revoked"):
        return None
    return validity_bar(registration.first_day, registration.end, today)


def _repeat(case, today) -> str:
    """What the button says that begins a new draft from this one; "" while there is nothing to
    apply for: it is being looked at, or in force and not near its end."""
    if case.is_open:
        return ""
    registration = case.registration
    if case.status != "approved" or is_over(registration, today):
        return "按这次的内容重新申请"
    rule = shipped().find(registration.insured_area, registration.disease, today)
    last = registration.end
    near = rule and last and last - timedelta(days=rule.renewal_days) <= today
    return "申请续期" if near else ""


def _events(case) -> list[dict]:
    return [
        {
            "at": entry.at,
            "title": entry.what,
            "tone": EVENT_TONES.get(entry.code, "ended"),
            "who": entry.who,
            "text": entry.note,
        }
        for entry in timeline(case, for_staff=False)
    ]


def _actions(request, case) -> list[dict]:
    return [
        {
            "label": row.label,
            "refusal": refusal,
            "url": reverse("registrations:act", args=[case.public_id, row.name]),
        }
        for row, refusal in available(case, Actor.resident(request.user))
        if row.name not in ELSEWHERE
    ]


@resident_required
@require_http_methods(["GET", "POST"])
def act(request, public_id, name):
    """Withdraw, appeal: asked once more, then done."""
    case = readable(request, public_id)
    row = WORKFLOW.by_name.get(name)
    if row is None or "resident" not in row.actors or name in ELSEWHERE:
        raise Http404
    actor = Actor.resident(request.user)
    form = correcting.action_form(name, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            note = form.cleaned_data["note"]
            perform(case, name, actor, note=note, version=version_of(request))
            messages.success(request, DONE.get(name, "已办理。"))
            return redirect("registrations:record", case.public_id)
        except CaseworkError as error:
            form.add_error(None, str(error))
    context = {
        "case": case,
        "row": row,
        "form": form,
        "refusal": _refusal(case, actor, row),
        "title": TITLES.get(name, f"{row.label}？"),
        "acting_for": acting_for(case, dossier_of(case)),
    }
    return render(request, "registrations/act.html", context)


def _refusal(case, actor, row) -> str:
    """Why it cannot be done now; "" when it can."""
    told = dict((each.name, refusal) for each, refusal in available(case, actor))
    if row.name in told:
        return told[row.name] or ""
    return f"办件现为「{WORKFLOW.states[case.status]}」，不能{row.label}"


@resident_required
@require_POST
def again(request, public_id):
    """A new draft that starts from the answers of an old registration."""
    case = readable(request, public_id)
    holding = holdings_of(request.user).filter(person_id=case.person_id).first()
    if holding is None:
        messages.error(request, "请先把这位参保人添加到您的账户，再重新申请。")
        return redirect("residents:persons")
    draft = service.apply_again(case, request.user, holding)
    return redirect("registrations:step_check", draft.public_id)
