"""The state of a filing in plain words: what it is, what happens next, and by when."""

from datetime import date

from casework.clock import local_day
from casework.models import Case
from facilities.agencies import Contact
from facilities.areas import UnknownArea, area_name
from filings.agency import contact_of
from filings.answers import Answers
from filings.decision.codes import CATEGORIES, DOCUMENTS
from filings.models import Filing
from filings.workflow import STATES

TONES = {
    "draft": "info",
    "submitted": "waiting",
    "in_review": "waiting",
    "correction": "late",
    "approved": "done",
    "rejected": "late",
    "revoked": "late",
    "lapsed": "late",
}
# The colour of an event on the timeline, by its code.
STATE_TONES = {
    "opened": "done",
    "approved": "done",
    "restored": "done",
    "promise_kept": "done",
    "correction_requested": "waiting",
    "promise_returned": "waiting",
    "accepted": "info",
    "submitted": "info",
    "resubmitted": "info",
    "rejected": "late",
    "revoked": "late",
    "lapsed": "late",
}


def topic_name(code: str) -> str:
    """The name of a category; empty for none."""
    return CATEGORIES.get(code, "")


def document_name(code: str) -> str:
    """The name of a document of the closed list."""
    return DOCUMENTS.get(code, code)


def area_words(code: str) -> str:
    """The name of an area; empty for none."""
    try:
        return area_name(code) if code else ""
    except UnknownArea:
        return ""


def agency_of(answers: Answers) -> Contact | None:
    """Whom to call at the insured area; None before it is known."""
    if not answers.insured_area:
        return None
    return contact_of(answers.insured_area, answers.insurance or "310")


def filing_of(case: Case) -> Filing | None:
    """The detail row, which a draft does not have."""
    return getattr(case, "filing", None)


def state_words(case: Case, filing: Filing | None, today: date) -> tuple[str, str]:
    """(state in words, tone) as of today: whether a filing is over follows from its dates,
    not from whether a job has written it yet.
    """
    if case.status == "approved" and filing is not None:
        if filing.last_day and filing.last_day < today:
            return STATES["expired"], "ended"
        if filing.start > today:
            return f"已备案，{filing.start} 起生效", "done"
        return "已备案，有效", "done"
    return STATES[case.status], TONES.get(case.status, "ended")


def sentence(case: Case, filing: Filing | None, today: date) -> str:
    """The state as one plain sentence for the head of the page."""
    if case.status == "approved" and filing is not None:
        return _in_force(filing, today)
    return {
        "submitted": "申请已提交，系统正在审核，通常几分钟内有结果，会发短信给您。",
        "in_review": "申请已受理，经办人员正在审核。",
        "correction": "申请有几处需要您补正，改好后继续审核，补正期间不计入审核时间。",
        "lapsed": "没有在期限内补正，这次申请已终止。这不是不予备案，您可以随时重新申请。",
        "rejected": "这次申请没有通过，理由和救济途径写在通知书里。",
        "withdrawn": "您已撤回申请。需要时可以重新办理。",
        "cancelled": "备案已取消。",
        "superseded": "这份备案已被您新的备案替代。",
        "expired": "备案有效期已过。再去就医地看病，请重新备案。",
        "ended": "备案已终止。",
        "revoked": "备案已被撤销，理由和救济途径写在通知书里。",
    }.get(case.status, "")


def _in_force(filing: Filing, today: date) -> str:
    place = area_words(filing.destination_area)
    if filing.last_day and filing.last_day < today:
        return f"在{place}的备案已于 {filing.last_day} 到期。再去看病，请重新备案。"
    until = f"至 {filing.last_day}（含当日）" if filing.last_day else "，长期有效"
    if not filing.last_day and not filing.long_term:
        until = "起有效，参保地没有公布截止日期"
    if filing.start > today:
        return f"备案已通过，自 {filing.start} 起在{place}看病可以直接结算，有效期{until}。"
    return f"备案已开通，现在在{place}看病可以直接结算，有效期{until}。"


def next_steps(case: Case, filing: Filing | None, answers: Answers, today: date) -> list[dict]:
    """What happens next, each with who and by when."""
    if case.status == "in_review":
        return [
            {
                "text": "经办人员审核您的申请和材料。",
                "by": _due(case),
            },
            {"text": "有结果后发消息给您，也会显示在这一页。"},
        ]
    if case.status == "correction":
        by = f"{case.correction_due} 前" if case.correction_due else ""
        return [{"text": "按下面列出的内容逐项补正，然后提交。", "by": by}]
    if case.status == "approved" and filing and not _over(filing, today):
        return _after_approval(filing, answers)
    if case.status in ("expired", "lapsed", "withdrawn", "cancelled"):
        return [{"text": "需要时点下面的「按这次的内容重新备案」，大部分内容不用再填。"}]
    return []


def _due(case: Case) -> str:
    if case.due_at is None:
        return ""
    mark = "（暂定）" if case.due_provisional else ""
    return f"{local_day(case.due_at)} 前{mark}"


def _over(filing: Filing, today: date) -> bool:
    return bool(filing.last_day and filing.last_day < today)


def _after_approval(filing: Filing, answers: Answers) -> list[dict]:
    steps = []
    if answers.in_hospital:
        steps.append(
            {
                "text": "请到住院处重新办理异地医保入院登记，再结算出院费用，否则不能直接结算。",
                "by": "出院结算前",
            }
        )
    steps += [
        {"text": "就医前确认医院已开通跨省（异地）直接结算和您需要的服务。"},
        {"text": "就医时出示医保码、社保卡或身份证，告知医院使用异地医保结算。"},
    ]
    if filing.owes_documents:
        by = f"{filing.supply_by} 前" if filing.supply_by else ""
        steps.append({"text": "补交承诺的材料：点下面的「补交承诺材料」上传。", "by": by})
    if filing.last_day:
        steps.append(
            {"text": "到期前会提醒您；到期后再就医需要重新备案。", "by": f"{filing.last_day} 到期"}
        )
    return steps
