"""The bills of a submitted claim as its record shows them: what was accepted, cut, and why."""

from casework.models import CaseNote, Reason
from reimbursements.codes import BILL_FORMS
from reimbursements.dossier import Dossier
from reimbursements.models import Bill
from reimbursements.pages.explained import grouped

# What was decided of a bill is told with the decision on the claim, not before. Where nothing
# is paid in the end, only what was cut is.
PAID = frozenset({"payable", "paid", "payment_failed"})
DECIDED = PAID | {"reversed", "rejected"}
OTHER = "other"


def shown_bills(dossier: Dossier) -> list[dict]:
    """Every bill with its amount, its paper original, and once decided what came of it."""
    bills = dossier.bills
    decided = dossier.case.status in DECIDED
    why = _reasons(dossier) if decided else {}
    return [_shown(bill, dossier.case.status, why) for bill in bills]


def papers_of(bills: list[Bill]) -> dict:
    """How many paper originals there are, how many are still to come in or went back."""
    states = [bill.paper for bill in bills if bill.paper != Bill.Paper.NOT_NEEDED]
    return {
        "all": len(states),
        "awaited": states.count(Bill.Paper.AWAITED),
        "returned": states.count(Bill.Paper.RETURNED),
    }


def _shown(bill: Bill, status: str, why: dict[int, str]) -> dict:
    shown = {
        "kind": bill.get_kind_display(),
        "form": BILL_FORMS.get(bill.form, ""),
        "number": bill.number,
        "date": bill.date,
        "total": grouped(bill.total_fen),
        "paper": "" if bill.paper == Bill.Paper.NOT_NEEDED else bill.get_paper_display(),
        "paper_tone": _PAPER_TONES.get(bill.paper, "done"),
        "paper_at": bill.paper_at,
        "accepted": "",
        "cut": "",
        "why": "",
    }
    if status in DECIDED and bill.decision != Bill.Decision.OPEN:
        shown["accepted"] = grouped(bill.accepted_fen) if status in PAID else ""
        shown["cut"] = grouped(bill.cut_fen) if bill.cut_fen else ""
        shown["why"] = why.get(bill.pk, "") if bill.cut_fen else ""
    return shown


_PAPER_TONES = {Bill.Paper.AWAITED: "waiting", Bill.Paper.RETURNED: "info"}


def _reasons(dossier: Dossier) -> dict[int, str]:
    """Why each cut bill was cut: the maintained reason, then what the clerk wrote besides."""
    cut = [bill for bill in dossier.bills if bill.cut_fen]
    if not cut:
        return {}
    codes = {bill.cut_reason for bill in cut} - {OTHER, ""}
    rows = Reason.objects.filter(kind=dossier.case.kind, action="cut_bill", code__in=codes)
    texts = dict(rows.values_list("code", "text"))
    notes = _notes(dossier)
    found = {}
    for bill in cut:
        parts = (texts.get(bill.cut_reason, ""), notes.get(bill.pk, ""))
        found[bill.pk] = "；".join(part.rstrip("。") for part in parts if part)
    return found


def _notes(dossier: Dossier) -> dict[int, str]:
    """What was written with the last decision on each bill, as far as it is public."""
    events = dossier.case.events.filter(code="bill_cut").order_by("seq")
    last = {data.get("bill"): seq for seq, data in events.values_list("seq", "data")}
    rows = CaseNote.objects.filter(case=dossier.case, event_seq__in=last.values(), public=True)
    by_seq = {note.event_seq: note.text for note in rows}
    return {bill: by_seq[seq] for bill, seq in last.items() if seq in by_seq}
