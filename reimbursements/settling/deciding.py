"""Settling a claim and taking it back, each inside the transaction of its action."""

from datetime import datetime

from django.utils import timezone

from casework.actors import Actor
from casework.clock import local_day
from casework.models import Case
from reimbursements.models import (
    Adjustment,
    Claim,
    LedgerEntry,
    Payment,
    Settlement,
    YearAccount,
)
from reimbursements.settlement import as_data, year_data
from reimbursements.settlement.account import take_back
from reimbursements.settlement.errors import StayError
from reimbursements.settling.computing import Computed, compute
from reimbursements.settling.errors import CannotSettle, in_words
from reimbursements.settling.previewing import (
    confirmed_adjustments,
    paid_so_far,
    settled_so_far,
)
from reimbursements.settling.rows import (
    bills_of_stay,
    facts_of,
    last_settlement,
    parts_of,
    year_of,
    year_row,
)
from reimbursements.settling.years import account_of

UNDER_REVIEW = ("intake", "first_review", "second_review", "approval", "correction")
UNKNOWN_PARTS = "有认可的票据没有写明政策范围内的金额，请先补全"


def settle_claim(case: Case, actor: Actor, now: datetime | None = None) -> Settlement:
    """Settle the claim's stay with every accepted bill and append what came of it.

    Run inside the transaction of the approval. Locks the person's year, so that two claims
    approved at once come one after the other. What is to be paid now is on the claim
    (`payable_fen`): nothing when the stay was settled with these bills before. Raises
    CannotSettle with a Chinese sentence; then nothing is written.
    """
    now = now or timezone.now()
    claim = Claim.objects.select_related("stay", "person").get(pk=case.pk)
    _refuse_while_reviewed(claim)
    account = _locked(claim, now)
    earlier = last_settlement(claim.stay)
    bills = bills_of_stay(claim.stay, claim)
    if not any(bill.claim_id == claim.pk for bill in bills):
        raise CannotSettle("这件申请没有认可的票据，请作出不予报销的决定")
    parts = parts_of(bills)
    if not all(part.knows_parts for part in parts):
        raise CannotSettle(UNKNOWN_PARTS)
    computed = compute(
        facts_of(claim, local_day(now), earlier),
        parts,
        lambda year: account.data,
        earlier,
    )
    row = _append(claim, account, computed, earlier, Settlement.Kind.SETTLED, actor, now)
    _move(account, row, LedgerEntry.Kind.SETTLED, computed.settlement.after, actor, now)
    if claim.stay.nth_stay is None:
        claim.stay.nth_stay = row.nth_stay
        claim.stay.save(update_fields=["nth_stay"])
    _note_payable(claim, row, actor, now)
    return row


def reverse_settlement(case: Case, actor: Actor, now: datetime | None = None) -> Settlement:
    """Take a claim's part out of its stay: a row with a minus, and what is to be got back.

    Call after the claim's bills have stopped being alive. Where other claims of the stay
    remain, it is settled anew with their bills; otherwise the year stands as if the stay had
    never been. Raises CannotSettle.
    """
    now = now or timezone.now()
    claim = Claim.objects.select_related("stay", "person").get(pk=case.pk)
    earlier = last_settlement(claim.stay)
    if earlier is None or not earlier.output:
        raise CannotSettle("这件申请没有结算过，不能冲销")
    _refuse_while_reviewed(claim)
    account = YearAccount.objects.select_for_update(of=("self",)).get(pk=earlier.account_id)
    earlier = last_settlement(claim.stay)
    left = bills_of_stay(claim.stay, None)
    if left:
        rest = Claim.objects.select_related("stay", "person").get(pk=left[0].claim_id)
        computed = compute(
            facts_of(rest, local_day(now), earlier),
            parts_of(left),
            lambda year: account.data,
            earlier,
        )
        after = computed.settlement.after
        row = _append(claim, account, computed, earlier, Settlement.Kind.REVERSED, actor, now)
    else:
        after = _without(account, earlier)
        row = _append_reversed(claim, account, earlier, after, actor, now)
    _move(account, row, LedgerEntry.Kind.REVERSED, after, actor, now)
    _note_recovery(claim, row, actor, now)
    return row


def _refuse_while_reviewed(claim: Claim) -> None:
    """Bills of a settled claim that is looked at anew are undecided: settling the stay without
    them would take their money back. Raises CannotSettle."""
    others = Claim.objects.filter(
        stay_id=claim.stay_id,
        case__status__in=UNDER_REVIEW,
        settlements__isnull=False,
    ).exclude(pk=claim.pk)
    found = others.select_related("case").order_by("pk").first()
    if found is not None:
        raise CannotSettle(f"同一次就医的办件 {found.case.number} 正在复核，请等它办结以后再办理")


def _locked(claim: Claim, now: datetime) -> YearAccount:
    """The account of the year the stay belongs to, locked until the end of the transaction."""
    found: list[int] = []

    def year(number: int) -> dict:
        found.append(number)
        return year_of(year_row(claim, number, lock=False), number)

    earlier = last_settlement(claim.stay)
    facts = facts_of(claim, local_day(now), earlier)
    compute(facts, parts_of(bills_of_stay(claim.stay, claim)), year, earlier)
    return year_row(claim, found[0], lock=True)


def _append(
    claim: Claim, account: YearAccount, computed: Computed, earlier, kind: str, actor: Actor, now
) -> Settlement:
    """The row of a settlement that stands."""
    settled = computed.settlement
    before = earlier.paid_fen if earlier else 0
    return Settlement.objects.create(
        kind=kind,
        **_place(claim, account, earlier, actor, now),
        policy_place=computed.policy.place,
        policy_version=settled.version.name[:80],
        policy_sha256=settled.version.sha256,
        input=computed.input,
        output=as_data(settled),
        before=year_data(settled.before),
        after=year_data(settled.after),
        nth_stay=settled.nth_stay,
        total_fen=settled.total,
        in_scope_fen=settled.in_scope,
        personal_fen=settled.personal,
        funds=dict(settled.funds),
        paid_fen=computed.paid_fen,
        paid_before_fen=before,
        difference_fen=computed.paid_fen - before,
    )


def _append_reversed(
    claim: Claim, account: YearAccount, earlier: Settlement, after, actor: Actor, now
) -> Settlement:
    """The row of a stay of which nothing is left."""
    return Settlement.objects.create(
        kind=Settlement.Kind.REVERSED,
        **_place(claim, account, earlier, actor, now),
        policy_place=earlier.policy_place,
        policy_version=earlier.policy_version,
        policy_sha256=earlier.policy_sha256,
        input={},
        output={},
        before=account.data,
        after=year_data(after),
        total_fen=0,
        in_scope_fen=0,
        personal_fen=0,
        funds={},
        paid_fen=0,
        paid_before_fen=earlier.paid_fen,
        difference_fen=-earlier.paid_fen,
    )


def _place(claim: Claim, account: YearAccount, earlier, actor: Actor, now) -> dict:
    return {
        "stay": claim.stay,
        "claim": claim,
        "account": account,
        "seq": earlier.seq + 1 if earlier else 1,
        "replaces": earlier,
        "area": claim.area,
        "insurance": claim.insurance,
        "actor": actor.user,
        "at": now,
    }


def _without(account: YearAccount, earlier: Settlement):
    """The year without a settlement that is to be taken back."""
    try:
        return take_back(
            account_of(account.data), account_of(earlier.before), account_of(earlier.after)
        )
    except StayError as error:
        raise CannotSettle(in_words(error)) from error


def _move(account: YearAccount, row: Settlement, kind: str, after, actor: Actor, now) -> None:
    """Append to the ledger and set the year to what the entry led to."""
    old = row.replaces.funds if row.replaces else {}
    names = dict.fromkeys((*old, *row.funds))
    LedgerEntry.objects.create(
        account=account,
        seq=account.entry_count + 1,
        kind=kind,
        settlement=row,
        change={name: row.funds.get(name, 0) - old.get(name, 0) for name in names},
        before=account.data,
        after=year_data(after),
        actor=actor.user,
        at=now,
    )
    account.data, account.entry_count = year_data(after), account.entry_count + 1
    account.save(update_fields=["data", "entry_count"])


def _note_payable(claim: Claim, row: Settlement, actor: Actor, now) -> None:
    """What is still to be paid: all that was decided for the claim, less what was paid."""
    Adjustment.objects.filter(
        claim=claim, state=Adjustment.State.CONFIRMED, settlement=None
    ).update(settlement=row)
    claim.payable_fen = settled_so_far(claim) + confirmed_adjustments(claim) - paid_so_far(claim)
    claim.save(update_fields=["payable_fen"])
    # What was asked back and has not come is part of the figure; closing asks for it anew.
    ask_back(claim, 0, row, actor, now)


def _note_recovery(claim: Claim, row: Settlement, actor: Actor, now) -> None:
    """What was paid and is not due any more is a payment with a minus, to be got back."""
    ask_back(claim, settled_so_far(claim) - paid_so_far(claim), row, actor, now)
    claim.payable_fen = 0
    claim.save(update_fields=["payable_fen"])


def ask_back(claim: Claim, fen: int, row: Settlement | None, actor: Actor, now) -> None:
    """A payment with a minus, due from the person, where `fen` is below zero. It takes the
    place of one that was asked for before and has not come."""
    asked = Payment.objects.filter(claim=claim, kind=Payment.Kind.RECOVERY, state=Payment.State.DUE)
    asked.update(state=Payment.State.CANCELLED, done_at=now)
    if fen >= 0:
        return
    Payment.objects.create(
        claim=claim,
        settlement=row,
        kind=Payment.Kind.RECOVERY,
        amount_fen=fen,
        state=Payment.State.DUE,
        made_by=actor.user,
        made_at=now,
    )
