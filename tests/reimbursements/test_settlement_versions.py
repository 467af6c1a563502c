"""Which version decides, which year a stay belongs to, and what taking back means."""

from datetime import date

import pytest

from reimbursements.settlement import (
    Line,
    Stay,
    StayError,
    find_policy,
    read_policy,
    reverse,
    settle,
)
from reimbursements.settlement.explain import explain
from tests.reimbursements.settling import HEAD, benefit, policy, stay, text_of, year


def two_versions(decided_by: str, extra: str = ""):
    head = HEAD[: HEAD.index("versions:")].replace("decided_by: discharge", decided_by)
    text = head + extra + "versions:\n"
    for name, first, ratio in (("旧", "2024-01-01", "70%"), ("新", "2025-03-01", "80%")):
        text += f"  - version: {name}\n    valid_from: {first}\n    source: {{title: {name}通知}}\n"
        text += "    covers: {kind: [inpatient, outpatient]}\n"
        text += f"    benefits: [{{name: main, ratio: {{pays: {ratio}}}}}]\n"
    return read_policy(text, "两版.yaml")


STAY = stay(
    "100",
    admitted_on=date(2025, 2, 20),
    discharged_on=date(2025, 2, 28),
    settled_on=date(2025, 3, 1),
)


@pytest.mark.parametrize(
    ("decided_by", "moved", "version"),
    [
        ("discharge", {}, "旧"),
        ("discharge", {"discharged_on": date(2025, 3, 1)}, "新"),
        ("admission", {"admitted_on": date(2025, 2, 28)}, "旧"),
        ("admission", {"admitted_on": date(2025, 3, 1)}, "新"),
        ("settlement", {}, "新"),
        ("settlement", {"settled_on": date(2025, 2, 28)}, "旧"),
    ],
)
def test_the_day_that_decides_is_part_of_the_policy(decided_by, moved, version):
    facts = {name: getattr(STAY, name) for name in ("admitted_on", "discharged_on", "settled_on")}
    found = two_versions(f"decided_by: {decided_by}")
    settled = settle(found, stay("100", **{**facts, **moved}), year())
    assert settled.version.name == version
    assert settled.rows[0].rule.version == version


@pytest.mark.parametrize(
    ("decided_by", "field"),
    [("discharge", "discharged_on"), ("admission", "admitted_on"), ("settlement", "settled_on")],
)
def test_the_day_that_decides_must_be_known(decided_by, field):
    found = two_versions(f"decided_by: {decided_by}")
    with pytest.raises(StayError) as refused:
        settle(found, stay("100", discharged_on=None), year())
    assert refused.value.field == field


def test_a_visit_has_one_day():
    visit = stay("100", kind="outpatient", admitted_on=date(2025, 3, 1), discharged_on=None)
    assert settle(two_versions("decided_by: discharge"), visit, year()).version.name == "新"


def test_no_version_before_the_first():
    with pytest.raises(StayError, match="早于本政策最早的版本"):
        settle(
            two_versions("decided_by: discharge"), stay(discharged_on=date(2023, 12, 31)), year()
        )


def test_the_fingerprint_is_of_the_version_alone():
    found = two_versions("decided_by: discharge")
    old, new = found.versions
    assert old.sha256 != new.sha256
    body = "benefits: [{name: main, ratio: {pays: 80%}}]"
    first = read_policy(text_of(body), "a").versions[0].sha256
    assert read_policy(text_of(body) + "# a comment\n", "b").versions[0].sha256 == first
    assert read_policy(text_of(body.replace("80", "81")), "a").versions[0].sha256 != first


def test_a_year_may_begin_in_july():
    found = two_versions("decided_by: discharge", "year_starts: 07-01\n")
    june = settle(found, stay("100", discharged_on=date(2025, 6, 30)), year()._replace(year=None))
    july = settle(found, stay("100", discharged_on=date(2025, 7, 1)), year()._replace(year=None))
    assert (june.after.year, july.after.year) == (2024, 2025)
    with pytest.raises(StayError) as refused:
        settle(found, stay("100", discharged_on=date(2025, 7, 1)), june.after)
    assert refused.value.field == "year.year"


def test_what_the_version_does_not_cover_is_refused_by_field():
    found = policy(
        "benefits: [{name: main, ratio: {pays: 80%}}]",
        "covers: {kind: inpatient, place: inter_province, filing: long_term}",
    )
    for facts, field in (
        ({"kind": "outpatient"}, "kind"),
        ({"place": "same_area"}, "place"),
        ({"filing": "TMP-OTH", "place": "inter_province"}, "filing"),
        ({"place": None}, "place"),
    ):
        with pytest.raises(StayError) as refused:
            settle(found, stay("100", **{"filing": "LT-RES", **facts}), year())
        assert refused.value.field == field


def test_a_fact_is_asked_for_only_where_the_rule_depends_on_it():
    found = benefit(
        """
        ratio:
          rows:
            - {when: {place: same_area, level: 三级}, pays: 80%}
            - {when: {place: same_area, level: [一级, 二级]}, pays: 90%}
            - {when: {place: out_of_area}, pays: 60%}
        """
    )
    away = stay("100", level=None, place="inter_province")
    assert settle(found, away, year()).funds["basic"] == 6000
    with pytest.raises(StayError) as refused:
        settle(found, stay("100", level=None), year())
    assert refused.value.field == "level"


def test_a_stay_with_a_negative_amount_does_not_exist():
    for facts in ({"in_scope": -1}, {"own_expense": -1}, {"lines": (Line("a", "甲类", -1),)}):
        with pytest.raises(StayError):
            Stay("inpatient", **facts)


def test_a_word_that_the_policy_does_not_know_is_refused_by_field():
    found = benefit("ratio: {rows: [{when: {level: [一级, 二级, 三级]}, pays: 80%}]}")
    with pytest.raises(StayError) as refused:
        settle(found, stay("100", level="四级"), year())
    assert refused.value.field == "level"


def test_taking_back_a_settlement_that_the_year_does_not_hold_is_refused():
    settled = settle(benefit("ratio: {pays: 80%}"), stay("100"), year())
    with pytest.raises(StayError, match="没有要冲回的结算"):
        reverse(settled, year())


def test_a_place_is_found_by_code_or_name():
    assert find_policy("530900:390").place_name == "临沧市"
    assert find_policy("临沧市:390").place == "530900"


def test_every_row_of_an_example_says_that_it_is_one():
    found = find_policy("530900:310")
    of = stay("20000", charging_level="三级", own_expense="10")
    settled = settle(found, of, year(balance="10"))
    assert settled.rows[0].code == "policy_mark"
    assert {row.rule.mark for row in settled.rows} == {"示例"}
    assert "不是官方标准" in explain(settled)


def test_the_table_for_people_lines_up_and_prints_no_control_characters():
    found = benefit("ratio: {pays: 80%}")
    lines = explain(settle(found, stay("12345.67"), year())).splitlines()
    assert lines[0].split() == ["序号", "基数", "比例", "金额", "说明"]
    assert any("9876.54" in line for line in lines)


def test_a_source_of_a_block_is_shown_with_its_rows():
    found = policy(
        """
        benefits:
          - name: main
            ratio: {pays: 80%}
        layers:
          - fund: major_illness
            base: in_scope_left
            period: stay
            source: {title: 大病办法, doc_no: 大病〔2024〕2号, url: example.test}
            mark: 待核
            ratio: {pays: 50%}
        """
    )
    settled = settle(found, stay("100"), year())
    rules = {row.part: row.rule for row in settled.rows if row.code == "fund_band"}
    assert rules["funds.basic"].doc_no == "测医保〔2024〕1号"
    assert rules["funds.major_illness"].doc_no == "大病〔2024〕2号"
    assert rules["funds.major_illness"].mark == "待核"
    assert rules["funds.major_illness"].source == "大病办法（example.test）"
