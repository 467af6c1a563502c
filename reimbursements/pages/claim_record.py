"""One claim after it was submitted: its state, what happens next, what happened, its papers."""

from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from casework.timeline import timeline
from filings.agency import contact_of
from filings.pages.filer import acting_for
from reimbursements.codes import KINDS
from reimbursements.dossier import dossier_of
from reimbursements.fields import DOCUMENT_LABELS
from reimbursements.models import Bill
from reimbursements.pages.claim.claimer import readable
from reimbursements.pages.claim_words import EVENT_TONES, TONES, head, next_steps
from reimbursements.pages.explained import grouped
from reimbursements.states import STATES
from residents.gate import resident_required


@resident_required
@require_GET
def record(request, public_id):
    """One claim: its state in plain words, who acts next and by when, what happened."""
    case = readable(request, public_id)
    if case.is_draft:
        return redirect("reimbursements:step_check", case.public_id)
    dossier = dossier_of(case)
    claim, bills = dossier.claim, dossier.bills
    owed = [bill for bill in bills if bill.paper == Bill.Paper.AWAITED]
    context = {
        "case": case,
        "claim": claim,
        "state": STATES[case.status],
        "tone": TONES.get(case.status, "ended"),
        "head": head(case, claim),
        "steps": next_steps(case, len(owed)),
        "papers_owed": len(owed),
        "items": list(case.correction_items.filter(done_at=None)),
        "bills": [_bill(bill) for bill in bills],
        "billed": grouped(sum(bill.total_fen for bill in bills)),
        "letters": list(case.letters.all()),
        "files": [(f, DOCUMENT_LABELS.get(f.document, f.document)) for f in dossier.files],
        "events": [_event(entry) for entry in timeline(case, for_staff=False)],
        "agency": contact_of(case.county, case.insurance),
        "topic": KINDS.get(case.topic, ""),
        "acting_for": acting_for(case, dossier),
    }
    return render(request, "reimbursements/claim/record.html", context)


def _bill(bill: Bill) -> dict:
    paper = "" if bill.paper == Bill.Paper.NOT_NEEDED else bill.get_paper_display()
    return {
        "kind": bill.get_kind_display(),
        "number": bill.number,
        "date": bill.date,
        "total": grouped(bill.total_fen),
        "paper": paper,
    }


def _event(entry) -> dict:
    return {
        "at": entry.at,
        "title": entry.what,
        "tone": EVENT_TONES.get(entry.code, "ended"),
        "who": entry.who,
        "text": entry.note,
    }
