"""Message texts: what happened, what happens next, by when, whom to call.

No full name, no ID number and no disease stands in a message: a telephone is read by others.
Words: {number} {url} {note} and those of `registrations.kind.words`: {phone} {start} {end}.
"""

_CALL = "咨询：{phone}。"
_LOOK = "查看：{url}"

NOTICES = {
    "registration_accepted": (
        "您的门诊慢特病认定申请（{number}）已受理，由经办人员审核，{due}（含当天）以前办结。"
        "审核期间请留意消息。" + _CALL + _LOOK
    ),
    "registration_correction": (
        "您的门诊慢特病认定申请（{number}）有{count}项内容需要补正。{until}登录修改后重新提交，"
        "只改这几项即可。{consequence}" + _CALL + _LOOK
    ),
    "registration_resubmitted": (
        "您的门诊慢特病认定申请（{number}）补正内容已收到，经办人员会接着审核，结果另行通知。"
        + _CALL
        + _LOOK
    ),
    "registration_lapsed": (
        "您的门诊慢特病认定申请（{number}）超过期限没有补正，这次申请已终止。"
        "需要时可以重新申请，原来填写的内容可以带过来。" + _CALL + _LOOK
    ),
    "registration_approved": (
        "您的门诊慢特病认定申请（{number}）已通过，自{start}起，{end}。"
        "到开通了这个病种的定点医院看病，挂号时说明使用门诊慢特病待遇。可在线打印认定表。"
        + _CALL
        + _LOOK
    ),
    "registration_rejected": (
        "您的门诊慢特病认定申请（{number}）未通过。理由、依据和您可以怎么办，请看不予认定通知书；"
        "可以申请复核，也可以补齐材料后重新申请。" + _CALL + _LOOK
    ),
    "registration_withdrawn": (
        "您已撤回门诊慢特病认定申请（{number}），申请不再办理。需要时可以重新申请。" + _CALL + _LOOK
    ),
    "registration_appealed": (
        "您对办件{number}的复核申请已收到，由其他人员重新办理，{due}（含当天）以前办结。"
        + _CALL
        + _LOOK
    ),
    "registration_expired": (
        "您的门诊慢特病认定（{number}）已到期。还要继续享受待遇的，请重新申请认定。" + _CALL + _LOOK
    ),
    "registration_revocation_notice": (
        "经办机构拟撤销您的门诊慢特病认定（{number}），理由见告知书。"
        "您可以在{until}（含当天）以前陈述申辩。" + _CALL + _LOOK
    ),
    "registration_revoked": (
        "您的门诊慢特病认定（{number}）已被撤销，最后有效日为{last_day}。"
        "理由、依据和救济途径见通知书。" + _CALL + _LOOK
    ),
    # Clocks.
    "registration_ends_soon": (
        "提醒：您的门诊慢特病认定（{number}）到{until}（含当天）到期，还有{days}天。"
        "还要继续享受待遇的，请提前申请续期。" + _CALL + _LOOK
    ),
    "registration_ends_today": (
        "提醒：您的门诊慢特病认定（{number}）今天到期。还要继续享受待遇的，请重新申请认定。"
        + _CALL
        + _LOOK
    ),
    "registration_correction_reminder": (
        "提醒：您的门诊慢特病认定申请（{number}）请在{until}（含当天）以前补正，还有{days}天，"
        "逾期未补正的申请会终止。" + _CALL + _LOOK
    ),
    "registration_draft_old": (
        "您有一件没有提交的门诊慢特病认定申请，将在{until}以后删除。"
        "需要的话请登录继续填写，不需要可以不管。" + _LOOK
    ),
}
