"""Guards of registrations alone; those of any case are in casework.guards."""

from casework.clock import local_day
from casework.guards import answered_or_over, documents_missing, past_due
from casework.models import Case
from casework.perform import Context
from registrations.decision import FactsError
from registrations.dossier import dossier_of
from registrations.missing import missing_of
from registrations.models import DiseaseRegistration


def complete(case: Case, ctx: Context) -> str | None:
    """Everything that is needed has been answered and handed in."""
    gaps = missing_of(dossier_of(case, ctx.now))
    return gaps[0].message if gaps else None


def items_answered(case: Case, ctx: Context) -> str | None:
    """Every document that the correction asks for was uploaded anew."""
    dossier = dossier_of(case, ctx.now)
    return documents_missing(case, dossier.files, dossier.revision.pk)


def other_clerk(case: Case, ctx: Context) -> str | None:
    """An appeal is decided by somebody else than the one who decided before."""
    registration = case.registration
    if registration.appealed_at is None or ctx.actor.user is None:
        return None
    decided_before = registration.decided_by_id == ctx.actor.user.pk
    return "复核须由原决定以外的人员办理" if decided_before else None


def may_be_granted(case: Case, ctx: Context) -> str | None:
    """The answers can be decided, and the disease is not registered already for good."""
    dossier = dossier_of(case, ctx.now)
    try:
        dossier.decision_for_staff  # noqa: B018 - raises where an answer is wrong
    except FactsError as error:
        return f"申请内容有误，请要求补正：{error.message}"
    if dossier.held_until == (None,):
        return "参保人的这个病种已经认定，长期有效，不能重复认定"
    return None


def not_appealing(case: Case, ctx: Context) -> str | None:
    """While an appeal is looked at, the case cannot be withdrawn."""
    registration = dossier_of(case, ctx.now).registration
    if registration and registration.appealed_at:
        return "复核中的办件不能撤回；如不再需要复核，请电话告知经办机构"
    return None


def not_appealed_yet(case: Case, ctx: Context) -> str | None:
    """One appeal to the agency; after it the statutory remedies remain."""
    if case.registration.appealed_at:
        return "这件申请已经复核过一次。仍不服的，可以依法申请行政复议或提起行政诉讼"
    return None


NOT_OVER = "认定还没有到期"


def is_over(case: Case, ctx: Context) -> str | None:
    """The last day has passed."""
    last = case.registration.last_day
    return None if last and last < local_day(ctx.now) else NOT_OVER


def all_over(cases: list[Case], ctx: Context) -> dict[int, str]:
    """The same for a chunk, in one query."""
    ids = [case.pk for case in cases]
    over = DiseaseRegistration.objects.filter(pk__in=ids, last_day__lt=local_day(ctx.now))
    return dict.fromkeys(set(ids) - set(over.values_list("pk", flat=True)), NOT_OVER)


def is_late(case: Case, ctx: Context) -> str | None:
    """Past its due time, and not escalated before."""
    return past_due(case, "registration", ctx)


def revocation_announced(case: Case, ctx: Context) -> str | None:
    """The person was told beforehand and had the time to answer."""
    return answered_or_over(case.registration.revoke_answer_by, local_day(ctx.now))
