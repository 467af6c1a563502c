"""One claim after it was submitted: its state, who acts next and by when, the money, what
happened, its papers, and what may be done."""

from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from casework.actors import Actor
from casework.drafts import open_revision
from casework.models import Case
from casework.perform import available
from casework.timeline import timeline
from facilities.contacts import contact_of
from filings.pages.filer import acting_for
from reimbursements.codes import BANK_RELATIONS, KINDS, SETTLED_AS
from reimbursements.dossier import dossier_of
from reimbursements.fields import DOCUMENT_LABELS
from reimbursements.models import Claim
from reimbursements.pages.after_bills import papers_of, shown_bills
from reimbursements.pages.after_settled import settled_of
from reimbursements.pages.after_words import EVENT_TONES, TONES, head, next_steps, now_of
from reimbursements.pages.claim.claimer import readable
from reimbursements.pages.explained import grouped
from reimbursements.printing.sheet import CATALOGUE
from reimbursements.states import STATES
from residents.gate import resident_required
from residents.personal import mask_name

# Actions that have a page of their own.
ELSEWHERE = frozenset({"submit", "resubmit", "resubmit_in_review", "give_account"})


@resident_required
@require_GET
def record(request, public_id):
    """One claim: its state in plain words, who acts next and by when, what happened."""
    case = readable(request, public_id)
    if case.is_draft:
        return redirect("reimbursements:step_check", case.public_id)
    if _corrects(case):  # read once for all guards that ask
        case.being_written = open_revision(case)
    dossier = dossier_of(case)
    claim, bills = dossier.claim, dossier.bills
    settled = settled_of(case, claim)
    papers = papers_of(bills)
    context = {
        "case": case,
        "claim": claim,
        "state": STATES[case.status],
        "tone": TONES.get(case.status, "ended"),
        "head": head(case, claim, settled.paid_fen if settled else 0),
        "now": now_of(case, timezone.localdate()),
        "steps": next_steps(case, papers["awaited"]),
        "items": list(case.correction_items.filter(done_at=None)) if _corrects(case) else [],
        "settled": settled,
        "bills": shown_bills(dossier),
        "billed": grouped(sum(bill.total_fen for bill in bills)),
        "papers": papers,
        "account": _account(claim),
        "facts": _facts(claim),
        "letters": list(case.letters.all()),
        "files": [(f, DOCUMENT_LABELS.get(f.document, f.document)) for f in dossier.files],
        "events": [_event(entry) for entry in timeline(case, for_staff=False)],
        "actions": actions_of(request, case),
        "may_repeat": case.account_id is not None and not case.is_open,
        "agency": contact_of(case.county, case.insurance),
        "catalogue": CATALOGUE,
        "topic": KINDS.get(case.topic, ""),
        "acting_for": acting_for(case, dossier),
    }
    return render(request, "reimbursements/after/record.html", context)


def actions_of(request, case: Case) -> list[dict]:
    """What the resident may do besides: each with its page, or the sentence why not now."""
    return [
        {
            "label": row.label,
            "refusal": refusal,
            "url": reverse("reimbursements:act", args=[case.public_id, row.name]),
        }
        for row, refusal in available(case, Actor.resident(request.user))
        if row.name not in ELSEWHERE
    ]


def _corrects(case: Case) -> bool:
    return case.status == "correction"


def _account(claim: Claim) -> str:
    """The account that is paid, by its last four digits and the holder's masked name."""
    if not claim.bank_tail:
        return ""
    relation = BANK_RELATIONS.get(claim.bank_relation, "")
    holder = mask_name(claim.bank_holder) if claim.bank_holder else ""
    return f"尾号 {claim.bank_tail}，户名 {holder}（{relation}）"


def _facts(claim: Claim) -> list[tuple[str, str]]:
    """The stay in four lines."""
    days = f"{claim.admitted_on:%Y-%m-%d}"
    if claim.discharged_on != claim.admitted_on:
        days += f" 至 {claim.discharged_on:%Y-%m-%d}"
    filed = SETTLED_AS.get(claim.settled_as, "")
    return [("医疗机构", claim.institution_name), ("就医日期", days), ("按哪种备案结算", filed)]


def _event(entry) -> dict:
    return {
        "at": entry.at,
        "title": entry.what,
        "tone": EVENT_TONES.get(entry.code, "ended"),
        "who": entry.who,
        "text": entry.note,
    }
