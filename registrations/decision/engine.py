"""The decision on a registration: review or refused, with its reasons. Pure.

The machine never opens a registration: whoever has the disease is said by a doctor and
decided by the agency. What it can say is that there is nothing to decide: the disease is
registered and in force, or the person is not insured here.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from casework.days import add_months, chinese_day
from registrations.decision.codes import INSURANCES, MARKS, REFUSED, REVIEW, SOURCES
from registrations.decision.errors import FactsError
from registrations.decision.facts import Facts
from registrations.decision.rulebook import Rulebook
from registrations.decision.rules import Rule

REGISTER_FIRST = (
    "先认定，再看病：认定以后，到开通了这个病种的定点医院，挂号时说明使用门诊慢特病待遇。"
)


@dataclass(frozen=True)
class Stated:
    """A reason: its code, the sentence people read, and where it comes from."""

    code: str
    text: str
    source: str


@dataclass(frozen=True)
class Decision:
    """What the rules say. `first_day` and `last_day` are proposed, inclusive; `last_day` None
    means 长期. Days are working days. `documents` are groups, each "any one of"."""

    outcome: str
    reasons: tuple[Stated, ...]
    rule: Rule | None = None
    first_day: date | None = None
    last_day: date | None = None
    documents: tuple[tuple[str, ...], ...] = ()
    statutory_days: int = 0
    promised_days: int = 0

    @property
    def mark(self) -> str:
        """示例 or 待核 where the rule has no official source; else empty."""
        return MARKS[self.rule.mark] if self.rule else ""

    def as_dict(self) -> dict:
        """Codes, sentences and sources as they are kept with a case; nothing personal."""
        return {
            "outcome": self.outcome,
            "rule": self.rule.key if self.rule else None,
            "version": self.rule.valid_from.isoformat() if self.rule else None,
            "mark": self.rule.mark if self.rule else "none",
            "first_day": self.first_day.isoformat() if self.first_day else None,
            "last_day": self.last_day.isoformat() if self.last_day else None,
            "reasons": [[each.code, each.text, each.source] for each in self.reasons],
        }


def decide(facts: Facts, rulebook: Rulebook) -> Decision:
    """What becomes of a registration with these facts; raises FactsError (Chinese)."""
    rule = rulebook.find(facts.insured_area, facts.disease, facts.today)
    if rule is None:
        raise FactsError("disease", "参保地的病种目录里没有这个病种，请电话咨询参保地经办机构")
    refusal = _refusal(facts, rule)
    if refusal:
        return Decision(REFUSED, (refusal,), rule)
    first = _first_day(facts, rule)
    return Decision(
        REVIEW,
        tuple(_reasons(facts, rule)),
        rule,
        first_day=first,
        last_day=last_day(rule, first),
        documents=rule.documents,
        statutory_days=rule.statutory_days,
        promised_days=rule.promised_days,
    )


def last_day(rule: Rule, first: date) -> date | None:
    """The last day by the rule of what begins on `first`; None: 长期."""
    return add_months(first, rule.validity_months) if rule.validity_months else None


def _refusal(facts: Facts, rule: Rule) -> Stated | None:
    if facts.insurance not in rule.insurances:
        words = "、".join(INSURANCES[code] for code in rule.insurances)
        return _stated("other_insurance", f"参保地的这个病种只对{words}认定。", rule.sources[0])
    if facts.enrolled is False:
        return _stated(
            "not_enrolled",
            "参保登记中没有您在这个参保地、这个险种正常参保的记录，不能享受门诊慢特病待遇。"
            "请先核对参保地和险种，或到参保地经办机构恢复参保。",
            "system",
        )
    if facts.registered and facts.registered_until is None:
        return _stated("already_registered", "这个病种已经认定，长期有效，不用再办。", "system")
    if facts.registered and facts.today < _renewable_from(facts, rule):
        until = chinese_day(facts.registered_until)
        early = chinese_day(_renewable_from(facts, rule))
        return _stated(
            "already_registered",
            f"这个病种已经认定，有效期至{until}（含当日），不用再办；{early}起可以申请续期。",
            "system",
        )
    return None


def _renewable_from(facts: Facts, rule: Rule) -> date:
    return facts.registered_until - timedelta(days=rule.renewal_days)


def _first_day(facts: Facts, rule: Rule) -> date:
    """As the rule says; what renews begins the day after what is in force."""
    asked = facts.asked_on or facts.today
    first = asked if rule.first_day == "submitted" else facts.today
    if facts.registered and facts.registered_until:
        return max(first, facts.registered_until + timedelta(days=1))
    return first


def _reasons(facts: Facts, rule: Rule):
    yield _stated("agency_decides", "由参保地经办机构按提交的材料认定。", "shenyang-2023-11-30")
    if facts.registered and facts.registered_until:
        yield _stated(
            "renewal",
            f"现有认定到{chinese_day(facts.registered_until)}为止，这次是续期，从其后一天起算。",
            "system",
        )
    if rule.is_national:
        yield _stated(
            "no_rule",
            "本系统没有收录参保地的规定，材料和有效期按通行的做法列出（待核），以参保地答复为准。",
            "common-practice",
        )
    if rule.mark == "example":
        yield _stated(
            "example_rule",
            "材料、有效期和办理天数是示例，不是当地的规定，以参保地经办机构答复为准。",
            "example",
        )
    yield _stated("time_limit", _time_words(rule), "common-practice")
    yield _stated("register_first", REGISTER_FIRST, "shenyang-2023-11-30")


def _time_words(rule: Rule) -> str:
    most = rule.statutory_days
    longest = f"，最长 {most} 个工作日" if most > rule.promised_days else ""
    return f"受理后 {rule.promised_days} 个工作日内办结{longest}（待核）；补正的时间不计算在内。"


def _stated(code: str, text: str, source: str) -> Stated:
    return Stated(code, text, SOURCES[source])
