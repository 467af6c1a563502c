"""Guards that hold for every kind of case: each returns a Chinese sentence that refuses, or None.

They are asked when a page is shown and again under the lock, where nothing has been
typed yet on the page: what an action needs to be told is checked by its effect.
"""

from collections.abc import Iterable
from datetime import date

from casework.clock import local_day
from casework.days import chinese_day
from casework.models import Attachment, Case, StaffProfile
from casework.perform import Context
from casework.workflow import COUNTER, RESIDENT
from residents.models import Holding

Role = StaffProfile.Role
# Who decides on cases, and may file for somebody at the counter.
CLERKS = frozenset({Role.FIRST, Role.SECOND, Role.APPROVAL, Role.SUPERVISOR})


def counter_clerk(user) -> bool:
    """Whether this is a member of staff who may file for somebody at the counter."""
    profile = getattr(user, "staff_profile", None) if user.is_authenticated else None
    return bool(user.is_authenticated and user.is_staff and profile and profile.role in CLERKS)


def all_of(*guards):
    """The first refusal of several guards, in their order."""

    def guard(case: Case, ctx: Context) -> str | None:
        return next((no for each in guards if (no := each(case, ctx))), None)

    return guard


def own(case: Case, ctx: Context) -> str | None:
    """A resident acts on their own cases and on those of persons bound to them; a clerk at
    the counter must be one who decides."""
    if ctx.actor.role == COUNTER:
        profile = ctx.actor.profile
        return None if profile and profile.role in CLERKS else "您的角色不能代录"
    if ctx.actor.role != RESIDENT:
        return None
    user = ctx.actor.user
    if user.pk in (case.account_id, case.created_by_id):
        return None
    held = Holding.objects.filter(
        account=user, person_id=case.person_id, standing=Holding.Standing.BOUND
    )
    return None if held.exists() else "这件申请不在您的账户中"


def has_taker(case: Case, ctx: Context) -> str | None:
    """There is somebody to release the case from; only a supervisor releases for others."""
    if case.assignee_id is None:
        return "办件没有被领取"
    if ctx.actor.is_staff and not _own_or_supervisor(case, ctx):
        return "办件由其他人员领取，请由本人或主管退回"
    return None


def free_to_take(case: Case, ctx: Context) -> str | None:
    """Nobody else has taken the case."""
    if case.assignee_id == ctx.actor.user.pk:
        return "已经领取了这件办件"
    return "办件已由其他人员领取" if case.assignee_id else None


def in_hand(case: Case, ctx: Context) -> str | None:
    """The case is the clerk's own, or nobody's; a supervisor may step in."""
    if case.assignee_id and ctx.actor.is_staff and not _own_or_supervisor(case, ctx):
        return "办件已由其他人员领取"
    return None


def correction_is_over(case: Case, ctx: Context) -> str | None:
    """The last day of the correction has passed."""
    due = case.correction_due
    return None if due and due < local_day(ctx.now) else "补正期限还没有过"


def documents_missing(case: Case, files: Iterable[Attachment], revision_id: int) -> str | None:
    """A document that the correction asks for and that is not among the files added in this
    revision."""
    added = {file.document for file in files if file.added_in_id == revision_id}
    for item in case.correction_items.filter(done_at=None):
        area, _, code = item.target.partition(":")
        if area == "document" and code not in added:
            return "补正通知要求重新上传的材料还没有上传，请上传后再提交"
    return None


def past_due(case: Case, detail: str, ctx: Context) -> str | None:
    """Past its due time, and not escalated before, which its `detail` row remembers."""
    if case.due_at is None or case.due_at >= ctx.now:
        return "办件没有超过时限"
    return "已经督办" if getattr(case, detail).escalated_at else None


def answered_or_over(until: date | None, today: date) -> str | None:
    """What is to be revoked was announced, and the time to answer, `until`, is over."""
    if until is None:
        return "请先发出拟撤销告知，给参保人陈述申辩的机会"
    if until >= today:
        return f"参保人可以在{chinese_day(until)}（含当天）以前陈述申辩，之后才能撤销"
    return None


def _own_or_supervisor(case: Case, ctx: Context) -> bool:
    return ctx.actor.role == Role.SUPERVISOR or case.assignee_id == ctx.actor.user.pk
