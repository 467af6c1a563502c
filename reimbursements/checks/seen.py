"""The claim as the pure checks of `reimbursements.bills` see it: plain values, no models."""

from casework.kinds import Finding
from reimbursements.answers import PARTS, BillAnswer
from reimbursements.bills.facts import BillFacts, Doubt, LineFacts, StayFacts
from reimbursements.bills.found import Found
from reimbursements.codes import STAYS
from reimbursements.dossier import Dossier
from reimbursements.models import Bill, Claim
from reimbursements.scanning import found_for, found_on
from reimbursements.settling.estimating import institution_key


def finding(doubt: Doubt, source: str = "") -> Finding:
    """A doubt as the desk shows it."""
    return Finding(doubt.code, doubt.text, doubt.target, source)


def this_stay(dossier: Dossier) -> StayFacts:
    """The stay of the claim with the bills as answered."""
    answers = dossier.answers
    bills = answers.all_bills
    scans = found_on(file_id for bill in bills for file_id in bill.files)
    return StayFacts(
        institution=institution_key(answers.institution, answers.institution_name),
        institution_name=answers.institution_name,
        admitted_on=answers.admitted_on,
        discharged_on=answers.last_day,
        case_number=dossier.case.number or "",
        is_stay=answers.is_stay,
        bills=tuple(_answered(bill, found_for(bill, scans)) for bill in bills),
    )


def other_stays(dossier: Dossier) -> list[StayFacts]:
    """The stays of the person's other claims, whatever became of them."""
    rows = (
        Claim.objects.filter(person_id=dossier.case.person_id)
        .exclude(pk=dossier.case.pk)
        .select_related("case", "stay")
        .prefetch_related("bills")
        .order_by("pk")
    )
    return [_stored(row) for row in rows]


def _stored(claim: Claim) -> StayFacts:
    return StayFacts(
        institution=claim.stay.institution_key,
        institution_name=claim.institution_name,
        admitted_on=claim.admitted_on,
        discharged_on=claim.discharged_on,
        case_number=claim.case.number or "",
        is_stay=claim.kind in STAYS,
        bills=tuple(_row(bill) for bill in claim.bills.all() if not bill.removed),
    )


def _row(bill: Bill) -> BillFacts:
    return BillFacts(key=bill.key, kind=bill.kind, number=bill.number, total=bill.total_fen)


def _answered(bill: BillAnswer, found: Found | None) -> BillFacts:
    return BillFacts(
        key=bill.key,
        kind=bill.kind,
        code=bill.code,
        number=bill.number,
        issued_on=bill.day,
        payer=bill.payer,
        total=bill.total_fen,
        **{part: bill.part_fen(part) for part in PARTS},
        lines=tuple(LineFacts(amount=line.amount_fen) for line in bill.read_lines or ()),
        found=found,
    )
