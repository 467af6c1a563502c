"""The table of a registration: every state, every action, who may take it, what it does.

`casework.perform` is the only code that follows it. tests/cases/registration_workflow.csv is
its golden copy. The machine never approves: it checks, and hands to a clerk.
"""

from casework import guards as common
from casework.guards import CLERKS, all_of
from casework.identity import IDENTITY_DOUBTS
from casework.rows import (
    DeskGuards,
    Expiry,
    announce_row,
    appeal_row,
    correction_row,
    desk_rows,
    expire_row,
    lapse_row,
    queue_row,
    resubmit_row,
    revoke_row,
    submit_row,
    withdraw_row,
)
from casework.workflow import Ask, Transition, Workflow
from registrations import guards
from registrations.acts import deciding, ending, submitting
from registrations.acts.having import HAVING
from registrations.states import FIRST_DAY, LAST_DAY, ONESELF, STATES

_SUBMITTING = (
    submit_row(guards.complete, submitting.submit, ONESELF, "提交后由系统核查，再由经办人员认定。"),
    queue_row("registration_accepted", deciding.queue),
    correction_row(
        "registration_correction",
        all_of(guards.other_clerk, common.in_hand),
        deciding.request_correction,
    ),
    resubmit_row(
        "registration_resubmitted",
        all_of(guards.items_answered, guards.complete),
        submitting.resubmit,
        ONESELF,
    ),
    lapse_row("registration_lapsed", ending.drop_writing, "不予认定"),
    withdraw_row("registration_withdrawn", guards.not_appealing, ending.drop_writing, ONESELF),
)

_DESK = desk_rows(
    HAVING,
    waiting=("in_review",),
    held=("in_review", "correction"),
    guards=DeskGuards(
        take=all_of(common.free_to_take, guards.other_clerk),
        late=guards.is_late,
    ),
)

_DECIDING = (
    Transition(
        "approve",
        "同意认定",
        ("in_review",),
        "approved",
        CLERKS,
        "approved",
        guard=all_of(guards.other_clerk, common.in_hand, guards.may_be_granted),
        clock="stop",
        effect=deciding.approve,
        notice="registration_approved",
        in_bulk=False,
        help="按规则确定起止日期，发出认定结果告知书，签发认定表。",
        asks=(
            Ask(
                "identity",
                "已核对身份证件照片与参保人一致",
                "check",
                doubts=tuple(sorted(IDENTITY_DOUBTS)),
            ),
            FIRST_DAY,
            LAST_DAY,
        ),
    ),
    Transition(
        "reject",
        "不予认定",
        ("in_review",),
        "rejected",
        CLERKS,
        "rejected",
        guard=all_of(guards.other_clerk, common.in_hand),
        needs_reason=True,
        clock="stop",
        effect=deciding.reject,
        notice="registration_rejected",
        dangerous=True,
        help="发出不予认定通知书，写明理由、依据和救济途径。",
    ),
    appeal_row("registration_appealed", guards.not_appealed_yet, deciding.appeal, ONESELF),
)

_IN_FORCE = (
    expire_row(
        "registration_expired",
        Expiry(guards.is_over, ending.expire, guards.all_over, ending.expire_all),
    ),
    announce_row("registration_revocation_notice", ending.announce_revocation),
    revoke_row(
        "registration_revoked",
        guards.revocation_announced,
        ending.revoke,
        "撤销认定",
        "今天是最后有效日，以前已经结算的费用不受影响；发出撤销通知书。",
    ),
)

WORKFLOW = Workflow(
    states=STATES,
    open_states=frozenset({"submitted", "in_review", "correction"}),
    waiting_for_staff=frozenset({"in_review"}),
    transitions=(*_SUBMITTING, *_DESK, *_DECIDING, *_IN_FORCE),
)
