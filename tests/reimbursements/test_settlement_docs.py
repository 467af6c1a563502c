"""docs/rules-settlement.md is true: its examples are read, its worked page is computed."""

import json
import re
from pathlib import Path

import pytest

from reimbursements.settlement import load_policy, read_policy, settle, settle_line
from reimbursements.settlement.explain import explain
from reimbursements.settlement.jsonio import as_data
from reimbursements.settlement.read_stay import FIELDS
from reimbursements.settlement.terms import FILINGS, FUNDS, KINDS, PLACES
from tests.reimbursements.settling import benefit, stay, year

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "rules-settlement.md").read_text("utf-8")
QINGHE = ROOT / "tests" / "cases" / "settlement" / "qinghe-310.yaml"

HEAD = """
place: example-docs
place_name: 文档市
insurance: "310"
decided_by: discharge
levels: [一级, 二级, 三级]
person_groups: [在职, 退休]
hardship: [低保]
tags: [精神病专科, 高血压]
versions:
  - version: 一
    valid_from: 2024-01-01
    source: {title: 文档}
    references: {上年度平均工资: 80000.00}
"""


def examples() -> list[tuple[str, str, list[str]]]:
    """Name, place and the three lines of every row of the tables of rule forms."""
    rows = re.findall(r"^\| ([^|]+) \| (待遇|层|版本) \| (`.+`) \|$", PAGE, re.MULTILINE)
    return [(name, where, re.findall(r"`([^`]+)`", cell)) for name, where, cell in rows]


EXAMPLES = examples()


def indented(depth: int, lines: list[str]) -> str:
    return "".join(f"{' ' * depth}{line.strip()}\n" for line in lines)


def policy_with(where: str, lines: list[str]) -> str:
    """A policy around one example; what it does not say is the plainest there is."""
    text = HEAD
    keys = " ".join(lines)
    if not keys.startswith("covers"):
        text += "    covers: {kind: [inpatient, outpatient]}\n"
    text += "    benefits:\n      - name: main\n"
    if where == "待遇":
        text += indented(8, lines)
    if where != "待遇" or "ratio:" not in keys:
        text += "        ratio: {pays: 80%}\n"
    if where == "版本":
        text += indented(4, lines)
    if where == "层":
        text += "    caps: [{funds: basic, per: year, amount: 100000.00}]\n"
        text += "    layers:\n      - " + indented(0, lines).replace("\n", "\n        ").strip()
    elif "assistance]" in keys:
        text += "    layers: [{fund: assistance, base: in_scope_left, period: year, "
        text += "ratio: {pays: 50%}}]\n"
    return text


@pytest.mark.parametrize(("name", "where", "lines"), EXAMPLES, ids=[row[0] for row in EXAMPLES])
def test_each_example_has_three_lines_and_is_accepted(name, where, lines):
    assert len(lines) == 3
    assert read_policy(policy_with(where, lines), name).versions


def test_the_tables_have_an_example_of_every_rule_form():
    text = " ".join(" ".join(lines) for _, _, lines in EXAMPLES)
    for word in (
        "falls_by",
        "percents",
        "yearly_ceiling",
        "deductible_times",
        "of: total",
        "of: 上年度平均工资",
        "period: year}",
        "year_top_up",
        "quarter",
        "institution_year",
        "renew",
        "exceptions",
        "before_deductible",
        "after_deductible",
        "bands_on: year",
        "points: 2",
        "points_per_year",
        "own_share_times",
        "at_most",
        "points: -10",
        "factor",
        "self_pay_first",
        "factor: 0%",
        "as_level",
        "floor",
        "funds: basic",
        "over_cap",
        "large_amount",
        "major_illness",
        "extra_assistance",
        "plus",
        "less",
        "account",
        "by_line",
        "covers",
        "pot",
    ):
        assert word in text, word


def fenced(start: str) -> str:
    """The fenced block that begins after ``start``."""
    rest = PAGE[PAGE.index(start) :]
    return re.search(r"```\w*\n(.*?)\n```", rest, re.DOTALL).group(1)


def test_the_worked_policy_is_the_file_of_the_test_cases():
    file = QINGHE.read_text("utf-8")
    assert fenced("**政策**") == file[file.index("place:") :].strip()


def test_the_worked_result_is_what_the_engine_gives():
    stay_json = re.search(r"echo '(\{.*\})'", PAGE).group(1)
    _, settled = settle_line(load_policy(QINGHE), stay_json)
    assert fenced("**结果**") == explain(settled).strip()
    result = as_data(settled)
    # (60000 − 6000 − 900) × 76 % = 40356; (19644 − 12000) × 60 % = 4586.40
    assert result["funds"]["basic"] == "40356.00"
    assert result["funds"]["major_illness"] == "4586.40"
    assert (result["account"], result["cash"]) == ("2000.00", "15057.60")


@pytest.mark.parametrize("word", [*FIELDS, *KINDS, *PLACES, *FILINGS, *FUNDS])
def test_the_page_names_every_field_and_every_code(word):
    assert f"`{word}`" in PAGE or f".{word}`" in PAGE


def test_the_page_names_every_field_of_the_output_and_every_code_of_a_row():
    source = (ROOT / "reimbursements" / "settlement").glob("*.py")
    code = "\n".join(path.read_text("utf-8") for path in source)
    codes = set(re.findall(r'(?:make_row\(\(|Row\()\s*"([a-z_]+)"', code))
    codes |= {"fund_band", "ratio_addition", "out_of_area"}
    assert len(codes) > 15
    settled = settle_line(load_policy(QINGHE), json.dumps(_facts()))[1]
    for word in (*codes, *as_data(settled), *as_data(settled)["policy"]):
        assert f"`{word}`" in PAGE, word


def _facts() -> dict:
    return {
        "kind": "inpatient",
        "level": "三级",
        "place": "same_area",
        "person_group": "在职",
        "discharged_on": "2025-05-01",
        "in_scope": "100",
    }


def test_the_two_readings_of_ten_percent_are_as_the_page_says():
    away = stay("100", place="inter_province", filing="TMP-OTH")
    for change, expected in (("points: -10", 7500), ("factor: 90%", 7650)):
        found = benefit(f"ratio: {{pays: 85%}}\nout_of_area: [{{{change}}}]")
        assert settle(found, away, year()).funds["basic"] == expected
