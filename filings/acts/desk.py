"""Who has the case: taken, released, assigned, escalated."""

from casework.errors import NotAllowed
from casework.guards import CLERKS
from casework.models import Case, Notice, StaffProfile
from casework.notices import render_notice
from casework.perform import Context
from casework.told import whole_of
from filings.models import Filing


def keep_on_desk(case: Case) -> None:
    """An approved filing stays on the desk as long as its promised papers need a clerk."""
    if case.status == "approved":
        case.is_open = case.filing.waits_for_staff


def take(case: Case, ctx: Context) -> None:
    """The clerk has the case now."""
    case.assignee_id, case.assigned_at = ctx.actor.user.pk, ctx.now
    keep_on_desk(case)


def release(case: Case, ctx: Context) -> None:
    """Nobody has the case."""
    ctx.event_data = {"from": case.assignee_id}
    case.assignee_id, case.assigned_at = None, None
    keep_on_desk(case)


def assign(case: Case, ctx: Context) -> None:
    """A supervisor hands the case to a clerk of the area, who is told."""
    profile = _receiver(whole_of(ctx.data, "assignee"))
    if refusal := _why_not(case, profile):
        raise NotAllowed(refusal)
    case.assignee_id, case.assigned_at = profile.user_id, ctx.now
    ctx.event_data = {"to": profile.user_id}
    keep_on_desk(case)
    ctx.notices.append(_in_site(case, profile.user_id, "staff_assigned", ctx))


def escalate(case: Case, ctx: Context) -> None:
    """The supervisors of the area are told, once, that a case is past its due time."""
    Filing.objects.filter(pk=case.pk).update(escalated_at=ctx.now)
    keep_on_desk(case)
    ctx.notices += [
        _in_site(case, user, "staff_overdue", ctx) for user in supervisors_of(case, ctx)
    ]


def supervisors_of(case: Case, ctx: Context) -> list[int]:
    """The supervisors whose area the case lies in; read once for a chunk."""
    if "supervisors" not in ctx.data:
        rows = StaffProfile.objects.filter(
            role=StaffProfile.Role.SUPERVISOR, user__is_active=True
        ).values_list("user_id", "scope", "area")
        ctx.data["supervisors"] = list(rows)
    return [user for user, scope, area in ctx.data["supervisors"] if getattr(case, scope) == area]


def _receiver(user_id: int | None) -> StaffProfile:
    profile = (
        StaffProfile.objects.filter(user_id=user_id, user__is_active=True, role__in=CLERKS)
        .select_related("user")
        .first()
    )
    if profile is None:
        raise NotAllowed("请选择要分派给哪位经办人员")
    return profile


def _why_not(case: Case, profile: StaffProfile) -> str | None:
    if getattr(case, profile.scope) != profile.area:
        return "办件不在该人员的经办范围内"
    if profile.own_hashes() & {case.id_hash, case.phone_hash}:
        return "不能把办件分派给申请人本人"
    if case.filing.appealed_at and case.filing.decided_by_id == profile.user_id:
        return "复核须由原决定以外的人员办理"
    return None


def _in_site(case: Case, user_id: int, template: str, ctx: Context) -> Notice:
    return Notice(
        case=case,
        recipient_id=user_id,
        channel=Notice.Channel.IN_SITE,
        template=template,
        text=render_notice(template, {"number": case.number}),
        dedupe_key=f"{case.pk}:{case.event_count + 1}:{template}:{user_id}",
        state=Notice.State.SENT,
        sent_at=ctx.now,
    )
