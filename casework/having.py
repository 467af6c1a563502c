"""Who has a case: taken, released, assigned, escalated. The effects of any kind of case.

To whom a case may go is said once, by the row `take` of the kind's own table: a supervisor
assigns it only to somebody who could take it now. A kind says what differs (`Having`): which
messages are sent, where it remembers that its supervisors were told.
"""

from collections.abc import Callable, Iterable
from copy import copy
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Model

from casework.actors import Actor
from casework.errors import NotAllowed
from casework.kinds import kind_of
from casework.models import Case, Notice, StaffProfile
from casework.notices import render_notice
from casework.perform import Context, refusal_of
from casework.told import whole_of
from casework.workdays import current_calendar


def _nothing(case: Case) -> None:
    """Most kinds have nothing to add."""


@dataclass(frozen=True)
class Having:
    """What a kind of case adds to the four moves.

    `detail` is its detail row, with `escalated_at`; `assigned` and `overdue` are templates
    of messages to staff; `settle(case)` runs after each move.
    """

    detail: type[Model]
    assigned: str
    overdue: str
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
        """A supervisor hands the case to somebody who may act on it now, and who is told.

        Raises NotAllowed for nobody, and for somebody who may not have it.
        """
        profile = _receiver(whole_of(ctx.data, "assignee"))
        [(_, refusal)] = refusals(case, [profile], ctx.now)
        if refusal:
            raise NotAllowed(f"不能分派给{profile.user.get_full_name()}：{refusal}")
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


def refusal_to_take(case: Case, actor: Actor, now: datetime) -> str | None:
    """Why this member of staff cannot take the case at this moment, in words that
    anybody may read; None when they can. It is what the row `take` of the kind's table says:
    role, area, own case, and the guards of the kind."""
    row = kind_of(case).workflow.by_name["take"]
    return refusal_of(case, row, Context(actor, now, current_calendar()))


def refusals(
    case: Case, people: Iterable[StaffProfile], now: datetime
) -> list[tuple[StaffProfile, str | None]]:
    """(person, why the case cannot be handed to them), the second None where it can. What
    stands in the way is said of whoever it is, not to them, since somebody else reads it.
    Whoever has the case now does not keep it from others."""
    free = copy(case)
    free.assignee_id = None
    found = []
    for profile in people:
        asked = case if profile.user_id == case.assignee_id else free
        actor = Actor(profile.role, profile.user, profile)
        found.append((profile, refusal_to_take(asked, actor, now)))
    return found


def _receiver(user_id: int | None) -> StaffProfile:
    people = StaffProfile.objects.filter(user_id=user_id, user__is_active=True)
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
