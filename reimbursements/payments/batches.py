"""A list for the bank: which claims may go on it, made by one, released by another. Fen."""

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from casework import guards as common
from casework.actors import Actor
from casework.clock import local_day
from casework.entering import read_typists
from casework.models import Case
from casework.perform import Context, refusal_of
from casework.workdays import current_calendar
from casework.workflow import Transition
from reimbursements import guards
from reimbursements.dossier import dossier_of
from reimbursements.models import Bill, Payment, PaymentBatch, Settlement
from reimbursements.payments.access import held_batch, may_pay
from reimbursements.payments.bankfile import csv_bytes, sha256_of
from reimbursements.payments.errors import PaymentRefused
from reimbursements.states import MONEY
from residents.models import AccessLog

# Claims on one list, and tries for a number that another list took meanwhile: numbers of ours.
MAX_CLAIMS = 500
TRIES = 5
State = PaymentBatch.State

# Asked of a claim as if they were rows of its table; a list itself moves no status.
LISTING = Transition(
    "list",
    "列入支付批次",
    ("payable",),
    None,
    MONEY,
    "",
    guard=common.all_of(
        guards.of_stage, guards.apart, common.in_hand, guards.papers_in, guards.something_due
    ),
)
RELEASING = Transition(
    "release",
    "发出支付批次",
    ("payable",),
    None,
    MONEY,
    "",
    guard=common.all_of(guards.apart, guards.papers_in, guards.something_due),
)


@dataclass(frozen=True)
class Candidate:
    """A claim that is to be paid; `refusal` says why not yet, "" when it may be listed."""

    case: Case
    refusal: str

    @property
    def amount_fen(self) -> int:
        """What is to be paid, in fen."""
        return self.case.claim.payable_fen


def candidates(user, now: datetime | None = None) -> list[Candidate]:
    """The claims of this person's area that are to be paid and are on no list, the oldest
    decision first; at most MAX_CLAIMS."""
    rows = payable_cases(user).exclude(claim__payments__live=True)
    cases = list(rows.order_by("decided_at", "pk")[:MAX_CLAIMS])
    return _judged(cases, user, now or timezone.now(), LISTING)


def make_batch(user, case_ids: list[int], now: datetime | None = None) -> PaymentBatch:
    """Put these claims on a new list of this person's area, all or none.

    What is to be paid and to which account is copied as it stands. Raises PaymentRefused
    with a sentence for each claim that cannot be listed.
    """
    now = now or timezone.now()
    wanted = list(dict.fromkeys(case_ids))
    if not may_pay(user):
        raise PaymentRefused("支付批次由财务人员办理")
    if not wanted:
        raise PaymentRefused("请至少选择一件申请")
    if len(wanted) > MAX_CLAIMS:
        raise PaymentRefused(f"一个批次最多 {MAX_CLAIMS} 件，请分批制单")
    with transaction.atomic():
        cases = list(
            payable_cases(user).filter(pk__in=wanted).select_for_update(of=("self",)).order_by("pk")
        )
        problems = _unlistable(cases, user, now)
        if len(cases) < len(wanted):
            problems.append("有申请已不是待支付，或不在您的经办范围内，请刷新后重新选择")
        if problems:
            raise PaymentRefused("没有制单：有申请不能列入", problems)
        batch = _numbered(user, now)
        newest = _newest_settlements(cases)
        Payment.objects.bulk_create(
            _payment(case, batch, newest.get(case.pk), user, now) for case in cases
        )
        batch.count = len(cases)
        batch.total_fen = sum(case.claim.payable_fen for case in cases)
        batch.save(update_fields=["count", "total_fen"])
    return batch


def release_batch(user, pk: int, now: datetime | None = None) -> PaymentBatch:
    """A second person releases a list: from now on it may go to the bank.

    Raises PaymentRefused for the maker, for a list that is not new, and when a claim has
    changed since.
    """
    now = now or timezone.now()
    with transaction.atomic():
        batch = held_batch(user, pk)
        if batch.state != State.DRAFT:
            raise PaymentRefused(f"批次{batch.get_state_display()}，不能再发出")
        if batch.made_by_id == user.pk:
            raise PaymentRefused("批次须由制单人以外的财务人员复核发出")
        problems = _changed(batch, user, now)
        if problems:
            raise PaymentRefused("没有发出：请作废批次，改正后重新制单", problems)
        batch.payments.update(state=Payment.State.SENT)
        batch.file_sha256 = sha256_of(csv_bytes(batch))
        batch.state, batch.released_by, batch.released_at = State.RELEASED, user, now
        batch.save()
    return batch


def cancel_batch(user, pk: int, now: datetime | None = None) -> PaymentBatch:
    """Give a list up: its claims can be listed anew. Raises PaymentRefused once its file was
    taken to the bank, since it may have been paid."""
    now = now or timezone.now()
    with transaction.atomic():
        batch = held_batch(user, pk)
        if batch.state not in (State.DRAFT, State.RELEASED):
            raise PaymentRefused(f"批次{batch.get_state_display()}，不能作废")
        if was_taken(batch):
            raise PaymentRefused("银行文件已经下载，可能已送银行，不能作废；请等银行回盘")
        if batch.payments.filter(state__in=(Payment.State.PAID, Payment.State.FAILED)).exists():
            raise PaymentRefused("批次里已有登记过结果的支付，不能作废；其余的请等银行回盘")
        batch.payments.update(state=Payment.State.CANCELLED, live=False, done_at=now)
        batch.state = State.CANCELLED
        batch.save(update_fields=["state"])
    return batch


def close_if_answered(batch: PaymentBatch, now: datetime) -> bool:
    """Whether the bank has answered for every payment of a released list, which is then done."""
    if batch.state != State.RELEASED or batch.payments.filter(live=True).exists():
        return False
    batch.state, batch.answered_at = State.ANSWERED, now
    batch.save(update_fields=["state", "answered_at"])
    return True


def payable_cases(user):
    """The claims of this person's area for which there is money to be paid."""
    # What waits to be paid is open: said so, the index of open cases is enough.
    rows = Case.objects.visible_to(user).filter(
        is_open=True, kind="claim", status="payable", claim__payable_fen__gt=0
    )
    return rows.select_related("claim", "person", "revision").for_lists()


def was_taken(batch: PaymentBatch) -> bool:
    """Whether somebody has downloaded the file for the bank."""
    return AccessLog.objects.filter(
        case_number=batch.number, action=AccessLog.Action.EXPORTED
    ).exists()


def _judged(cases: list[Case], user, now: datetime, row: Transition) -> list[Candidate]:
    """Each claim with why it may not go on, its bills read at once."""
    if not may_pay(user):
        return [Candidate(case, "支付批次由财务人员办理") for case in cases]
    ctx = Context(Actor.staff(user), now, current_calendar())
    bills: dict[int, list[Bill]] = {}
    for bill in Bill.objects.filter(claim__in=[case.pk for case in cases], removed=False):
        bills.setdefault(bill.claim_id, []).append(bill)
    read_typists(cases)
    found = []
    for case in cases:
        dossier_of(case, now).bills = bills.get(case.pk, [])
        found.append(Candidate(case, refusal_of(case, row, ctx) or _no_account(case)))
    return found


def _no_account(case: Case) -> str:
    claim = case.claim
    return "" if claim.bank_number and claim.bank_holder else "没有收款账户"


def _unlistable(cases: list[Case], user, now: datetime) -> list[str]:
    listed = set(
        Payment.objects.filter(claim__in=[case.pk for case in cases], live=True).values_list(
            "claim_id", flat=True
        )
    )
    problems = [f"办件 {case.number}：已在另一个支付批次中" for case in cases if case.pk in listed]
    judged = _judged(cases, user, now, LISTING)
    return problems + [f"办件 {one.case.number}：{one.refusal}" for one in judged if one.refusal]


def _changed(batch: PaymentBatch, user, now: datetime) -> list[str]:
    """What of a list is not as it was when it was made, or not this person's to release."""
    payments = list(batch.payments.filter(live=True).order_by("pk"))
    rows = Case.objects.visible_to(user).select_related("claim", "person", "revision")
    locked = rows.filter(pk__in=[payment.claim_id for payment in payments])
    cases = {case.pk: case for case in locked.select_for_update(of=("self",)).order_by("pk")}
    problems = []
    if (len(payments), sum(row.amount_fen for row in payments)) != (batch.count, batch.total_fen):
        problems.append("批次的笔数或合计与明细不一致")
    if len(cases) < len(payments):
        problems.append("有申请不在您的经办范围内，请由上级财务人员发出")
    for one in _judged(list(cases.values()), user, now, RELEASING):
        if one.refusal:
            problems.append(f"办件 {one.case.number}：{one.refusal}")
    for payment in payments:
        case = cases.get(payment.claim_id)
        if case and case.claim.payable_fen != payment.amount_fen:
            problems.append(f"办件 {case.number}：应支付金额已经变动")
    return problems


def _numbered(user, now: datetime) -> PaymentBatch:
    """A new row with the next number of the area and the day."""
    area = user.staff_profile.area
    start = f"{area}ZF{local_day(now):%Y%m%d}"
    used = PaymentBatch.objects.filter(number__startswith=start).count()
    for further in range(1, TRIES + 1):
        try:
            with transaction.atomic():
                return PaymentBatch.objects.create(
                    number=f"{start}{used + further:03d}", area=area, made_by=user, made_at=now
                )
        except IntegrityError:
            continue
    raise PaymentRefused("同时制单的人太多，没有取到批次号，请稍后再试")


def _newest_settlements(cases: list[Case]) -> dict[int, int]:
    """{claim: its last settlement}, by one query."""
    rows = Settlement.objects.filter(claim__in=[case.pk for case in cases]).order_by("seq")
    return dict(rows.values_list("claim_id", "pk"))


def _payment(
    case: Case, batch: PaymentBatch, settlement: int | None, user, now: datetime
) -> Payment:
    claim = case.claim
    return Payment(
        claim=claim,
        batch=batch,
        settlement_id=settlement,
        amount_fen=claim.payable_fen,
        state=Payment.State.WAITING,
        live=True,
        holder=claim.bank_holder,
        number=claim.bank_number,
        bank_name=claim.bank_name,
        tail=claim.bank_tail,
        made_by=user,
        made_at=now,
    )
