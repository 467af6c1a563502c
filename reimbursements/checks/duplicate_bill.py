"""Has the same bill stood in any other claim, rejected and withdrawn ones included?"""

from typing import NamedTuple

from casework.kinds import Finding
from reimbursements.answers import BillAnswer
from reimbursements.bills.warnings import same_bill, same_number
from reimbursements.checks.seen import finding, this_stay
from reimbursements.codes import BILL_KINDS
from reimbursements.dossier import Dossier
from reimbursements.models import Bill

# Short numbers repeat by chance: without a code to go by they are no sign of anything.
TELLING_DIGITS = 8
HERE = "本申请"


class Key(NamedTuple):
    """How a bill is recognised (reimbursements.bills.numbers.bill_key)."""

    kind: str
    code: str
    number: str


def check(dossier: Dossier) -> list[Finding]:
    """Those that are alive under the same kind are refused when submitting; the others, and
    the same number under another kind, a clerk has to see."""
    bills = {bill.key: bill for bill in dossier.answers.all_bills if bill.number}
    stored = _stored(dossier, {Key(*bill.same_bill).number for bill in bills.values()})
    return [
        finding(doubt)
        for facts in this_stay(dossier).bills
        if facts.key in bills
        for doubt in _doubts(facts, bills, stored)
    ]


def _stored(dossier: Dossier, numbers: set[str]) -> list[tuple[Key, str]]:
    """(key, number of the case) of bills in other claims that have one of these numbers."""
    rows = (
        Bill.objects.filter(number_norm__in=numbers)
        .exclude(number_norm="")
        .exclude(claim_id=dossier.case.pk)
        .order_by("pk")
        .values_list("kind", "code_norm", "number_norm", "claim__case__number")
    )
    return [(Key(*row[:3]), row[3]) for row in rows]


def _doubts(facts, bills: dict[str, BillAnswer], stored: list[tuple[Key, str]]) -> list:
    own = Key(*bills[facts.key].same_bill)
    same = list(dict.fromkeys(number for key, number in stored if key == own))
    alike = [(f"办件{number}", _kind(key)) for key, number in stored if _alike(own, key)]
    others = (Key(*bill.same_bill) for key, bill in bills.items() if key != facts.key)
    alike += [(HERE, _kind(key)) for key in others if _alike(own, key)]
    return same_bill(facts, same) + same_number(facts, alike)


def _alike(own: Key, other: Key) -> bool:
    """The same number under another kind or code: with equal codes, or where one has none (a
    digital invoice never has) and the number is long enough to tell."""
    if own == other or own.number != other.number:
        return False
    if own.code == other.code and own.code:
        return True
    return not (own.code and other.code) and len(own.number) >= TELLING_DIGITS


def _kind(key: Key) -> str:
    return BILL_KINDS.get(key.kind, "票据").partition("（")[0]
