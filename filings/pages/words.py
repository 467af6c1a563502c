"""The state of a filing in plain words: what it is, what happens next, and by when."""

from datetime import date

from casework.clock import local_day
from casework.days import chinese_day
from casework.models import Case
from casework.usual import usual_time
from facilities.agencies import Contact
from facilities.areas import UnknownArea, area_name
from facilities.contacts import contact_of
from filings.answers import Answers
from filings.decision.codes import CATEGORIES, DOCUMENTS
from filings.models import Filing
from filings.states import STATES

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
            return f"已备案，{chinese_day(filing.start)}起生效", "done"
        return "已备案，有效", "done"
    return STATES[case.status], TONES.get(case.status, "ended")


def head(case: Case, filing: Filing | None, today: date) -> tuple[str, str]:
    """(the state as one short sentence, what it means for the person) for the head of the page."""
    if case.status == "approved" and filing is not None:
        return _in_force(filing, today)
    return HEADS.get(case.status, (STATES[case.status], ""))


HEADS = {
    "submitted": (
        "已提交，系统正在自动审核",
        "通常几分钟内有结果。这一页会自动更新，您也可以关掉，有结果会通知您。",
    ),
    "in_review": ("已受理，经办人员正在审核", "有结果会通知您，现在不需要做什么。"),
    "correction": ("有内容需要您补正", "改好并提交后继续审核，补正期间不计入审核时间。"),
    "lapsed": (
        "没有按期补正，这次申请已终止",
        "这不是不予备案，您可以随时重新申请。",
    ),
    "rejected": ("这次申请没有通过", "理由、依据和您可以怎么办，写在下面的通知书里。"),
    "withdrawn": ("您已撤回申请", "需要时可以重新办理。"),
    "cancelled": ("备案已取消", "取消以前已经结算的费用不受影响。"),
    "superseded": ("已由您新的备案替代", "就医地以新的备案为准。"),
    "expired": ("备案已到期", "再去就医地看病，请重新备案。"),
    "ended": ("备案已终止", "原因写在下面的通知书里。"),
    "revoked": ("备案已被撤销", "理由、依据和您可以怎么办，写在下面的通知书里。"),
}


def _in_force(filing: Filing, today: date) -> tuple[str, str]:
    place = area_words(filing.destination_area)
    if filing.last_day and filing.last_day < today:
        over = f"在{place}的备案到{chinese_day(filing.last_day)}为止。再去看病，请重新备案。"
        return "备案已到期", over
    until = _until(filing)
    if filing.start > today:
        start = chinese_day(filing.start)
        return f"备案已通过，{start}起生效", f"到那天起，在{place}看病可以直接结算，{until}。"
    return "备案已开通", f"现在在{place}看病可以直接结算，{until}。"


def _until(filing: Filing) -> str:
    if filing.last_day:
        return f"有效期至{chinese_day(filing.last_day)}（含当日）"
    return "长期有效" if filing.long_term else "参保地没有公布截止日期"


def next_steps(case: Case, filing: Filing | None, answers: Answers, today: date) -> list[dict]:
    """What happens next, each with who and by when."""
    if case.status == "in_review":
        return [
            {
                "text": f"经办人员审核您的申请和材料。{_usual(case, today)}",
                "by": _due(case),
            },
            {"text": "有结果后发消息给您，也会显示在这一页。"},
        ]
    if case.status == "correction":
        by = f"{chinese_day(case.correction_due)}前" if case.correction_due else ""
        return [{"text": "按上面列出的内容逐项补正，然后提交。", "by": by}]
    if case.status == "approved" and filing and not _over(filing, today):
        return _after_approval(filing, answers)
    if case.status in ("expired", "lapsed", "withdrawn", "cancelled", "approved"):
        return [{"text": "需要时点下面的「按这次的内容重新备案」，大部分内容不用再填。"}]
    return []


def _usual(case: Case, today: date) -> str:
    usual = usual_time(case.kind, case.county, case.city, today)
    return usual.sentence if usual else ""


def _due(case: Case) -> str:
    if case.due_at is None:
        return ""
    mark = "（暂定）" if case.due_provisional else ""
    return f"{chinese_day(local_day(case.due_at))}前{mark}"


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
        by = f"{chinese_day(filing.supply_by)}前" if filing.supply_by else ""
        steps.insert(0, {"text": "补交承诺的材料，点「补交承诺材料」上传。", "by": by})
    if filing.last_day:
        by = f"{chinese_day(filing.last_day)}到期"
        steps.append({"text": "到期前会提醒您；到期后再就医需要重新备案。", "by": by})
    return steps
