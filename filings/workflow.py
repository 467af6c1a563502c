"""The table of a filing: every state, every action, who may take it, what it does.

`casework.perform` is the only code that follows it. tests/cases/filing_workflow.csv
walks every (state, action, role).
"""

from casework import guards as common
from casework.entering import takeover_row
from casework.guards import CLERKS, all_of
from casework.identity import IDENTITY_DOUBTS
from casework.rows import (
    MACHINE,
    DeskGuards,
    appeal_row,
    correction_row,
    desk_rows,
    lapse_row,
    queue_row,
    resubmit_row,
    submit_row,
    withdraw_row,
)
from casework.workflow import Ask, Transition, Workflow
from filings import guards
from filings.acts import deciding, ending, submitting
from filings.acts.desk import HAVING
from filings.rows_in_force import IN_FORCE, PROMISE
from filings.states import ONESELF, STATES, SUPPLY_BY

_SUBMITTING = (
    submit_row(
        guards.complete,
        submitting.submit,
        ONESELF,
        "提交后由系统审核，符合条件的当场开通，其余由经办人员审核。",
    ),
    Transition(
        "open",
        "即时开通",
        ("submitted",),
        "approved",
        MACHINE,
        "opened",
        guard=guards.may_be_granted,
        clock="stop",
        effect=deciding.open_at_once,
        notice="filing_opened",
        help="当地规定即时开通，且自动审核没有疑点。",
    ),
    queue_row("filing_accepted", deciding.queue),
    correction_row(
        "filing_correction",
        all_of(guards.other_clerk, common.in_hand),
        deciding.request_correction,
    ),
    resubmit_row(
        "filing_resubmitted",
        all_of(guards.items_answered, guards.complete),
        submitting.resubmit,
        ONESELF,
    ),
    lapse_row("filing_lapsed", ending.drop_writing, "不予备案"),
    withdraw_row("filing_withdrawn", guards.not_appealing, ending.drop_writing, ONESELF),
    takeover_row(),
)

_DESK = desk_rows(
    HAVING,
    waiting=("in_review", "approved"),
    held=("in_review", "correction", "approved"),
    guards=DeskGuards(
        take=all_of(guards.waits_on_desk, common.free_to_take, guards.other_clerk),
        late=guards.is_late,
        release=all_of(guards.waits_on_desk, common.has_taker),
        assign=guards.waits_on_desk,
    ),
)

_DECIDING = (
    Transition(
        "approve",
        "同意备案",
        ("in_review",),
        "approved",
        CLERKS,
        "approved",
        guard=all_of(
            guards.new_decision, guards.other_clerk, common.in_hand, guards.may_be_granted
        ),
        clock="stop",
        effect=deciding.approve,
        notice="filing_approved",
        help="按今天的规则确定起止日期，签发备案表；与现有备案冲突的由新备案替代。",
        asks=(
            Ask(
                "identity",
                "已核对身份证件照片与参保人一致",
                "check",
                doubts=tuple(sorted(IDENTITY_DOUBTS)),
            ),
            Ask(
                "valid_to",
                "备案截止日期",
                "date",
                help="只在当地没有公布有效期时填写",
                doubts=("no_rule", "end_in_doubt"),
            ),
            SUPPLY_BY,
        ),
    ),
    Transition(
        "reject",
        "不予备案",
        ("in_review",),
        "rejected",
        CLERKS,
        "rejected",
        guard=all_of(guards.new_decision, guards.other_clerk, common.in_hand),
        needs_reason=True,
        clock="stop",
        effect=deciding.reject,
        notice="filing_rejected",
        dangerous=True,
        help="发出不予备案通知书，写明理由、依据和救济途径。",
    ),
    Transition(
        "restore",
        "恢复备案",
        ("in_review",),
        "approved",
        CLERKS,
        "restored",
        guard=all_of(guards.restoring, guards.other_clerk, common.in_hand),
        clock="stop",
        effect=deciding.restore,
        quiet=True,
        notice="filing_restored",
        help="撤销决定不成立，备案按原来的日期恢复。",
    ),
    Transition(
        "uphold",
        "维持撤销",
        ("in_review",),
        "revoked",
        CLERKS,
        "upheld",
        guard=all_of(guards.restoring, guards.other_clerk, common.in_hand),
        needs_reason=True,
        clock="stop",
        effect=deciding.uphold,
        quiet=True,
        notice="filing_upheld",
        dangerous=True,
        help="复核后仍然撤销，发出复核结果通知书。",
    ),
    appeal_row(
        "filing_appealed",
        guards.not_appealed_yet,
        deciding.appeal,
        ONESELF,
        sources=("rejected", "revoked"),
    ),
)

WORKFLOW = Workflow(
    states=STATES,
    open_states=frozenset({"submitted", "in_review", "correction"}),
    # Approved filings wait for staff only while their promised papers do (is_open says so).
    waiting_for_staff=frozenset({"in_review", "approved"}),
    transitions=(*_SUBMITTING, *_DESK, *_DECIDING, *IN_FORCE, *PROMISE),
)

# What the timeline calls an event where the label of the action would not do.
