"""Rows of the table from acceptance to approval: bill by bill, then stage by stage."""

from casework import guards as common
from casework.guards import all_of
from casework.workflow import Transition
from reimbursements import guards
from reimbursements.acts import deciding, reviewing
from reimbursements.guards import CASEWORKERS
from reimbursements.states import SETTLED, STAGES

_AT_HAND = all_of(guards.of_stage, guards.apart, common.in_hand)
_FIRST = STAGES["first_review"]
_SECOND = STAGES["second_review"]
_APPROVERS = STAGES["approval"]
# An original is given back also after the end: that is when most people ask for it.
SETTLED_OR_ENDED = ("paid", "not_accepted", "rejected", "withdrawn", "lapsed", "reversed")
_REVIEWERS = _FIRST | _SECOND | _APPROVERS


def _in_first_review(name: str, label: str, event: str, effect, text: str, **more) -> Transition:
    """One act of the first review, which leaves the case where it is."""
    return Transition(
        name,
        label,
        ("first_review",),
        None,
        _FIRST,
        event,
        guard=_AT_HAND,
        effect=effect,
        help=text,
        **more,
    )


def _adjusting(name: str, label: str, event: str, effect, text: str) -> Transition:
    """One act on a manual adjustment, in any of the three stages."""
    return Transition(
        name,
        label,
        ("first_review", "second_review", "approval"),
        None,
        _REVIEWERS,
        event,
        guard=_AT_HAND,
        effect=effect,
        help=text,
        in_panel=False,
    )


REVIEW = (
    _in_first_review(
        "accept_bill",
        "认可票据",
        "bill_accepted",
        reviewing.accept_bill,
        "这张票据全部认可。",
        in_panel=False,
    ),
    _in_first_review(
        "cut_bill",
        "核减票据",
        "bill_cut",
        reviewing.cut_bill,
        "写明核减的金额和理由；全部核减的不计入这次住院。",
        needs_reason=True,
        in_panel=False,
    ),
    _in_first_review(
        "open_bill",
        "重审票据",
        "bill_reopened",
        reviewing.open_bill,
        "撤回对这张票据的审核。",
        in_panel=False,
    ),
    _in_first_review(
        "classify_line",
        "归类明细",
        "bill_classified",
        reviewing.classify_line,
        "改正一项明细的类别，票据须重新审核。",
        in_panel=False,
    ),
    _in_first_review(
        "set_filing",
        "核定备案类别",
        "filing_set",
        reviewing.set_filing,
        "这次住院按哪种备案结算。",
        asks=(SETTLED,),
        in_panel=False,
    ),
    Transition(
        "note_paper",
        "登记票据原件",
        (*STAGES, *SETTLED_OR_ENDED),
        None,
        CASEWORKERS,
        "paper_noted",
        effect=reviewing.note_paper,
        help="收到的开收据，退回的开分割单；已归档的由经办机构保存。",
        in_panel=False,
    ),
    _adjusting(
        "propose_adjustment",
        "提出人工调整",
        "adjustment_proposed",
        reviewing.propose_adjustment,
        "另记一笔调整，写明理由，由第二人确认；算出的金额不变。",
    ),
    _adjusting(
        "confirm_adjustment",
        "确认人工调整",
        "adjustment_confirmed",
        reviewing.confirm_adjustment,
        "由提出人以外的人员确认。",
    ),
    _adjusting(
        "drop_adjustment",
        "作废人工调整",
        "adjustment_dropped",
        reviewing.drop_adjustment,
        "提出的调整不再采用。",
    ),
)

DECIDING = (
    Transition(
        "accept",
        "受理",
        ("intake",),
        "first_review",
        STAGES["intake"],
        "accepted",
        guard=all_of(_AT_HAND, guards.before_acceptance),
        clock="start",
        effect=deciding.accept,
        notice="claim_accepted",
        help="材料齐全，开始初审；办结时限从现在起算。",
    ),
    Transition(
        "accept_again",
        "再次受理",
        ("intake",),
        "first_review",
        STAGES["intake"],
        "accepted_again",
        guard=all_of(_AT_HAND, guards.after_acceptance),
        help="初审退回来的，核对以后再转初审；办结时限接着计算。",
        quiet=True,
    ),
    Transition(
        "not_accept",
        "不予受理",
        ("intake",),
        "not_accepted",
        STAGES["intake"],
        "not_accepted",
        guard=_AT_HAND,
        needs_reason=True,
        clock="stop",
        effect=deciding.not_accept,
        notice="claim_not_accepted",
        dangerous=True,
        help="不属于受理范围，写明理由和救济途径。",
    ),
    Transition(
        "pass_first",
        "初审通过",
        ("first_review",),
        "second_review",
        _FIRST,
        "first_passed",
        guard=all_of(_AT_HAND, guards.bills_decided, guards.filing_settled),
        effect=reviewing.pass_first,
        keeps_assignee=False,
        help="每张票据都已审核，转复审。",
    ),
    Transition(
        "return_to_intake",
        "退回受理",
        ("first_review",),
        "intake",
        _FIRST,
        "returned",
        guard=_AT_HAND,
        needs_reason=True,
        effect=reviewing.return_from_first,
        keeps_assignee=False,
        help="不应受理或材料不齐的，退回受理环节。",
    ),
    Transition(
        "pass_second",
        "复审通过",
        ("second_review",),
        "approval",
        _SECOND,
        "second_passed",
        guard=all_of(_AT_HAND, guards.first_done),
        effect=reviewing.pass_second,
        keeps_assignee=False,
        help="初审无误，转审批。",
    ),
    Transition(
        "return_to_first",
        "退回初审",
        ("second_review",),
        "first_review",
        _SECOND,
        "returned",
        guard=_AT_HAND,
        needs_reason=True,
        effect=reviewing.pass_second,
        keeps_assignee=False,
        help="写明哪里要重新审核。",
    ),
    Transition(
        "approve",
        "审批通过",
        ("approval",),
        "payable",
        _APPROVERS,
        "approved",
        guard=all_of(_AT_HAND, guards.both_done, guards.nothing_proposed, guards.may_be_settled),
        clock="stop",
        effect=deciding.approve,
        notice="claim_approved",
        keeps_assignee=False,
        help="按当日政策结算并记入年度累计，转财务支付。",
    ),
    Transition(
        "return_to_second",
        "退回复审",
        ("approval",),
        "second_review",
        _APPROVERS,
        "returned",
        guard=_AT_HAND,
        needs_reason=True,
        effect=reviewing.return_from_approval,
        keeps_assignee=False,
        help="写明哪里要重新审核。",
    ),
    Transition(
        "reject",
        "不予报销",
        ("second_review", "approval"),
        "rejected",
        _SECOND | _APPROVERS,
        "rejected",
        guard=all_of(_AT_HAND, guards.nothing_paid),
        needs_reason=True,
        clock="stop",
        effect=deciding.reject,
        notice="claim_rejected",
        keeps_assignee=False,
        dangerous=True,
        help="写明理由、依据和救济途径。",
    ),
)
