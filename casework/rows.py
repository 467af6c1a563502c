"""Rows that the tables of several kinds have alike, said once; a kind gives what is its own.

With `casework.entering.takeover_row`. The golden copies of the tables hold what comes out.
"""

from collections.abc import Callable
from typing import NamedTuple

from casework import guards as common
from casework.guards import CLERKS
from casework.having import Having
from casework.models import StaffProfile
from casework.workflow import SYSTEM, Ask, Transition

MACHINE = frozenset({SYSTEM})
HEAD = frozenset({StaffProfile.Role.SUPERVISOR})
DUE_DAYS = Ask("due_days", "补正天数（自然日）", "number", help="不填则不设期限，也不会自动终止")


class DeskGuards(NamedTuple):
    """What a kind asks of those who move a case about the desk."""

    take: Callable
    late: Callable
    release: Callable = common.has_taker
    assign: Callable | None = None


def desk_rows(
    having: Having,
    waiting: tuple[str, ...],
    held: tuple[str, ...],
    guards: DeskGuards,
    takers: frozenset[str] = CLERKS,
) -> tuple[Transition, ...]:
    """Taken, released, assigned, escalated: in `waiting` a case waits for one of the `takers`,
    in `held` somebody may have it."""
    return (
        Transition(
            "take",
            "领取",
            waiting,
            None,
            takers,
            "taken",
            guard=guards.take,
            effect=having.take,
            help="由您办理这件办件。",
        ),
        Transition(
            "release",
            "退回队列",
            held,
            None,
            takers | MACHINE,
            "released",
            guard=guards.release,
            effect=having.release,
            help="放回队列，由其他人员领取。",
        ),
        Transition(
            "assign",
            "分派",
            waiting,
            None,
            HEAD,
            "assigned",
            guard=guards.assign,
            effect=having.assign,
            help="指定由哪位经办人员办理。",
        ),
        Transition(
            "escalate",
            "超时督办",
            waiting,
            None,
            MACHINE,
            "escalated",
            guard=guards.late,
            effect=having.escalate,
            help="超过应办结时间，通知主管。",
        ),
    )


def correction_row(
    notice: str,
    guard: Callable,
    effect: Callable,
    sources: tuple[str, ...] = ("in_review",),
    actors: frozenset[str] = CLERKS,
) -> Transition:
    """Everything that is to be corrected, asked for at once (一次性告知)."""
    return Transition(
        "request_correction",
        "一次性告知补正",
        sources,
        "correction",
        actors,
        "correction_requested",
        guard=guard,
        clock="pause",
        effect=effect,
        notice=notice,
        help="所有要改的内容一次列全，每项对应一个字段或材料；补正期间不计时。",
        asks=(DUE_DAYS,),
        item_reasons="request_correction",
    )


def lapse_row(notice: str, effect: Callable, not_the_same: str) -> Transition:
    """The correction did not come in time; `not_the_same` names the refusal that this is not."""
    return Transition(
        "lapse",
        "逾期终止",
        ("correction",),
        "lapsed",
        MACHINE,
        "lapsed",
        guard=common.correction_is_over,
        clock="stop",
        effect=effect,
        notice=notice,
        help=f"补正期限已过，申请终止；不是{not_the_same}。",
    )


def withdraw_row(
    notice: str,
    not_appealing: Callable,
    effect: Callable,
    actors: frozenset[str],
    sources: tuple[str, ...] = ("submitted", "in_review", "correction"),
    text: str = "决定作出以前都可以撤回，以后可以重新申请。",
) -> Transition:
    """The person gives the application up, before it is decided."""
    return Transition(
        "withdraw",
        "撤回申请",
        sources,
        "withdrawn",
        actors,
        "withdrawn",
        guard=common.all_of(common.own, not_appealing),
        clock="stop",
        effect=effect,
        notice=notice,
        help=text,
    )


def appeal_row(
    notice: str,
    not_appealed_yet: Callable,
    effect: Callable,
    actors: frozenset[str],
    sources: tuple[str, ...] = ("rejected",),
    target: str = "in_review",
) -> Transition:
    """复核: the agency looks again, by somebody who did not decide before."""
    return Transition(
        "appeal",
        "申请复核",
        sources,
        target,
        actors,
        "appealed",
        guard=common.all_of(common.own, not_appealed_yet),
        clock="start",
        effect=effect,
        notice=notice,
        keeps_assignee=False,
        help="由原决定以外的人员重新办理，请写明理由。",
    )


def submit_row(guard: Callable, effect: Callable, actors: frozenset[str], text: str) -> Transition:
    """What was written is handed in."""
    return Transition(
        "submit",
        "提交",
        ("draft",),
        "submitted",
        actors,
        "submitted",
        guard=common.all_of(common.own, guard),
        effect=effect,
        help=text,
    )


def queue_row(notice: str, effect: Callable) -> Transition:
    """What the machine does not decide goes to a clerk."""
    return Transition(
        "queue",
        "受理",
        ("submitted",),
        "in_review",
        MACHINE,
        "accepted",
        clock="start",
        effect=effect,
        notice=notice,
        help="转经办人员审核，发出受理通知书。",
    )


def resubmit_row(
    notice: str, guard: Callable, effect: Callable, actors: frozenset[str]
) -> Transition:
    """What was to be corrected is handed in anew."""
    return Transition(
        "resubmit",
        "提交补正",
        ("correction",),
        "in_review",
        actors,
        "resubmitted",
        guard=common.all_of(common.own, guard),
        clock="resume",
        effect=effect,
        notice=notice,
        help="改好以后提交，经办人员接着审核。",
    )


class Expiry(NamedTuple):
    """How one that was granted ends with its last day, one by one and in chunks."""

    guard: Callable
    effect: Callable
    bulk_guard: Callable
    bulk_effect: Callable


def expire_row(notice: str, of: Expiry) -> Transition:
    """The last day is over."""
    return Transition(
        "expire",
        "到期",
        ("approved",),
        "expired",
        MACHINE,
        "expired",
        guard=of.guard,
        bulk_guard=of.bulk_guard,
        effect=of.effect,
        bulk_effect=of.bulk_effect,
        notice=notice,
        help="有效期已过。",
    )


def announce_row(notice: str, effect: Callable) -> Transition:
    """Before anything is revoked the person is told why, and may answer."""
    return Transition(
        "announce_revocation",
        "拟撤销告知",
        ("approved",),
        None,
        HEAD,
        "revocation_announced",
        needs_reason=True,
        effect=effect,
        notice=notice,
        dangerous=True,
        help="撤销以前先告知理由，给参保人陈述申辩的时间。",
        asks=(Ask("answer_by", "陈述申辩截止日期", "date", required=True),),
    )


def revoke_row(notice: str, guard: Callable, effect: Callable, label: str, text: str) -> Transition:
    """What was announced is done."""
    return Transition(
        "revoke",
        label,
        ("approved",),
        "revoked",
        HEAD,
        "revoked",
        guard=guard,
        needs_reason=True,
        effect=effect,
        notice=notice,
        dangerous=True,
        help=text,
    )
