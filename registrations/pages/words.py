"""The state of a registration in plain words: what it is, what happens next, and by when."""

from datetime import date

from casework.clock import local_day
from casework.days import chinese_day
from casework.models import Case
from casework.usual import usual_time
from facilities.agencies import Contact
from facilities.contacts import contact_of
from registrations.answers import Answers
from registrations.decision import REFUSED, Decision, FactsError
from registrations.decision.codes import DISEASES, DOCUMENTS, OUTCOMES
from registrations.dossier import Dossier
from registrations.models import DiseaseRegistration
from registrations.states import STATES

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
EVENT_TONES = {
    "approved": "done",
    "correction_requested": "waiting",
    "accepted": "info",
    "submitted": "info",
    "resubmitted": "info",
    "rejected": "late",
    "revoked": "late",
    "lapsed": "late",
}
HEADS = {
    "submitted": (
        "已提交，系统正在自动核查",
        "通常几分钟内转给经办人员。这一页会自动更新，您也可以关掉，有结果会通知您。",
    ),
    "in_review": ("已受理，经办人员正在审核", "有结果会通知您，现在不需要做什么。"),
    "correction": ("有内容需要您补正", "改好并提交后继续审核，补正期间不计入审核时间。"),
    "lapsed": ("没有按期补正，这次申请已终止", "这不是不予认定，您可以随时重新申请。"),
    "rejected": ("这次申请没有通过", "理由、依据和您可以怎么办，写在下面的通知书里。"),
    "withdrawn": ("您已撤回申请", "需要时可以重新办理。"),
    "expired": ("认定已到期", "要继续享受门诊慢特病待遇，请重新申请认定。"),
    "revoked": ("认定已被撤销", "理由、依据和您可以怎么办，写在下面的通知书里。"),
}


def disease_name(code: str) -> str:
    """The name of a disease; empty for none."""
    return DISEASES.get(code, "")


def document_name(code: str) -> str:
    """The name of a document of the closed list."""
    return DOCUMENTS.get(code, code)


def agency_of(answers: Answers) -> Contact | None:
    """Whom to call at the insured area; None before it is known."""
    if not answers.insured_area:
        return None
    return contact_of(answers.insured_area, answers.insurance or "310")


def is_over(registration: DiseaseRegistration, today: date) -> bool:
    """Whether its last day has passed, by its dates."""
    return bool(registration.end and registration.end < today)


def state_words(case: Case, today: date) -> tuple[str, str]:
    """(state in words, tone) as of today: whether a registration is over follows from its
    dates, not from whether a job has written it yet."""
    if case.status != "approved":
        return STATES[case.status], TONES.get(case.status, "ended")
    registration = case.registration
    if is_over(registration, today):
        return STATES["expired"], "ended"
    if registration.first_day > today:
        return f"已认定，{chinese_day(registration.first_day)}起生效", "done"
    return "已认定，有效", "done"


def head(case: Case, today: date) -> tuple[str, str]:
    """(the state as one short sentence, what it means for the person)."""
    if case.status != "approved":
        return HEADS.get(case.status, (STATES[case.status], ""))
    registration = case.registration
    if is_over(registration, today):
        return HEADS["expired"]
    name = disease_name(registration.disease)
    until = until_words(registration.last_day)
    if registration.first_day > today:
        start = chinese_day(registration.first_day)
        return f"认定已通过，{start}起生效", f"到那天起，看{name}可以按门诊慢特病报销，{until}。"
    return "认定已通过", f"现在看{name}可以按门诊慢特病报销，{until}。"


def until_words(last: date | None) -> str:
    """How long a registration lasts, in words."""
    return f"有效期至{chinese_day(last)}（含当日）" if last else "长期有效"


def next_steps(case: Case, today: date) -> list[dict]:
    """What happens next, each with who and by when."""
    if case.status == "in_review":
        usual = usual_time(case.kind, case.county, case.city, today)
        words = usual.sentence if usual else ""
        return [
            {"text": f"经办人员审核您的申请和材料。{words}", "by": _due(case)},
            {"text": "有结果后发消息给您，也会显示在这一页。"},
        ]
    if case.status == "correction":
        by = f"{chinese_day(case.correction_due)}前" if case.correction_due else ""
        return [{"text": "按上面列出的内容逐项补正，然后提交。", "by": by}]
    if case.status == "approved" and not is_over(case.registration, today):
        return _after_approval(case.registration)
    if case.status in ("expired", "approved"):
        return [{"text": "要继续享受待遇，点下面的「按这次的内容重新申请」，大部分内容不用再填。"}]
    if case.status in ("lapsed", "withdrawn", "rejected"):
        return [{"text": "补齐材料后，点下面的「按这次的内容重新申请」。"}]
    return []


def _after_approval(registration: DiseaseRegistration) -> list[dict]:
    steps = [
        {"text": "到开通了这个病种的定点医院看病，挂号时说明使用门诊慢特病待遇。"},
        {"text": "去外地看病的，先办理异地就医备案。"},
    ]
    if registration.last_day:
        by = f"{chinese_day(registration.last_day)}到期"
        steps.append({"text": "到期前会提醒您，请提前申请续期。", "by": by})
    return steps


def _due(case: Case) -> str:
    if case.due_at is None:
        return ""
    mark = "（暂定）" if case.due_provisional else ""
    return f"{chinese_day(local_day(case.due_at))}前{mark}"


def effect_of(dossier: Dossier) -> dict | None:
    """What the answers come to, for `wizard/effect.html`; None while too little is known."""
    try:
        decision = dossier.decision
    except FactsError:
        return None
    refused = decision.outcome == REFUSED
    return {
        "outcome": decision.outcome,
        "tone": "late" if refused else "waiting",
        "title": OUTCOMES[REFUSED] if refused else "提交后由经办机构认定",
        "validity": "" if refused else validity(decision),
        "reasons": [(each.text, each.source) for each in decision.reasons],
    }


def validity(decision: Decision) -> str:
    """From when to when it would be, with the mark of the rule."""
    mark = f"（{decision.mark}）" if decision.mark else ""
    if decision.last_day is None:
        return f"认定通过的，长期有效{mark}"
    months = decision.rule.validity_months
    return f"认定通过的，有效期 {months} 个月{mark}"
