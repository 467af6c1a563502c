"""备案记录: the list, one record, what may be done with it, and correcting it."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from casework.actors import Actor
from casework.errors import CaseworkError
from casework.listing import badge, days_text, own_page
from casework.models import Case
from casework.perform import available, perform
from casework.timeline import timeline
from config.addresses import address_of
from config.bars import validity_bar
from filings import service
from filings.dossier import dossier_of
from filings.kind import FILING
from filings.pages import correcting
from filings.pages.filer import OWING, acting_for, readable, version_of
from filings.pages.words import (
    STATE_TONES,
    agency_of,
    area_words,
    document_name,
    filing_of,
    head,
    next_steps,
    state_words,
    topic_name,
)
from residents.gate import resident_required
from residents.holdings import holdings_of
from residents.personal import mask_name

# What a line of the list shows; the rest of a case and of its filing is not even read.
SHOWN = (
    *("public_id", "number", "status", "topic", "destination", "name", "correction_due"),
    *(f"filing__{name}" for name in ("start", "valid_to", "ended_on", "granted_on", "long_term")),
)


@resident_required
@require_GET
def records(request):
    """Every filing of the account and of the persons bound to it, newest first."""
    return render(request, "filings/records.html", own_page(request, FILING.code, SHOWN, _card))


def _card(case: Case) -> dict:
    filing = getattr(case, "filing", None)
    page = "filings:step_check" if case.is_draft else "filings:record"
    state, tone = state_words(case, filing, timezone.localdate())
    return {
        "case": case,
        "topic": topic_name(case.topic),
        "destination": area_words(case.destination),
        "badge": badge(tone, state),
        "days": _days(filing) if filing and filing.granted_on else "",
        "url": address_of(page, case.public_id),
        "name": mask_name(case.name) if case.name else "",
    }


def _days(filing) -> str:
    return days_text(filing.start, filing.last_day, "长期" if filing.long_term else "未定")


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
        "head": head(case, filing, today),
        "steps": next_steps(case, filing, dossier.answers, today),
        "bar": _bar(case, filing, today),
        "events": _events(case),
        "letters": list(case.letters.all()) if case.has_letters else [],
        "files": [(f, document_name(f.document)) for f in dossier.files],
        "items": list(case.correction_items.filter(done_at=None)) if case.has_items else [],
        "actions": _actions(request, case),
        "supply_url": _supply_url(case, filing),
        "calendar_url": _calendar_url(case, filing, today),
        "may_repeat": case.account_id is not None and not case.is_open,
        "agency": agency_of(dossier.answers),
        "topic": topic_name(case.topic),
        "destination": area_words(case.destination),
        "acting_for": acting_for(case, dossier),
    }
    return render(request, "filings/record.html", context)


def _supply_url(case, filing) -> str:
    owing = case.status == "approved" and filing and filing.promise_state in OWING
    return reverse("filings:supply", args=[case.public_id]) if owing else ""


def _calendar_url(case, filing, today) -> str:
    ends = case.status == "approved" and filing and filing.last_day and filing.last_day >= today
    return reverse("filings:calendar", args=[case.public_id]) if ends else ""


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


# What the page says after an action.
DONE = {
    "withdraw": "申请已撤回。",
    "cancel": "备案已取消。",
    "appeal": "复核申请已提交。",
    "extend": "备案已延长。",
}
TITLES = {
    "withdraw": "要撤回这次申请吗？",
    "cancel": "要取消这份备案吗？",
    "appeal": "申请复核",
    "extend": "延长备案",
}
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
    posted = request.POST if request.method == "POST" else None
    form = correcting.action_form(name, posted)
    if request.method == "POST" and form.is_valid():
        try:
            perform(
                case,
                name,
                Actor.resident(request.user),
                reason="other" if row.needs_reason else "",
                note=form.cleaned_data.get("note", ""),
                version=version_of(request),
                data=correcting.action_data(form),
            )
            messages.success(request, DONE.get(name, "已办理。"))
            return redirect("filings:record", case.public_id)
        except CaseworkError as error:
            form.add_error(None, str(error))
    refusal = next((no for r, no in available(case, Actor.resident(request.user)) if r == row), "")
    context = {
        "case": case,
        "row": row,
        "form": form,
        "refusal": refusal,
        "title": TITLES.get(name, f"{row.label}？"),
        "acting_for": acting_for(case, dossier_of(case)),
    }
    return render(request, "filings/act.html", context)


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
