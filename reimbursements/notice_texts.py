"""Message texts: what happened, what happens next, by when, whom to call.

No full name, no ID number and no account stands in a message. Words: {number} {matter} {url}
{note} and those of `reimbursements.kind.words`: {kind} {phone}.
"""

_CALL = "咨询：{phone}。"
_LOOK = "查看：{url}"

NOTICES = {
    "claim_received": (
        "您的手工报销申请（{number}）已提交，经办机构{due}（含当天）以前决定是否受理。"
        "有纸质票据的，请把原件寄送或交到经办机构。" + _CALL + _LOOK
    ),
    "claim_accepted": (
        "您的手工报销申请（{number}）已受理，{due}（含当天）以前办结。审核期间请留意消息。"
        + _CALL
        + _LOOK
    ),
    "claim_not_accepted": (
        "您的手工报销申请（{number}）不予受理。理由和您可以怎么办，请看不予受理通知书；"
        "可以申请复核，也可以改正后重新申请。" + _CALL + _LOOK
    ),
    "claim_correction": (
        "您的手工报销申请（{number}）有{count}项内容需要补正。{until}登录修改后重新提交，"
        "只改这几项即可。{consequence}" + _CALL + _LOOK
    ),
    "claim_resubmitted": (
        "您的手工报销申请（{number}）补正内容已收到，经办人员会接着办理，结果另行通知。"
        + _CALL
        + _LOOK
    ),
    "claim_lapsed": (
        "您的手工报销申请（{number}）超过期限没有补正，这次申请已终止。需要时可以重新申请。"
        + _CALL
        + _LOOK
    ),
    "claim_withdrawn": (
        "您已撤回手工报销申请（{number}），申请不再办理。需要时可以重新申请。" + _CALL + _LOOK
    ),
    "claim_approved": (
        "您的手工报销申请（{number}）已审批通过，应支付{amount}元，等待支付。"
        "每一项怎样计算，请看结算单。" + _CALL + _LOOK
    ),
    "claim_rejected": (
        "您的手工报销申请（{number}）不予报销。理由和您可以怎么办，请看不予报销通知书；可以申请复核。"
        + _CALL
        + _LOOK
    ),
    "claim_appealed": (
        "您对办件{number}的复核申请已收到，由其他人员重新办理，{due}（含当天）以前办结。"
        + _CALL
        + _LOOK
    ),
    "claim_paid": (
        "您的手工报销申请（{number}）已支付{amount}元，请留意银行到账。" + _CALL + _LOOK
    ),
    "claim_closed": (
        "您的手工报销申请（{number}）已办结，这次没有需要支付的金额。怎样计算，请看结算单；"
        "不同意的可以申请复核。" + _CALL + _LOOK
    ),
    "claim_payment_failed": (
        "您的手工报销申请（{number}）支付没有成功，请登录核对并更正收款账户，之后会重新支付。"
        + _CALL
        + _LOOK
    ),
    "claim_account_given": (
        "您已更正手工报销申请（{number}）的收款账户，会按新账户重新支付。"
        "如非您本人操作，请立即致电。" + _CALL + _LOOK
    ),
    "claim_reversed": (
        "您的手工报销申请（{number}）的结算已冲销，原因见冲销通知书。已经支付的款项，经办机构会与您联系。"
        + _CALL
        + _LOOK
    ),
    "claim_recovered": (
        "您就手工报销申请（{number}）退回的{amount}元已收到，{left}。" + _CALL + _LOOK
    ),
    "claim_correction_reminder": (
        "提醒：您的手工报销申请（{number}）请在{until}（含当天）以前补正，还有{days}天，"
        "逾期未补正的申请会终止。" + _CALL + _LOOK
    ),
    "claim_papers_reminder": (
        "提醒：您的手工报销申请（{number}）还有{count}张纸质票据的原件没有收到，收到以后才能支付。"
        "请寄送或交到经办机构；已经寄出的，不必理会。" + _CALL + _LOOK
    ),
    "claim_draft_old": (
        "您有一件没有提交的手工报销申请，将在{until}以后删除。"
        "需要的话请登录继续填写，不需要可以不管。" + _LOOK
    ),
    # The clerk's own, in-site only.
    "staff_claim_resubmitted": "办件 {number} 的申请人已提交补正，请继续审核。",
    "staff_claim_assigned": "办件 {number} 已分派给您。",
    "staff_claim_overdue": "办件 {number} 已超过应办结时间，请督办。",
    "staff_papers_late": (
        "办件 {number} 提交已满 {days} 天，还有 {count} 张纸质票据的原件没有收到，"
        "支付要等原件，请联系申请人。"
    ),
    "staff_payment_no_answer": (
        "支付批次 {batch} 发出 {days} 天，银行还有 {count} 笔没有回盘，请核实。"
    ),
    "staff_policy_effect": (
        "{area}{insurance}的结算政策「{policy}」发布后重算，{count} 件已结算的申请金额会不同，"
        "已列入“重算建议”，请核实；系统没有改动任何结算。"
    ),
}
