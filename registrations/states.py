"""The states of a registration and its events in words, and who acts in its table."""

from casework.workflow import RESIDENT, Ask

STATES = {
    "draft": "未提交",
    "submitted": "已提交，自动核查中",
    "in_review": "经办人员审核中",
    "correction": "需要您补正",
    "lapsed": "逾期未补正，已终止",
    "approved": "已认定",
    "rejected": "不予认定",
    "withdrawn": "已撤回",
    "expired": "已到期",
    "revoked": "已撤销",
}

ONESELF = frozenset({RESIDENT})

FIRST_DAY = Ask(
    "first_day", "认定开始日期", "date", help="不填按拟定的开始日期；不能早于规则允许的第一天"
)
LAST_DAY = Ask(
    "last_day", "认定截止日期", "date", help="不填按拟定的截止日期；不能晚于按有效期算出的最后一天"
)

EVENT_LABELS = {
    "submitted": "提交申请",
    "accepted": "受理，转经办人员审核",
    "taken": "经办人员领取",
    "released": "退回队列",
    "assigned": "主管分派",
    "escalated": "超时，通知主管",
    "correction_requested": "一次性告知补正",
    "resubmitted": "提交补正",
    "lapsed": "逾期未补正，终止",
    "withdrawn": "申请人撤回",
    "approved": "认定通过",
    "rejected": "不予认定",
    "appealed": "申请复核",
    "expired": "到期",
    "revocation_announced": "告知拟撤销",
    "revoked": "撤销认定",
}
INTERNAL_EVENTS = frozenset({"taken", "released", "assigned", "escalated"})
