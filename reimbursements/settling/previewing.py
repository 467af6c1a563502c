"""The computed settlement beside the bills, recomputed at once; nothing is written."""

from dataclasses import dataclass

from django.db.models import Sum
from django.utils import timezone

from casework.models import Case
from reimbursements.models import Adjustment, Claim, Payment, Settlement
from reimbursements.settlement import Settlement as Engine
from reimbursements.settling.computing import compute
from reimbursements.settling.errors import CannotSettle
from reimbursements.settling.rows import (
    bills_of_stay,
    facts_of,
    last_settlement,
    parts_of,
    year_of,
    year_row,
)


@dataclass(frozen=True)
class Preview:
    """What approving a claim now would settle and pay. Amounts in fen.

    `settlement` is of the whole stay, `difference_fen` what it pays beyond `paid_before_fen`.
    `provisional`: some bills are not decided yet and count as accepted, or it is not known
    what of them is in scope, and then all that nothing explains counts.
    """

    settlement: Engine
    paid_before_fen: int
    difference_fen: int
    adjustments_fen: int
    payable_fen: int
    provisional: bool


def preview_settlement(case: Case) -> Preview | str:
    """What would be paid if the claim were approved now, or a Chinese sentence why not."""
    claim = Claim.objects.select_related("stay", "person").filter(pk=case.pk).first()
    if claim is None:
        return "申请还没有提交"
    try:
        return _preview(claim)
    except CannotSettle as error:
        return str(error)


def _preview(claim: Claim) -> Preview:
    earlier = last_settlement(claim.stay)
    bills = bills_of_stay(claim.stay, claim, open_too=True)
    parts = parts_of(bills)
    computed = compute(
        facts_of(claim, timezone.localdate(), earlier),
        parts,
        lambda year: year_of(year_row(claim, year, lock=False), year),
        earlier,
    )
    before = earlier.paid_fen if earlier else 0
    difference = computed.paid_fen - before
    adjustments = confirmed_adjustments(claim)
    return Preview(
        settlement=computed.settlement,
        paid_before_fen=before,
        difference_fen=difference,
        adjustments_fen=adjustments,
        payable_fen=settled_so_far(claim) + difference + adjustments - paid_so_far(claim),
        provisional=any(bill.decision == bill.Decision.OPEN for bill in bills)
        or not all(part.knows_parts for part in parts),
    )


def settled_so_far(claim: Claim) -> int:
    """What the settlements of this claim have decided in all, in fen."""
    return Settlement.objects.filter(claim=claim).aggregate(fen=Sum("difference_fen"))["fen"] or 0


def paid_so_far(claim: Claim) -> int:
    """What was paid to the person for this claim, less what was got back, in fen."""
    done = (Payment.State.PAID, Payment.State.RECOVERED)
    rows = Payment.objects.filter(claim=claim, state__in=done)
    return rows.aggregate(fen=Sum("amount_fen"))["fen"] or 0


def confirmed_adjustments(claim: Claim) -> int:
    """The confirmed adjustments of a claim in all, in fen."""
    rows = Adjustment.objects.filter(claim=claim, state=Adjustment.State.CONFIRMED)
    return rows.aggregate(fen=Sum("amount_fen"))["fen"] or 0
