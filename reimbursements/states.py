"""The states of a claim and its events in words, and who acts in its table."""

from casework.models import StaffProfile
from casework.workflow import COUNTER, RESIDENT, Ask
from reimbursements.codes import SETTLED_AS

STATES = {
    "draft": "未提交",
    "submitted": "已提交，自动核对中",
    "intake": "待受理",
    "first_review": "初审中",
    "second_review": "复审中",
    "approval": "审批中",
    "payable": "待支付",
    "paid": "已支付",
    "payment_failed": "支付未成功",
    "correction": "需要您补正",
    "not_accepted": "不予受理",
    "rejected": "不予报销",
    "withdrawn": "已撤回",
    "lapsed": "逾期未补正，已终止",
    "reversed": "已冲销",
}
OPEN = frozenset(
    {
        "submitted",
        "intake",
        "first_review",
        "second_review",
        "approval",
        "payable",
        "payment_failed",
        "correction",
    }
)
# States in which the bills of a claim are taken: no other claim may bring them.
ALIVE = frozenset({*OPEN, "paid"})

Role = StaffProfile.Role
ONESELF = frozenset({RESIDENT, COUNTER})
MONEY = frozenset({Role.FINANCE})
# Who works on a case in each of its stages.
STAGES = {
    "intake": frozenset({Role.FIRST, Role.SUPERVISOR}),
    "first_review": frozenset({Role.FIRST, Role.SUPERVISOR}),
    "second_review": frozenset({Role.SECOND, Role.SUPERVISOR}),
    "approval": frozenset({Role.APPROVAL, Role.SUPERVISOR}),
    "payable": MONEY,
    "payment_failed": MONEY,
}

SETTLED = Ask(
    "settled_as",
    "按哪种备案结算",
    "choice",
    required=True,
    choices=tuple(SETTLED_AS.items()),
    help="急诊抢救视同备案；与系统查到的不一致时，请写明理由",
)

EVENT_LABELS = {
    "submitted": "提交申请",
    "queued": "系统核对，等待受理",
    "accepted": "受理，开始初审",
    "accepted_again": "再次受理",
    "not_accepted": "不予受理",
    "taken": "经办人员领取",
    "released": "退回队列",
    "assigned": "主管分派",
    "escalated": "超时，通知主管",
    "correction_requested": "一次性告知补正",
    "resubmitted": "提交补正",
    "entry_taken_over": "接手代录",
    "lapsed": "逾期未补正，终止",
    "withdrawn": "申请人撤回",
    "bill_accepted": "票据认可",
    "bill_cut": "票据核减",
    "bill_reopened": "票据重审",
    "bill_classified": "票据费用归类",
    "paper_noted": "登记票据原件",
    "filing_set": "核定备案类别",
    "adjustment_proposed": "提出人工调整",
    "adjustment_confirmed": "确认人工调整",
    "adjustment_dropped": "作废人工调整",
    "first_passed": "初审通过",
    "second_passed": "复审通过",
    "returned": "退回上一环节",
    "approved": "审批通过",
    "rejected": "不予报销",
    "appealed": "申请复核",
    "paid": "已支付",
    "closed": "没有需要支付的金额，办结",
    "payment_failed": "支付未成功",
    "retried": "重新支付",
    "account_given": "更正收款账户",
    "reversed": "冲销",
    "recovered": "收到退回的款项",
    "recovery_struck": "作废追回登记",
}
INTERNAL_EVENTS = frozenset(
    {
        "taken",
        "released",
        "assigned",
        "escalated",
        "bill_accepted",
        "bill_cut",
        "bill_reopened",
        "bill_classified",
        "filing_set",
        "adjustment_proposed",
        "adjustment_confirmed",
        "adjustment_dropped",
        "returned",
        "accepted_again",
        "retried",
        "recovery_struck",
        "entry_taken_over",
    }
)
