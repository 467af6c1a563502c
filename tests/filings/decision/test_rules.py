"""A rule is a row of plain values; what contradicts itself is refused with what was expected."""

import json

import pytest

from filings.decision import AgencyText, Rule, RuleError, shipped
from tests.filings.decision.making import PLAIN, make_rule


@pytest.mark.parametrize("rule", shipped().rules, ids=lambda rule: f"{rule.key}@{rule.version}")
def test_every_shipped_rule_survives_the_way_to_json_and_back(rule):
    assert Rule.from_dict(json.loads(json.dumps(rule.to_dict()))) == rule


@pytest.mark.parametrize("text", shipped().texts, ids=lambda text: text.key)
def test_every_shipped_text_survives_the_way_to_json_and_back(text):
    again = AgencyText.from_dict(json.loads(json.dumps(text.to_dict())))
    assert again == text
    assert again.sha256 == text.sha256
    assert text.mark == "example"
    assert "示例文本" in text.content


def test_key_and_version_name_each_shipped_rule_once():
    names = [(rule.key, rule.version) for rule in shipped().rules]
    assert len(set(names)) == len(names)
    assert shipped().rule(*names[0]) is shipped().rules[0]
    assert shipped().rule("nowhere", names[0][1]) is None


@pytest.mark.parametrize("key", PLAIN)
def test_a_missing_field_is_refused(key):
    with pytest.raises(RuleError, match="缺少") as caught:
        Rule.from_dict({name: value for name, value in PLAIN.items() if name != key})
    assert caught.value.field == key


def test_an_unknown_field_is_refused():
    with pytest.raises(RuleError, match="不认识的键") as caught:
        make_rule(validity_month=3)
    assert caught.value.field == "validity_month"


REFUSED = [
    ("place", {"place": "999999"}),
    ("place", {"place": 320100}),
    ("category", {"category": "LT"}),
    ("scope", {"scope": "same_area"}),
    ("insurance", {"insurance": 310}),
    ("valid_from", {"valid_from": "2026-02-30"}),
    ("valid_from", {"valid_from": None}),
    ("valid_to", {"valid_to": "2019-12-31"}),
    ("variant", {"destinations": ["510000"]}),
    ("variant", {"variant": "川"}),
    ("destinations", {"variant": "x", "destinations": ["999999"]}),
    ("destinations", {"variant": "x", "destinations": "510000"}),
    ("cares", {"variant": "x", "cares": ["dental"]}),
    ("cares", {"variant": "x", "cares": ["chronic", "chronic"]}),
    ("need", {"need": "maybe"}),
    ("mode", {"mode": True}),
    ("reasons", {"need": "exempt"}),
    ("reasons", {"reasons": ["no_rule"]}),
    ("documents", {"documents": [["passport"]]}),
    ("documents", {"documents": [[]]}),
    ("documents", {"documents": "id_document"}),
    ("promise", {"documents": [["id_document"]]}),
    ("supply_owed", {"supply_owed": "no"}),
    ("supply_owed", {"promise": "not_allowed", "supply_owed": True, "unsupplied": "cancel"}),
    ("supply_days", {"supply_days": 10}),
    ("supply_days", {"supply_days": -1}),
    ("supply_days", {"supply_days": True}),
    (
        "supply_months",
        {"supply_owed": True, "unsupplied": "cancel", "supply_days": 1, "supply_months": 1},
    ),
    ("unsupplied", {"supply_owed": True}),
    ("unsupplied", {"unsupplied": "cancel"}),
    ("ban_months", {"supply_owed": True, "unsupplied": "ban"}),
    ("ban_months", {"ban_months": 3}),
    ("validity_months", {"validity": "months"}),
    ("validity_months", {"validity_months": 3}),
    ("validity_months", {"validity": "months", "validity_months": 0}),
    ("floor_months", {"floor_months": 6}),
    ("end_chosen", {"validity": "months", "validity_months": 3, "end_chosen": True}),
    ("backdate_days", {"backdate_days": 1.5}),
    ("benefit_points_max", {"benefit_points_max": 101}),
    ("benefit_text", {"benefit_text": "  "}),
    ("sources", {"sources": []}),
    ("sources", {"sources": ["hearsay"]}),
    ("mark", {"mark": "待核"}),
    ("scope", {"category": "INTRA-BIRTH"}),
]


@pytest.mark.parametrize(("field", "change"), REFUSED)
def test_what_does_not_fit_is_refused_with_what_was_expected(field, change):
    with pytest.raises(RuleError) as caught:
        make_rule(**change)
    assert caught.value.field == field
    assert "应" in caught.value.message


def test_a_text_that_does_not_fit_is_refused():
    good = shipped().texts[0].to_dict()
    for field, value in (
        ("first", good["first"][:4]),
        ("categories", ["LT-RET"]),
        ("valid_to", "2000-01-01"),
        ("kind", "letter"),
        ("body", ""),
        ("first", "一句"),
    ):
        with pytest.raises(RuleError) as caught:
            AgencyText.from_dict(good | {field: value})
        assert caught.value.field == field


def test_one_changed_letter_changes_the_hash():
    text = shipped().texts[0]
    other = AgencyText.from_dict(text.to_dict() | {"body": text.body + "。"})
    assert other.sha256 != text.sha256
