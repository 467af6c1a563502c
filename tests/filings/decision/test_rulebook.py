"""Rule files are read strictly: what is wrong is refused with its file and its line."""

from datetime import date
from pathlib import Path

import pytest

from filings.decision import Rulebook, RulebookError, RuleError, load, shipped
from filings.decision.rulebook import SHIPPED, place_chain
from filings.decision.rulefile import read_rule_file
from tests.filings.decision.making import make_rule

PLACE = """\
place: "320100"
name: 南京市
common:
  insurances: ["310"]
  scope: inter_province
  variant: ""
  destinations: []
  cares: []
  valid_from: 2020-01-01
  valid_to: null
  need: required
  mode: instant
  reasons: []
  documents: [[id_document], [residence_permit]]
  promise: allowed
  supply_owed: false
  supply_days: null
  supply_months: null
  unsupplied: nothing
  ban_months: null
  effective: same_day
  backdate_days: null
  validity: long_term
  validity_months: null
  floor_months: null
  end_chosen: false
  change_lock_months: null
  cancel_lock_months: null
  lock_ceiling_months: null
  max_in_force: null
  late_filing: unpublished
  benefit_level: full
  benefit_level_unproven: null
  benefit_points_max: null
  benefit_text: 不降低。
  two_way: unpublished
  statutory_days_window: null
  statutory_days_online: null
  promised_days: null
  legal_basis: ""
  sources: [nhsa-2022-22]
  mark: example
  note: ""
rules:
  - categories: [LT-RES, LT-RET]
"""


def folder_with(tmp_path: Path, *contents: str) -> Path:
    for number, content in enumerate(contents):
        (tmp_path / f"{number}.yaml").write_text(content, encoding="utf-8")
    return tmp_path


def line_of(content: str, words: str) -> int:
    return next(n for n, line in enumerate(content.splitlines(), 1) if words in line)


def refusal(tmp_path, *contents) -> RulebookError:
    with pytest.raises(RulebookError) as caught:
        load(folder_with(tmp_path, *contents))
    return caught.value


def test_one_entry_becomes_a_rule_for_each_category_and_insurance(tmp_path):
    content = PLACE.replace('["310"]', '["310", "390"]')
    book = load(folder_with(tmp_path, content))
    assert [rule.key for rule in book.rules] == [
        "320100:LT-RES:inter_province:310",
        "320100:LT-RES:inter_province:390",
        "320100:LT-RET:inter_province:310",
        "320100:LT-RET:inter_province:390",
    ]


def test_an_entry_overrides_what_is_common(tmp_path):
    content = PLACE + "    mode: review\n"
    assert {rule.mode for rule in load(folder_with(tmp_path, content)).rules} == {"review"}


# Change of the file, words that mark the line, words of the message.
WRONG = [
    ("  mode: instant", "  mod: instant", "mod: instant", "不认识的键"),
    ("  mode: instant", "  mode: fast", "mode: fast", "instant、review"),
    ("  mode: instant\n", "", "- categories", "mode：缺少"),
    ("  mode: instant", "  mode: instant\n  mode: review", "mode: review", "重复"),
    ("2020-01-01", "2020-02-30", "2020-02-30", "真实的日期"),
    ("2020-01-01", "1月1日", "1月1日", "应为日期"),
    ("valid_to: null", "valid_to: 2019-12-31", "valid_to", "valid_to"),
    ('["310"]', "[310]", "insurances", "310"),
    ('["310"]', "[]", "insurances", "至少写一个"),
    ("[LT-RES, LT-RET]", "LT-RES", "- categories", "应为列表"),
    ("[LT-RES, LT-RET]", "[LT-RES, LT-XXX]", "- categories", "LT-XXX"),
    ("name: 南京市", "name: 南通市", "name", "南京市"),
    ('"320100"', "320100", "place", "带引号"),
    ('"320100"', '"329900x"', "place", "区划代码"),
    ("rules:\n", "rule:\n", "rule:", "不认识的键"),
    ("[[id_document], [residence_permit]]", "[[passport]]", "documents", "passport"),
    ('  note: ""', '  note: &a ""\n  legal_basis2: *a', "&a", "引用"),
    ("supply_days: null", "supply_days: 3.5", "supply_days", "整数"),
    ("sources: [nhsa-2022-22]", "sources: [hearsay]", "sources", "hearsay"),
    ("  - categories", "  - - categories", "- - categories", "键: 值"),
]


@pytest.mark.parametrize(("old", "new", "line", "words"), WRONG)
def test_what_is_wrong_is_refused_with_its_line(tmp_path, old, new, line, words):
    assert old in PLACE
    content = PLACE.replace(old, new, 1)
    error = refusal(tmp_path, content)
    assert words in error.message
    assert error.line == line_of(content, line)
    assert str(error).startswith(f"{tmp_path / '0.yaml'} 第{error.line}行：")


def test_a_file_that_is_no_yaml_is_refused_with_its_line(tmp_path):
    error = refusal(tmp_path, 'place: "320100"\nname: [南京市\nrules: []\n')
    assert error.line == 3
    assert "YAML" in error.message


@pytest.mark.parametrize("content", ["", "# 只有说明\n", "- 1\n", "一行文字\n"])
def test_a_file_without_rules_is_refused(tmp_path, content):
    assert refusal(tmp_path, content).line == 1


def test_a_file_that_is_not_utf8_is_refused(tmp_path):
    (tmp_path / "0.yaml").write_bytes(PLACE.encode("gb18030"))
    with pytest.raises(RulebookError, match="UTF-8"):
        load(tmp_path)


def test_a_folder_without_rules_is_refused(tmp_path):
    with pytest.raises(RulebookError, match=r"没有 \.yaml"):
        load(tmp_path)


SECOND = "  - categories: [LT-RES]\n    valid_from: {first}\n    valid_to: null\n"


def test_two_versions_that_overlap_are_refused(tmp_path):
    content = PLACE + SECOND.format(first="2022-01-01")
    error = refusal(tmp_path, content)
    assert "重叠" in error.message
    assert "2021-12-31" in error.message
    assert error.line == len(content.splitlines()) - 2


def test_two_versions_with_a_gap_are_refused(tmp_path):
    closed = PLACE.replace("valid_to: null", "valid_to: 2021-12-30")
    error = refusal(tmp_path, closed + SECOND.format(first="2022-01-01"))
    assert "空档" in error.message
    assert "2021-12-31" in error.message


def test_two_versions_that_follow_each_other_are_taken(tmp_path):
    closed = PLACE.replace("valid_to: null", "valid_to: 2021-12-31")
    book = load(folder_with(tmp_path, closed + SECOND.format(first="2022-01-01")))
    versions = [r.version for r in book.rules if r.category == "LT-RES"]
    assert versions == [date(2020, 1, 1), date(2022, 1, 1)]


def test_the_same_rule_in_two_files_is_refused(tmp_path):
    assert "重叠" in refusal(tmp_path, PLACE, PLACE).message


def test_rows_from_elsewhere_are_held_to_the_same():
    first = make_rule(valid_to="2021-12-31")
    with pytest.raises(RuleError, match="空档"):
        Rulebook.from_rules([first, make_rule(valid_from="2022-01-02")])
    with pytest.raises(RuleError, match="重叠"):
        Rulebook.from_rules([first, make_rule(valid_from="2021-12-31")])
    assert Rulebook.from_rules([first, make_rule(valid_from="2022-01-01")]).rules


def test_two_narrowed_rules_that_could_both_decide_are_refused():
    some = make_rule(variant="a", destinations=["510000"])
    same = make_rule(variant="b", destinations=["510000", "500000"])
    chronic = make_rule(variant="c", destinations=["510000"], cares=["chronic"])
    other = make_rule(variant="d", destinations=["500000"])
    later = make_rule(variant="e", destinations=["510000"], valid_from="2030-01-01")
    for pair in ([some, same], [some, chronic], [some, later]):
        with pytest.raises(RuleError, match="同时适用"):
            Rulebook.from_rules(pair)
    assert Rulebook.from_rules([some, other, make_rule()]).rules


def test_two_promises_for_one_category_are_refused():
    promise = next(t for t in shipped().texts if t.kind == "promise" and t.place == "530900")
    narrower = type(promise).from_dict(promise.to_dict() | {"categories": ["LT-RES"]})
    with pytest.raises(RuleError, match="同时适用"):
        Rulebook.from_rules([], [promise, narrower])


def test_places_are_asked_from_the_county_up_to_the_nation():
    assert place_chain("530902") == ("530902", "530900", "530000", "000000")
    assert place_chain("530999") == ("530999", "530900", "530000", "000000")
    assert place_chain("110101") == ("110101", "110000", "000000")
    assert place_chain("429004") == ("429004", "420000", "000000")
    assert place_chain("000000") == ("000000",)


TODAY = date(2026, 11, 22)


def test_the_notice_of_the_place_itself_is_read_before_that_of_the_nation():
    assert shipped().notice_for("530902", TODAY).place == "530900"
    assert shipped().notice_for("150199", TODAY).place == "150100"
    assert shipped().notice_for("440300", TODAY).place == "000000"
    assert shipped().notice_for("150100", date(2024, 10, 31)).place == "000000"
    assert shipped().notice_for("150100", date(2022, 12, 31)) is None


def test_a_promise_is_there_for_long_term_categories_only():
    for place in ("530902", "150102", "440300"):
        for category in ("LT-RET", "LT-RES", "LT-WRK"):
            assert shipped().promise_for(place, category, TODAY).title
        assert shipped().promise_for(place, "TMP-REF", TODAY) is None


def test_a_notice_begins_with_five_sentences():
    notices = [text for text in shipped().texts if text.kind == "notice"]
    assert {text.place for text in notices} == {"000000", "530900", "150100"}
    for text in notices:
        assert len(text.first) == 5
        assert text.content.split("\n\n")[1].startswith("1. ")


def test_every_promise_that_may_be_signed_has_a_text():
    for rule in shipped().rules:
        if rule.promise == "allowed":
            assert shipped().promise_for(rule.place, rule.category, TODAY)


def test_every_shipped_file_is_named_after_its_place():
    for path in SHIPPED.glob("*.yaml"):
        assert {row.value.place for row in read_rule_file(path)} == {path.name[:6]}
