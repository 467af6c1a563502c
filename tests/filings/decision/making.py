"""Rules and questions for tests: a plain one, with what the test is about changed."""

from datetime import date

from filings.decision import Decision, Facts, Rule, Rulebook, decide

TODAY = date(2026, 11, 20)  # a Friday

PLAIN = {
    "place": "320100",
    "category": "LT-RES",
    "scope": "inter_province",
    "insurance": "310",
    "variant": "",
    "destinations": [],
    "cares": [],
    "valid_from": "2020-01-01",
    "valid_to": None,
    "need": "required",
    "mode": "instant",
    "reasons": [],
    "documents": [["id_document"], ["residence_permit"]],
    "promise": "allowed",
    "supply_owed": False,
    "supply_days": None,
    "supply_months": None,
    "unsupplied": "nothing",
    "ban_months": None,
    "effective": "same_day",
    "backdate_days": None,
    "validity": "long_term",
    "validity_months": None,
    "floor_months": None,
    "end_chosen": False,
    "change_lock_months": None,
    "cancel_lock_months": None,
    "lock_ceiling_months": None,
    "max_in_force": None,
    "late_filing": "unpublished",
    "benefit_level": "full",
    "benefit_level_unproven": None,
    "benefit_points_max": None,
    "benefit_text": "不降低。",
    "two_way": "unpublished",
    "statutory_days_window": None,
    "statutory_days_online": None,
    "promised_days": None,
    "legal_basis": "",
    "sources": ["nhsa-2022-22"],
    "mark": "example",
    "note": "",
}


def make_rule(**changes) -> Rule:
    """A rule of 南京 for people who live elsewhere, opened at once, with changes."""
    return Rule.from_dict(PLAIN | changes)


def make_facts(**changes) -> Facts:
    """A question from 南京 to 成都 on a Friday, with changes."""
    plain = {
        "insured_area": "320102",
        "insurance": "310",
        "destination": "510100",
        "category": "LT-RES",
        "today": TODAY,
    }
    return Facts(**(plain | changes))


def answer(rule: Rule, **facts) -> Decision:
    """What is decided with this one rule."""
    return decide(make_facts(**facts), Rulebook.from_rules([rule]))


def codes(decision: Decision) -> list[str]:
    """The reason codes of a decision."""
    return [reason.code for reason in decision.reasons]
