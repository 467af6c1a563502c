"""Money to be got back, what has come of it, and payments that the bank sent back. Fen."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Prefetch
from django.utils import timezone

from casework.actors import Actor
from casework.clock import local_day
from casework.models import Case
from casework.perform import perform
from reimbursements.models import Payment
from reimbursements.payments.access import may_pay, may_see
from reimbursements.payments.batches import payable_cases
from reimbursements.payments.errors import PaymentRefused

# Days after which the desk calls a resident who has not answered: a number of ours.
CALL_AFTER_DAYS = 3
State = Payment.State


@dataclass(frozen=True)
class Waiting:
    """How many claims or amounts wait for the finance desk, by what is to be done."""

    payable: int
    failed: int
    due: int


@dataclass(frozen=True)
class Failed:
    """A claim whose payment the bank sent back, with that payment; `days` since then."""

    case: Case
    payment: Payment | None
    days: int

    @property
    def is_to_be_called(self) -> bool:
        """Whether the resident has had their time to correct the account."""
        return self.days >= CALL_AFTER_DAYS


def waiting(user) -> Waiting:
    """The counts of the finance desk within this person's area."""
    return Waiting(
        payable=payable_cases(user).exclude(claim__payments__live=True).count(),
        failed=_failed_cases(user).count(),
        due=recoveries(user).count(),
    )


def failed_claims(user, now: datetime | None = None) -> list[Failed]:
    """The claims of this person's area whose payment failed, the oldest first."""
    today = local_day(now or timezone.now())
    sent_back = Payment.objects.filter(state=State.FAILED).order_by("pk")
    rows = _failed_cases(user).select_related("claim", "assignee").for_lists()
    rows = rows.prefetch_related(Prefetch("claim__payments", sent_back, "sent_back"))
    found = [_failed(case, today) for case in rows.order_by("touched_at", "pk")]
    return sorted(found, key=lambda one: -one.days)


def retry_payment(user, pk: int, version: int | None, now: datetime | None = None) -> Case:
    """Put a claim whose account is right after all back to be paid.

    Raises PaymentRefused where it is not this person's, and what `perform` raises.
    """
    case = _failed_cases(user).filter(pk=pk).first()
    if case is None or not may_pay(user):
        raise PaymentRefused("这件申请已不是支付未成功，或不在您的经办范围内")
    return perform(case, "retry", Actor.staff(user), version=version, now=now)


def recoveries(user, *, met: bool = False):
    """What is due from persons of this person's area, or what has come in whole (`met`)."""
    if not may_see(user):
        return Payment.objects.none()
    rows = Payment.objects.filter(
        kind=Payment.Kind.RECOVERY,
        recovers=None,
        state=State.MET if met else State.DUE,
        claim__case__in=Case.objects.visible_to(user).values("pk"),
    )
    receipts = Payment.objects.select_related("made_by").order_by("pk")
    return rows.select_related("claim__case").prefetch_related(
        Prefetch("receipts", receipts, "all_receipts")
    )


def recovery_of(user, pk: int) -> Payment | None:
    """One recovery this person may see, due or met."""
    rows = recoveries(user) | recoveries(user, met=True)
    return rows.filter(pk=pk).first()


def received_fen(due: Payment) -> int:
    """What has come in of a recovery that was read by `recoveries`."""
    return -sum(row.amount_fen for row in due.all_receipts if row.state == State.RECOVERED)


def record_receipt(
    user, due: Payment, fen: int, day: date, how: str, receipt: str, now: datetime | None = None
) -> None:
    """Write down what has come in. Raises what `perform` raises."""
    data = {
        "recovery": due.pk,
        "amount": fen,
        "day": day.isoformat(),
        "how": how,
        "receipt": receipt,
    }
    perform(due.claim.case, "recover", Actor.staff(user), data=data, now=now)


def strike_receipt(user, due: Payment, receipt: int, why: str, now: datetime | None = None) -> None:
    """Strike out what was written down by mistake. Raises what `perform` raises."""
    data = {"receipt": receipt}
    perform(due.claim.case, "strike_recovery", Actor.staff(user), note=why, data=data, now=now)


def _failed_cases(user):
    if not may_see(user):
        return Case.objects.none()
    # Said to be open: the index of open cases is enough.
    return Case.objects.visible_to(user).filter(is_open=True, kind="claim", status="payment_failed")


def _failed(case: Case, today: date) -> Failed:
    sent_back = case.claim.sent_back
    payment = sent_back[-1] if sent_back else None
    since = payment.done_at if payment else case.touched_at
    return Failed(case, payment, (today - local_day(since)).days)
