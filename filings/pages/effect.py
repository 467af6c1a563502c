"""What an answer leads to, in words: shown beneath the answers on every step."""

from dataclasses import dataclass
from datetime import date

from casework.days import chinese_day
from filings.answers import Answers, InvalidAnswers
from filings.deciding import decision_for
from filings.decision import Decision, FactsError
from filings.decision.codes import DOCUMENTS, INSTANT, NOT_NEEDED, PROMISE_LETTER, REFUSED, REVIEW
from filings.dossier import Dossier
from registrations.inquiry import registered_on

CHRONIC = "chronic"
TITLES = {
    NOT_NEEDED: "不需要备案",
    INSTANT: "提交后即时开通",
    REVIEW: "提交后由经办人员审核",
    REFUSED: "按规定不能办理",
}
TONES = {NOT_NEEDED: "info", INSTANT: "done", REVIEW: "waiting", REFUSED: "late"}


@dataclass(frozen=True)
class Effect:
    """A decision ready for a page."""

    outcome: str
    tone: str
    title: str
    validity: str
    lock: str
    benefit: str
    reasons: tuple[tuple[str, str], ...]
    documents: tuple[tuple[str, ...], ...]
    promise_allowed: bool
    may_file: bool
    supply: str
    registered: str = ""


def effect_of(decision: Decision, registered: str = "") -> Effect:
    """The words for a decision; `registered` is what `registered_words` says of the person."""
    return Effect(
        outcome=decision.outcome,
        tone=TONES[decision.outcome],
        title=TITLES[decision.outcome],
        validity=_validity(decision),
        lock=_lock(decision.locked_until),
        benefit=decision.benefit_text,
        reasons=tuple((item.text, item.source or "") for item in decision.reasons),
        documents=tuple(
            tuple(DOCUMENTS[code] for code in group if code != PROMISE_LETTER)
            for group in decision.documents
        ),
        promise_allowed=decision.promise_allowed,
        may_file=decision.may_file,
        supply=_supply(decision.supply_by),
        registered=registered,
    )


def dossier_effect(dossier: Dossier) -> Effect | None:
    """The effect of the answers so far; None while too little is known."""
    try:
        return effect_of(dossier.decision, registered_words(dossier, dossier.answers))
    except FactsError:
        return None


def effect_with(dossier: Dossier, changes: dict) -> Effect | None:
    """The effect the answers would have with these changes (as stored), saving nothing."""
    try:
        answers = Answers.from_dict({**dossier.answers.to_dict(), **changes})
        decision = decision_for(answers, dossier.today, dossier.asked_on)
        return effect_of(decision, registered_words(dossier, answers))
    except (FactsError, InvalidAnswers):
        return None


def registered_words(dossier: Dossier, answers: Answers) -> str:
    """For 门诊慢特病: which diseases of the person are registered today, in one sentence; ""
    for other care, and for an account that has not proven that it may know."""
    if answers.care != CHRONIC or not (dossier.holding and dossier.holding.is_bound):
        return ""
    rows = registered_on(dossier.case.person_id, None, dossier.today)
    found = [each for each in rows if each.holds_in(answers.insured_area)]
    if not found:
        return "本系统里没有参保人的门诊慢特病认定：看门诊慢特病，请先在参保地办理认定。"
    names = "、".join(dict.fromkeys(each.name for each in found))
    return f"参保人已认定的门诊慢特病：{names}。"


def _validity(decision: Decision) -> str:
    if decision.outcome in (NOT_NEEDED, REFUSED) or decision.valid_from is None:
        return ""
    if decision.valid_to:
        first, last = chinese_day(decision.valid_from), chinese_day(decision.valid_to)
        return f"有效期：{first}至{last}（含当日）"
    if decision.validity == "unpublished":
        return f"自{chinese_day(decision.valid_from)}起；参保地没有公布截止日期，以审核结果为准"
    return f"自{chinese_day(decision.valid_from)}起，长期有效"


def _supply(day: date | None) -> str:
    return f"承诺的材料请在{chinese_day(day)}前补交" if day else ""


def _lock(until: date | None) -> str:
    return f"{chinese_day(until)}（含当日）之前不能变更或取消" if until else ""
