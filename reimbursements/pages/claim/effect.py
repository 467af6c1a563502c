"""What the dates and the place lead to, in words: the filing in force, and the last day to
claim. Shown beneath the answers of a step."""

from dataclasses import dataclass

from facilities.areas import SAME_AREA, UnknownArea, scope_between
from filings.decision.codes import BENEFIT_LEVELS, CATEGORIES
from filings.inquiry import ELSEWHERE, FILED, NOT_INSURED, FilingAnswer
from reimbursements.answers import Answers, InvalidAnswers
from reimbursements.dossier import Dossier
from reimbursements.pages.claim.claimer import is_proven
from reimbursements.pages.claim.steps import with_answers

UNPROVEN = (
    "您的账户还没有核实与参保人的关系，这里不显示备案情况；提交以后由经办人员核实，"
    "有备案的按备案结算。"
)
NO_DEADLINE = "系统里没有参保地的申请期限，请尽早提交；拿不准的请打参保地经办机构电话。"


@dataclass(frozen=True)
class Effect:
    """A sentence about the filing and one about the deadline, each with a tone ("" for none)."""

    filing: str
    filing_tone: str
    deadline: str
    deadline_tone: str
    source: str


def effect_of(dossier: Dossier) -> Effect | None:
    """What the answers so far lead to; None while there is no day yet."""
    answers = dossier.answers
    if answers.admitted_on is None:
        return None
    filing, tone = _filing(dossier)
    last = dossier.deadline
    if last is None:
        words, late, source = (NO_DEADLINE if answers.last_day else ""), "info", ""
    else:
        words, source = last.sentence(dossier.today), last.source
        late = "late" if last.passed(dossier.today) else "info"
    return Effect(filing, tone, words, late, source)


def effect_with(dossier: Dossier, changes: dict) -> Effect | None:
    """The effect the answers would have with these changes (as stored), saving nothing."""
    try:
        answers = Answers.from_dict({**dossier.answers.to_dict(), **changes})
    except InvalidAnswers:
        return None
    return effect_of(with_answers(dossier, answers))


def _filing(dossier: Dossier) -> tuple[str, str]:
    """(what filings say of the day of admission, tone)."""
    answers = dossier.answers
    if not dossier.where:
        return "", ""
    if _at_home(dossier):
        return "在参保地看病不需要备案。", "info"
    if not is_proven(dossier):
        return UNPROVEN, "info"
    day = "入院当天" if answers.is_stay else "就诊当天"
    return _said(dossier.filed, dossier.settled_as, day)


def _said(filed: FilingAnswer, settled_as: str, day: str) -> tuple[str, str]:
    if filed.how == FILED:
        category = CATEGORIES.get(filed.category, filed.category)
        benefit = BENEFIT_LEVELS.get(filed.effect, "")
        benefit = f"，待遇{benefit}" if filed.effect in ("full", "referral", "temporary") else ""
        return f"{day}有备案：{category}（办件编号 {filed.number}）{benefit}。", "done"
    if filed.how == ELSEWHERE:
        return (
            f"{day}的备案不在这个城市（办件编号 {filed.number}），这次按其他临时外出就医计算。",
            "waiting",
        )
    if filed.how == NOT_INSURED:
        return f"没有查到{day}的有效参保登记，经办人员会核实；有参保证明的请一起上传。", "late"
    if settled_as == "TMP-EMG":
        return f"{day}没有备案。急诊抢救视同已经备案，由经办人员按病历核实。", "info"
    return (
        f"没有找到{day}有效的备案，先按没有备案计算，报销比例可能会低一些，以审核为准。",
        "waiting",
    )


def _at_home(dossier: Dossier) -> bool:
    try:
        return scope_between(dossier.answers.insured_area, dossier.where) == SAME_AREA
    except (UnknownArea, ValueError):
        return False
