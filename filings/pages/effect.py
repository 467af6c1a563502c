"""What an answer leads to, in words: shown beneath the answers on every step."""

from dataclasses import dataclass
from datetime import date

from filings.decision import Decision, FactsError
from filings.decision.codes import DOCUMENTS, INSTANT, NOT_NEEDED, PROMISE_LETTER, REFUSED, REVIEW
from filings.dossier import Dossier

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


def effect_of(decision: Decision, *, long_term: bool) -> Effect:
    """The words for a decision."""
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
        supply=f"承诺的材料请在 {decision.supply_by} 前补交" if decision.supply_by else "",
    )


def dossier_effect(dossier: Dossier) -> Effect | None:
    """The effect of the answers so far; None while too little is known."""
    try:
        return effect_of(dossier.decision, long_term=dossier.answers.is_long_term)
    except FactsError:
        return None


def _validity(decision: Decision) -> str:
    if decision.outcome in (NOT_NEEDED, REFUSED) or decision.valid_from is None:
        return ""
    if decision.valid_to:
        return f"有效期 {decision.valid_from} 至 {decision.valid_to}（含当日）"
    if decision.validity == "unpublished":
        return f"自 {decision.valid_from} 起；参保地没有公布截止日期，以审核结果为准"
    return f"自 {decision.valid_from} 起，长期有效"


def _lock(until: date | None) -> str:
    return f"{until}（含当日）之前不能变更或取消" if until else ""
