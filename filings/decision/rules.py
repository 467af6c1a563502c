"""One rule of one place as data: what `decide` goes by. Pure.

A rule is a row of plain values; `Rule.from_dict(rule.to_dict()) == rule`. None always
means "not published"; what is known to be nothing is 0 or says so in words. The fields are
explained to officials in docs/rules.md.
"""

from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from filings.decision import codes
from filings.decision.errors import RuleError
from filings.decision.fields import (
    area,
    code_of,
    codes_of,
    covers,
    day,
    document_groups,
    flag,
    number,
    optional,
    plain,
    read_all,
    text,
)
from filings.decision.reasons import RULE_REASONS
from filings.decision.sources import SOURCES

_SCOPES = {code: codes.SCOPES[code] for code in (codes.INTER_PROVINCE, codes.INTRA_PROVINCE)}
_COUNT = optional(number(0, 1200))


@dataclass(frozen=True, slots=True)
class Rule:
    """A version of a rule, valid from `valid_from` to `valid_to` inclusive (None: open).

    `key` is the same in all versions. `variant`, `destinations` (provinces) and `cares`
    narrow a rule to some destinations or kinds of care; such a rule goes before the plain
    one of its place. Months, days and working days are whole numbers.
    """

    # Whom it is for
    place: str
    category: str
    scope: str
    insurance: str
    variant: str
    destinations: tuple[str, ...]
    cares: tuple[str, ...]
    valid_from: date
    valid_to: date | None
    # Is a filing needed, and who decides
    need: str
    mode: str
    reasons: tuple[str, ...]
    # Proof and promise
    documents: tuple[tuple[str, ...], ...]
    promise: str
    supply_owed: bool | None
    supply_days: int | None
    supply_months: int | None
    unsupplied: str
    ban_months: int | None
    # From when to when
    effective: str
    backdate_days: int | None
    validity: str
    validity_months: int | None
    floor_months: int | None
    end_chosen: bool
    change_lock_months: int | None
    cancel_lock_months: int | None
    lock_ceiling_months: int | None
    max_in_force: int | None
    late_filing: str
    # What it does to the benefit
    benefit_level: str
    benefit_level_unproven: str | None
    benefit_points_max: int | None
    benefit_text: str
    two_way: str
    # The clock of the agency
    statutory_days_window: int | None
    statutory_days_online: int | None
    promised_days: int | None
    # Where it comes from
    legal_basis: str
    sources: tuple[str, ...]
    mark: str
    note: str

    def __post_init__(self):
        """Raise RuleError when the fields contradict each other."""
        for wrong, field, message in _contradictions(self):
            if wrong:
                raise RuleError(field, message)

    @property
    def key(self) -> str:
        """Which rule this is, alike in every version: place:category:scope:insurance[:variant]."""
        parts = (self.place, self.category, self.scope, self.insurance, self.variant)
        return ":".join(part for part in parts if part)

    @property
    def version(self) -> date:
        """The day from which this version is valid; with `key` it names one row."""
        return self.valid_from

    @property
    def source(self) -> str:
        """The first source, which the reasons of this rule name."""
        return self.sources[0]

    def is_valid_on(self, on: date) -> bool:
        """Whether this version is in force on a day."""
        return covers(self.valid_from, self.valid_to, on)

    def to_dict(self) -> dict[str, Any]:
        """Plain values only (text, numbers, lists, ISO dates, None), ready for JSON."""
        return {field: plain(getattr(self, field)) for field in FIELDS}

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> "Rule":
        """A rule from plain values; raises RuleError naming the field and what was expected.

        Unknown and missing keys are refused.
        """
        return cls(**read_all(FIELDS, values))


FIELDS = {
    "place": area,
    "category": code_of(codes.CATEGORIES),
    "scope": code_of(_SCOPES),
    "insurance": code_of(codes.INSURANCES),
    "variant": text(empty=True),
    "destinations": codes_of(None, area),
    "cares": codes_of(codes.CARES),
    "valid_from": day,
    "valid_to": optional(day),
    "need": code_of(codes.NEEDS),
    "mode": code_of(codes.MODES),
    "reasons": codes_of(dict.fromkeys(sorted(RULE_REASONS), "")),
    "documents": document_groups,
    "promise": code_of(codes.PROMISES),
    "supply_owed": optional(flag),
    "supply_days": _COUNT,
    "supply_months": _COUNT,
    "unsupplied": code_of(codes.UNSUPPLIED),
    "ban_months": _COUNT,
    "effective": code_of(codes.EFFECTIVES),
    "backdate_days": _COUNT,
    "validity": code_of(codes.VALIDITIES),
    "validity_months": optional(number(1, 1200)),
    "floor_months": optional(number(1, 1200)),
    "end_chosen": flag,
    "change_lock_months": _COUNT,
    "cancel_lock_months": _COUNT,
    "lock_ceiling_months": _COUNT,
    "max_in_force": optional(number(1, 100)),
    "late_filing": code_of(codes.LATE_FILINGS),
    "benefit_level": code_of(codes.BENEFIT_LEVELS),
    "benefit_level_unproven": optional(code_of(codes.BENEFIT_LEVELS)),
    "benefit_points_max": optional(number(0, 100)),
    "benefit_text": text(),
    "two_way": code_of(codes.TWO_WAYS),
    "statutory_days_window": _COUNT,
    "statutory_days_online": _COUNT,
    "promised_days": _COUNT,
    "legal_basis": text(empty=True),
    "sources": codes_of(SOURCES),
    "mark": code_of(codes.MARKS),
    "note": text(empty=True),
}
assert tuple(FIELDS) == tuple(field.name for field in fields(Rule))


def _contradictions(rule: Rule):
    """(is it wrong, field, what was expected) for what one field alone cannot show."""
    narrowed = bool(rule.destinations or rule.cares)
    proof_free = all(set(group) <= set(codes.IDENTITY_DOCUMENTS) for group in rule.documents)
    return (
        (
            rule.valid_to is not None and rule.valid_to < rule.valid_from,
            "valid_to",
            f"应不早于 valid_from {rule.valid_from}，收到的是 {rule.valid_to}",
        ),
        (not rule.sources, "sources", "应至少写一个来源，来源的名单见 docs/sources.md"),
        (
            narrowed != bool(rule.variant),
            "variant",
            '限定了 destinations 或 cares 的规则应起一个 variant 名字，没有限定的应为 ""',
        ),
        (
            rule.category == "INTRA-BIRTH" and rule.scope != codes.INTRA_PROVINCE,
            "scope",
            "INTRA-BIRTH 只用于省内，应为 intra_province",
        ),
        (
            rule.need != "required" and not rule.reasons,
            "reasons",
            f"need 为 {rule.need} 时，应写明理由，可用的是 {'、'.join(sorted(RULE_REASONS))}",
        ),
        (
            (rule.validity == "months") != (rule.validity_months is not None),
            "validity_months",
            "validity 为 months 时应写几个月，其他时候应为 null",
        ),
        (
            rule.floor_months is not None and rule.validity != "unpublished",
            "floor_months",
            "validity 不是 unpublished 时应为 null，国家规定的最少月数只在没有公布时写",
        ),
        (
            rule.end_chosen and rule.validity not in ("long_term", "unpublished"),
            "end_chosen",
            "有效期已经定死的，结束日期不能自己定，应为 false",
        ),
        (
            rule.promise != "allowed" and rule.supply_owed is not False,
            "supply_owed",
            "不能用承诺书的，没有要补的材料，应为 false",
        ),
        (
            rule.promise == "allowed" and proof_free,
            "promise",
            "documents 里没有证明材料，承诺书用不着，应为 not_applicable",
        ),
        (
            not rule.supply_owed and (rule.supply_days, rule.supply_months) != (None, None),
            "supply_days",
            "supply_owed 不为 true 时，supply_days 和 supply_months 应为 null",
        ),
        (
            None not in (rule.supply_days, rule.supply_months),
            "supply_months",
            "supply_days 和 supply_months 应只写一个，另一个写 null",
        ),
        (
            (rule.supply_owed is False) != (rule.unsupplied == "nothing"),
            "unsupplied",
            "不要补材料的应为 nothing，要补的应写明不补会怎样（没有公布写 unpublished）",
        ),
        (
            (rule.unsupplied == "ban") != (rule.ban_months is not None),
            "ban_months",
            "unsupplied 为 ban 时应写几个月，其他时候应为 null",
        ),
    )
