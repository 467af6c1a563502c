"""Has the same bill stood in any other claim, rejected and withdrawn ones included?"""

from django.db.models import Q

from casework.kinds import Finding
from reimbursements.bills.warnings import same_bill
from reimbursements.checks.seen import finding, this_stay
from reimbursements.dossier import Dossier
from reimbursements.models import Bill


def check(dossier: Dossier) -> list[Finding]:
    """Those that are alive are refused when submitting; the others a clerk has to see."""
    bills = {bill.same_bill: bill.key for bill in dossier.answers.all_bills if bill.number}
    match = Q(pk=None)
    for kind, code, number in bills:
        match |= Q(kind=kind, code_norm=code, number_norm=number)
    rows = (
        Bill.objects.filter(match)
        .exclude(claim_id=dossier.case.pk)
        .order_by("pk")
        .values_list("kind", "code_norm", "number_norm", "claim__case__number")
    )
    where: dict[str, list[str]] = {}
    for kind, code, number, case_number in rows:
        where.setdefault(bills[(kind, code, number)], []).append(case_number)
    return [
        finding(doubt)
        for bill in this_stay(dossier).bills
        for doubt in same_bill(bill, list(dict.fromkeys(where.get(bill.key, []))))
    ]
