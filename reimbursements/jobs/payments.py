"""Lists that went to the bank and were not answered: the finance desk is told."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from casework.jobs import Run, run_job
from casework.models import JobRun, Notice, StaffProfile
from casework.notices import render_notice, save_notices
from facilities.areas import pooling_area_of
from reimbursements.models import PaymentBatch
from reimbursements.payments.batches import close_if_answered

# Days after the release on which the desk is told: numbers of ours. With the last one the
# supervisors are told as well.
STAGES = (3, 7)
TEMPLATE = "staff_payment_no_answer"
Role = StaffProfile.Role


def follow_payments(now: datetime | None = None) -> JobRun | None:
    """Close lists that are answered, and tell of those that are not; None when another
    process is at it."""
    now = now or timezone.now()
    return run_job("reimbursements.payments", lambda run: _work(run, now))


def _work(run: Run, now: datetime) -> None:
    released = PaymentBatch.objects.filter(state=PaymentBatch.State.RELEASED)
    for pk in released.order_by("pk").values_list("pk", flat=True):
        with transaction.atomic():
            batch = PaymentBatch.objects.select_for_update(of=("self",)).get(pk=pk)
            acted = close_if_answered(batch, now) or _tell(batch, now)
        run.tick(done=int(acted))


def _tell(batch: PaymentBatch, now: datetime) -> bool:
    """Whether somebody was told, once at each stage."""
    days = (now - batch.released_at) // timedelta(days=1)
    stages = [stage for stage in STAGES if stage <= days]
    if batch.state != PaymentBatch.State.RELEASED or not stages:
        return False
    key = f"batch:{batch.pk}:no_answer:{stages[-1]}"
    if Notice.objects.filter(dedupe_key__startswith=f"{key}:").exists():
        return False
    waiting = batch.payments.filter(live=True).count()
    words = {"batch": batch.number, "days": str(days), "count": str(waiting)}
    roles = [Role.FINANCE] if stages[-1] < STAGES[-1] else [Role.FINANCE, Role.SUPERVISOR]
    told = staff_of(batch.area, roles)
    save_notices([in_site(user, TEMPLATE, words, key, now) for user in told])
    return bool(told)


def staff_of(area: str, roles: list[str]) -> list[int]:
    """The ids of active staff with one of the roles in an area or in the city it belongs to."""
    near = Q(area=area) | Q(scope=StaffProfile.Scope.CITY, area=pooling_area_of(area))
    rows = StaffProfile.objects.filter(near, role__in=roles, user__is_active=True)
    return list(rows.order_by("user_id").values_list("user_id", flat=True))


def in_site(user: int, template: str, words: dict, key: str, now: datetime) -> Notice:
    """A message to one member of staff that belongs to no single case."""
    return Notice(
        recipient_id=user,
        channel=Notice.Channel.IN_SITE,
        template=template,
        text=render_notice(template, words),
        dedupe_key=f"{key}:u{user}",
        state=Notice.State.SENT,
        sent_at=now,
    )
