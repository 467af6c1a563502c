"""The states of a filing and its events in words, and who acts in its table."""

from casework.workflow import COUNTER, RESIDENT, Ask

STATES = {
    "draft": "未提交",
    "submitted": "已提交，自动审核中",
    "in_review": "经办人员审核中",
    "correction": "需要您补正",
    "lapsed": "逾期未补正，已终止",
    "approved": "已备案",
    "rejected": "不予备案",
    "withdrawn": "已撤回",
    "cancelled": "已取消",
    "superseded": "已由新备案替代",
    "expired": "已到期",
    "ended": "已终止",
    "revoked": "已撤销",
}

ONESELF = frozenset({RESIDENT, COUNTER})

SUPPLY_BY = Ask("supply_by", "补交材料截止日期", "date", help="当地没有公布期限时，由您告知申请人")

EVENT_LABELS = {
    "submitted": "提交申请",
    "opened": "系统审核，即时开通",
    "accepted": "受理，转经办人员审核",
    "taken": "经办人员领取",
    "released": "退回队列",
    "assigned": "主管分派",
    "escalated": "超时，通知主管",
    "correction_requested": "一次性告知补正",
    "resubmitted": "提交补正",
    "entry_taken_over": "接手代录",
    "lapsed": "逾期未补正，终止",
    "withdrawn": "申请人撤回",
    "approved": "同意备案",
    "rejected": "不予备案",
    "appealed": "申请复核",
    "restored": "复核：恢复备案",
    "upheld": "复核：维持撤销",
    "cancelled": "取消备案",
    "superseded": "由新备案替代",
    "extended": "延长",
    "unlocked": "解除锁定",
    "expired": "到期",
    "ended": "终止",
    "revocation_announced": "告知拟撤销",
    "revoked": "撤销备案",
    "handed_in": "补交承诺材料",
    "promise_kept": "承诺材料核对无误",
    "promise_returned": "承诺材料退回重交",
    "supply_asked": "告知补交期限",
    "promise_overdue": "承诺材料逾期",
    "downgraded": "改按其他临时外出",
    "overdue_settled": "承诺逾期已处理",
}
INTERNAL_EVENTS = frozenset(
    {"taken", "released", "assigned", "escalated", "overdue_settled", "entry_taken_over"}
)
