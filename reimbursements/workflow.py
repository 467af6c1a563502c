"""The table of a claim: every state, every action, who may take it, what it does.

`casework.perform` is the only code that follows it. tests/cases/claim_workflow.csv
walks every (state, action, role).
"""

from casework import guards as common
from casework.entering import takeover_row
from casework.guards import all_of
from casework.rows import (
    MACHINE,
    DeskGuards,
    appeal_row,
    correction_row,
    desk_rows,
    lapse_row,
    withdraw_row,
)
from casework.workflow import Transition, Workflow
from reimbursements import guards
from reimbursements.acts import deciding, ending, submitting
from reimbursements.acts.desk import HAVING
from reimbursements.delegating import noting
from reimbursements.guards import CASEWORKERS
from reimbursements.rows_of_paying import PAYING
from reimbursements.rows_of_review import DECIDING, REVIEW
from reimbursements.states import ONESELF, OPEN, STAGES, STATES

_AT_HAND = all_of(guards.of_stage, guards.apart, common.in_hand)
_STAGES = tuple(STAGES)

_SUBMITTING = (
    Transition(
        "submit",
        "提交",
        ("draft",),
        "submitted",
        ONESELF,
        "submitted",
        guard=all_of(common.own, guards.complete),
        effect=submitting.submit,
        help="提交后由经办人员受理、审核；同一张票据只能申请一次。",
    ),
    Transition(
        "queue",
        "转受理",
        ("submitted",),
        "intake",
        MACHINE,
        "queued",
        clock="start",
        effect=deciding.queue,
        notice="claim_received",
        help="自动核对完成，等待经办人员受理。",
    ),
    correction_row(
        "claim_correction",
        _AT_HAND,
        deciding.request_correction,
        sources=("intake", "first_review"),
        actors=STAGES["intake"],
    ),
    Transition(
        "resubmit",
        "提交补正",
        ("correction",),
        "intake",
        ONESELF,
        "resubmitted",
        guard=all_of(common.own, guards.before_acceptance, guards.items_answered, guards.complete),
        clock="resume",
        effect=submitting.resubmit,
        notice="claim_resubmitted",
        help="改好以后提交，经办人员接着受理。",
    ),
    Transition(
        "resubmit_in_review",
        "提交补正",
        ("correction",),
        "first_review",
        ONESELF,
        "resubmitted",
        guard=all_of(common.own, guards.after_acceptance, guards.items_answered, guards.complete),
        clock="resume",
        effect=submitting.resubmit,
        notice="claim_resubmitted",
        help="改好以后提交，经办人员接着初审。",
    ),
    lapse_row("claim_lapsed", ending.drop_writing, "不予报销"),
    withdraw_row(
        "claim_withdrawn",
        guards.not_appealing,
        ending.drop_writing,
        ONESELF,
        ("submitted", "intake", "first_review", "second_review", "approval", "correction"),
        "审批以前都可以撤回，票据可以重新申请。",
    ),
    takeover_row(guards.decided_nothing),
)

_DESK = desk_rows(
    HAVING,
    waiting=_STAGES,
    held=(*_STAGES, "correction"),
    guards=DeskGuards(
        take=all_of(guards.of_stage, common.free_to_take, guards.apart),
        late=guards.is_late,
    ),
    takers=CASEWORKERS,
)

_APPEAL = (
    appeal_row(
        "claim_appealed",
        guards.not_appealed_yet,
        deciding.appeal,
        ONESELF,
        sources=("rejected", "not_accepted", "paid"),
        target="second_review",
    ),
)

WORKFLOW = Workflow(
    states=STATES,
    open_states=OPEN,
    # A failed payment waits for the resident's account.
    waiting_for_staff=frozenset(STAGES) - {"payment_failed"},
    stages=STAGES,
    transitions=(*noting((*_SUBMITTING, *_DESK, *REVIEW, *DECIDING)), *PAYING, *_APPEAL),
)
