"""Who has a case: taken, released, assigned, escalated. The effects of any kind of case.

A kind says what differs (`Having`): to whom a case may go, which messages are sent, where
it remembers that its supervisors were told.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Model

from casework.errors import NotAllowed
from casework.models import Case, Notice, StaffProfile
from casework.notices import render_notice
from casework.perform import Context
from casework.told import whole_of


def _nothing(case: Case) -> None:
    """Most kinds have nothing to add."""


@dataclass(frozen=True)
class Having:
    """What a kind of case adds to the four moves.

    `detail` is its detail row, with `escalated_at`; `assigned` and `overdue` are templates
    of messages to staff; `receivers` the roles a case is assigned to (None: any);
    `refusal(case, profile)` says in Chinese why this person may not have it; `settle(case)`
    runs after each move.
    """

    detail: type[Model]
    assigned: str
    overdue: str
    refusal: Callable[[Case, StaffProfile], str | None]
    receivers: frozenset[str] | None = None
    settle: Callable[[Case], None] = _nothing

    def take(self, case: Case, ctx: Context) -> None:
        """The clerk has the case now."""
        case.assignee_id, case.assigned_at = ctx.actor.user.pk, ctx.now
        self.settle(case)

    def release(self, case: Case, ctx: Context) -> None:
        """Nobody has the case."""
        ctx.event_data = {"from": case.assignee_id}
        case.assignee_id, case.assigned_at = None, None
        self.settle(case)

    def assign(self, case: Case, ctx: Context) -> None:
        """A supervisor hands the case to somebody of the area, who is told.

        Raises NotAllowed for nobody, and for somebody who may not have it.
        """
        profile = self._receiver(whole_of(ctx.data, "assignee"))
        if refusal := _why_never(case, profile) or self.refusal(case, profile):
            raise NotAllowed(refusal)
        case.assignee_id, case.assigned_at = profile.user_id, ctx.now
        ctx.event_data = {"to": profile.user_id}
        self.settle(case)
        ctx.notices.append(in_site(case, profile.user_id, self.assigned, ctx))

    def escalate(self, case: Case, ctx: Context) -> None:
        """The supervisors of the area are told, once, that a case is past its due time."""
        self.detail.objects.filter(pk=case.pk).update(escalated_at=ctx.now)
        self.settle(case)
        ctx.notices += [
            in_site(case, user, self.overdue, ctx) for user in supervisors_of(case, ctx)
        ]

    def _receiver(self, user_id: int | None) -> StaffProfile:
        people = StaffProfile.objects.filter(user_id=user_id, user__is_active=True)
        if self.receivers is not None:
            people = people.filter(role__in=self.receivers)
        profile = people.select_related("user").first()
        if profile is None:
            raise NotAllowed("请选择要分派给哪位经办人员")
        return profile


def supervisors_of(case: Case, ctx: Context) -> list[int]:
    """The supervisors whose area the case lies in; read once for a chunk."""
    if "supervisors" not in ctx.data:
        rows = StaffProfile.objects.filter(
            role=StaffProfile.Role.SUPERVISOR, user__is_active=True
        ).values_list("user_id", "scope", "area")
        ctx.data["supervisors"] = list(rows)
    return [user for user, scope, area in ctx.data["supervisors"] if getattr(case, scope) == area]


def in_site(case: Case, user_id: int, template: str, ctx: Context) -> Notice:
    """A message to a member of staff about a case, shown on the desk and sent nowhere."""
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


def _why_never(case: Case, profile: StaffProfile) -> str | None:
    """What forbids it whatever the kind: another area, the own case."""
    if getattr(case, profile.scope) != profile.area:
        return "办件不在该人员的经办范围内"
    if profile.own_hashes() & {case.id_hash, case.phone_hash}:
        return "不能把办件分派给申请人本人"
    return None
