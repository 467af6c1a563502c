"""Message texts: what happened, what happens next, by when, whom to call.

No full name and no ID number stands in a message. Words: {number} {matter} {url} {note}
and those of `filings.kind.words`: {category} {destination} {start} {end} {agency} {phone}.
"""

_CALL = "咨询：{phone}。"
_LOOK = "查看：{url}"

NOTICES = {
    # The resident's own.
    "filing_opened": (
        "您的异地就医备案（{number}）已开通：{category}，就医地{destination}，"
        "自{start}起，{end}。{advice}" + _CALL + _LOOK
    ),
    "filing_accepted": (
        "您的异地就医备案申请（{number}）已受理，由经办人员审核，{due}（含当天）以前办结。"
        "审核期间请留意消息。" + _CALL + _LOOK
    ),
    "filing_correction": (
        "您的异地就医备案申请（{number}）有{count}项内容需要补正。{until}登录修改后重新提交，"
        "只改这几项即可。{consequence}" + _CALL + _LOOK
    ),
    "filing_resubmitted": (
        "您的异地就医备案申请（{number}）补正内容已收到，经办人员会接着审核，结果另行通知。"
        + _CALL
        + _LOOK
    ),
    "filing_lapsed": (
        "您的异地就医备案申请（{number}）超过期限没有补正，这次申请已终止。"
        "需要时可以重新申请，原来填写的内容可以带过来。" + _CALL + _LOOK
    ),
    "filing_approved": (
        "您的异地就医备案申请（{number}）已通过：{category}，就医地{destination}，"
        "自{start}起，{end}。{advice}可在线打印备案表。" + _CALL + _LOOK
    ),
    "filing_rejected": (
        "您的异地就医备案申请（{number}）未通过。理由、依据和您可以怎么办，请看不予备案通知书；"
        "可以申请复核，也可以改正后重新申请。" + _CALL + _LOOK
    ),
    "filing_withdrawn": (
        "您已撤回异地就医备案申请（{number}），申请不再办理。需要时可以重新申请。" + _CALL + _LOOK
    ),
    "filing_cancelled": (
        "您的异地就医备案（{number}）已取消，最后有效日为{last_day}。"
        "以前已发生的费用不受影响，需要时可以重新备案。" + _CALL + _LOOK
    ),
    "filing_superseded": (
        "您的异地就医备案（{number}）已由新的备案替代，就医地变更以新备案为准。" + _CALL + _LOOK
    ),
    "filing_expired": (
        "您的异地就医备案（{number}，就医地{destination}）已到期，现在起不再有效。"
        "还要在异地看病的，请重新备案。" + _CALL + _LOOK
    ),
    "filing_ended": (
        "您的异地就医备案（{number}）已终止，最后有效日为{last_day}。"
        "原因见终止通知书。如有疑问请致电。" + _CALL + _LOOK
    ),
    "filing_revocation_notice": (
        "经办机构拟撤销您的异地就医备案（{number}），理由见告知书。"
        "您可以在{until}（含当天）以前陈述申辩。" + _CALL + _LOOK
    ),
    "filing_revoked": (
        "您的异地就医备案（{number}）已被撤销，最后有效日为{last_day}。理由、依据和救济途径见通知书，"
        "可以申请复核。" + _CALL + _LOOK
    ),
    "filing_appealed": (
        "您对办件{number}的复核申请已收到，由其他人员重新办理，{due}（含当天）以前办结。"
        + _CALL
        + _LOOK
    ),
    "filing_upheld": (
        "您对办件{number}的复核已办结：维持撤销。理由和救济途径见复核结果通知书。" + _CALL + _LOOK
    ),
    "filing_restored": (
        "您的异地就医备案（{number}）经复核已恢复：就医地{destination}，自{start}起，{end}。"
        + _CALL
        + _LOOK
    ),
    "filing_extended": (
        "您的异地就医备案（{number}）已延长：就医地{destination}，{end}。可在线打印新的备案表。"
        + _CALL
        + _LOOK
    ),
    "filing_unlocked": (
        "您的异地就医备案（{number}）已解除锁定，现在可以变更或取消。" + _CALL + _LOOK
    ),
    # Promised papers.
    "filing_handed_in": (
        "您为异地就医备案（{number}）补交的材料已收到，{due}（含当天）以前核对完，结果另行通知。"
        + _CALL
        + _LOOK
    ),
    "filing_promise_kept": (
        "您为异地就医备案（{number}）补交的材料已核对无误，不用再交。" + _CALL + _LOOK
    ),
    "filing_promise_back": (
        "您为异地就医备案（{number}）补交的材料需要重交。{until}按通知重新上传。" + _CALL + _LOOK
    ),
    "filing_supply_asked": (
        "您的异地就医备案（{number}）用承诺书办理，{until}补交承诺的材料，在备案记录里上传即可。"
        + _CALL
        + _LOOK
    ),
    "filing_supply_reminder": (
        "提醒：您的异地就医备案（{number}）承诺的材料请在{until}（含当天）以前补交，还有{days}天。"
        "不按时补交的，{consequence}。" + _CALL + _LOOK
    ),
    "filing_promise_overdue": (
        "您的异地就医备案（{number}）承诺的材料没有按时补交。{consequence}。"
        "现在补交还来得及，请尽快上传。" + _CALL + _LOOK
    ),
    "filing_downgraded": (
        "您的异地就医备案（{number}）承诺的材料没有补交，自{start_of_change}起改按其他临时外出就医办理，"
        "{end}，报销比例会降低。此前的费用不受影响。" + _CALL + _LOOK
    ),
    # Clocks.
    "filing_ends_soon": (
        "提醒：您的异地就医备案（{number}，就医地{destination}）到{until}（含当天）到期，还有{days}天。"
        "还要继续在异地看病的，请提前重新备案。" + _CALL + _LOOK
    ),
    "filing_ends_today": (
        "提醒：您的异地就医备案（{number}，就医地{destination}）今天到期。"
        "还要继续在异地看病的，请重新备案。" + _CALL + _LOOK
    ),
    "filing_correction_reminder": (
        "提醒：您的异地就医备案申请（{number}）请在{until}（含当天）以前补正，还有{days}天，"
        "逾期未补正的申请会终止。" + _CALL + _LOOK
    ),
    "filing_draft_old": (
        "您有一件没有提交的异地就医备案申请，将在{until}以后删除。"
        "需要的话请登录继续填写，不需要可以不管。" + _LOOK
    ),
}
