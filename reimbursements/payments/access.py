"""Who sees lists of payments, and who makes them. Each within the own area."""

from casework.models import StaffProfile
from facilities.areas import counties_of
from reimbursements.models import PaymentBatch
from reimbursements.payments.errors import PaymentRefused

Role = StaffProfile.Role
SEEING = frozenset({Role.FINANCE, Role.SUPERVISOR, Role.AUDITOR})


def _profile(user) -> StaffProfile | None:
    known = user.is_authenticated and user.is_active and user.is_staff
    return getattr(user, "staff_profile", None) if known else None


def may_pay(user) -> bool:
    """Whether this member of staff makes lists, releases them and takes in answers."""
    profile = _profile(user)
    return bool(profile and profile.role == Role.FINANCE)


def may_see(user) -> bool:
    """Whether this member of staff sees lists of payments."""
    profile = _profile(user)
    return bool(profile and profile.role in SEEING)


def batches_visible_to(user):
    """The lists of the own area; a city sees those of its counties too."""
    profile = _profile(user)
    if not may_see(user):
        return PaymentBatch.objects.none()
    areas = [profile.area]
    if profile.scope == StaffProfile.Scope.CITY:
        areas += [division.code for division in counties_of(profile.area)]
    return PaymentBatch.objects.filter(area__in=areas)


def held_batch(user, pk: int) -> PaymentBatch:
    """The list, locked until the end of the transaction. Raises PaymentRefused."""
    if not may_pay(user):
        raise PaymentRefused("支付批次由财务人员办理")
    rows = PaymentBatch.objects.select_for_update(of=("self",))
    batch = rows.filter(pk__in=batches_visible_to(user).values("pk")).filter(pk=pk).first()
    if batch is None:
        raise PaymentRefused("没有这个支付批次，或不在您的经办范围内")
    return batch
