"""Who has the case: taken, released, assigned, escalated."""

from casework.errors import NotAllowed
from casework.models import Case, Notice, StaffProfile
from casework.notices import render_notice
from casework.perform import Context
from casework.told import whole_of
from filings.acts.desk import supervisors_of
from reimbursements.models import Claim
from reimbursements.states import STAGES


def take(case: Case, ctx: Context) -> None:
    """The clerk has the case now."""
    case.assignee_id, case.assigned_at = ctx.actor.user.pk, ctx.now


def release(case: Case, ctx: Context) -> None:
    """Nobody has the case."""
    ctx.event_data = {"from": case.assignee_id}
    case.assignee_id, case.assigned_at = None, None


def assign(case: Case, ctx: Context) -> None:
    """A supervisor hands the case to a clerk of the area and the stage, who is told."""
    profile = _receiver(whole_of(ctx.data, "assignee"))
    if refusal := _why_not(case, profile):
        raise NotAllowed(refusal)
    case.assignee_id, case.assigned_at = profile.user_id, ctx.now
    ctx.event_data = {"to": profile.user_id}
    ctx.notices.append(_in_site(case, profile.user_id, "staff_claim_assigned", ctx))


def escalate(case: Case, ctx: Context) -> None:
    """The supervisors of the area are told, once, that a case is past its due time."""
    Claim.objects.filter(pk=case.pk).update(escalated_at=ctx.now)
    ctx.notices += [
        _in_site(case, user, "staff_claim_overdue", ctx) for user in supervisors_of(case, ctx)
    ]


def _receiver(user_id: int | None) -> StaffProfile:
    profile = (
        StaffProfile.objects.filter(user_id=user_id, user__is_active=True)
        .select_related("user")
        .first()
    )
    if profile is None:
        raise NotAllowed("请选择要分派给哪位经办人员")
    return profile


def _why_not(case: Case, profile: StaffProfile) -> str | None:
    if getattr(case, profile.scope) != profile.area:
        return "办件不在该人员的经办范围内"
    if profile.role not in STAGES.get(case.status, frozenset()):
        return "该人员的角色不办理这个环节"
    if profile.own_hashes() & {case.id_hash, case.phone_hash}:
        return "不能把办件分派给申请人本人"
    if profile.user_id in _busy_elsewhere(case):
        return "该人员已办理过这件申请的其他环节"
    return None


def _busy_elsewhere(case: Case) -> set[int]:
    """Those who acted at another stage, or in the decision that is appealed against."""
    claim = case.claim
    acted = {
        "first": claim.first_by_id,
        "second": claim.second_by_id,
        "approval": claim.approved_by_id,
    }
    acted.pop({"second_review": "second", "approval": "approval"}.get(case.status, "first"))
    return {*acted.values(), *claim.decided_before} - {None}


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
