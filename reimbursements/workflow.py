"""The table of a claim: every state, every action, who may take it, what it does.

`casework.perform` is the only code that follows it. tests/cases/claim_workflow.csv
walks every (state, action, role).
"""

from casework import guards as common
from casework.entering import takeover_row
from casework.guards import all_of
from casework.workflow import Transition, Workflow
from reimbursements import guards
from reimbursements.acts import deciding, desk, ending, submitting
from reimbursements.delegating import noting
from reimbursements.guards import CASEWORKERS
from reimbursements.rows_of_paying import PAYING
from reimbursements.rows_of_review import DECIDING, REVIEW
from reimbursements.states import (
    DUE_DAYS,
    HEAD,
    MACHINE,
    ONESELF,
    OPEN,
    STAGES,
    STATES,
)

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
    Transition(
        "request_correction",
        "一次性告知补正",
        ("intake", "first_review"),
        "correction",
        STAGES["intake"],
        "correction_requested",
        guard=_AT_HAND,
        clock="pause",
        effect=deciding.request_correction,
        notice="claim_correction",
        help="所有要改的内容一次列全，每项对应一个字段或材料；补正期间不计时。",
        asks=(DUE_DAYS,),
        item_reasons="request_correction",
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
    Transition(
        "lapse",
        "逾期终止",
        ("correction",),
        "lapsed",
        MACHINE,
        "lapsed",
        guard=common.correction_is_over,
        clock="stop",
        effect=ending.drop_writing,
        notice="claim_lapsed",
        help="补正期限已过，申请终止；不是不予报销。",
    ),
    Transition(
        "withdraw",
        "撤回申请",
        ("submitted", "intake", "first_review", "second_review", "approval", "correction"),
        "withdrawn",
        ONESELF,
        "withdrawn",
        guard=all_of(common.own, guards.not_appealing),
        clock="stop",
        effect=ending.drop_writing,
        notice="claim_withdrawn",
        help="审批以前都可以撤回，票据可以重新申请。",
    ),
    takeover_row(guards.decided_nothing),
)

_DESK = (
    Transition(
        "take",
        "领取",
        _STAGES,
        None,
        CASEWORKERS,
        "taken",
        guard=all_of(guards.of_stage, common.free_to_take, guards.apart),
        effect=desk.take,
        help="由您办理这件办件。",
    ),
    Transition(
        "release",
        "退回队列",
        (*_STAGES, "correction"),
        None,
        CASEWORKERS | MACHINE,
        "released",
        guard=common.has_taker,
        effect=desk.release,
        help="放回队列，由其他人员领取。",
    ),
    Transition(
        "assign",
        "分派",
        _STAGES,
        None,
        HEAD,
        "assigned",
        effect=desk.assign,
        help="指定由哪位经办人员办理。",
    ),
    Transition(
        "escalate",
        "超时督办",
        _STAGES,
        None,
        MACHINE,
        "escalated",
        guard=guards.is_late,
        effect=desk.escalate,
        help="超过应办结时间，通知主管。",
    ),
)

_APPEAL = (
    Transition(
        "appeal",
        "申请复核",
        ("rejected", "not_accepted", "paid"),
        "second_review",
        ONESELF,
        "appealed",
        guard=all_of(common.own, guards.not_appealed_yet),
        clock="start",
        effect=deciding.appeal,
        notice="claim_appealed",
        keeps_assignee=False,
        help="由原决定以外的人员重新办理，请写明理由。",
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
