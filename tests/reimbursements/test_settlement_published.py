"""Published worked examples, to the fen, and every golden table beside a policy."""

import json
from pathlib import Path

import pytest

from reimbursements.settlement import load_policy, policy_files, settle_line
from reimbursements.settlement.cases import case_files, run_cases
from reimbursements.settlement.library import POLICIES

CASES = Path(__file__).parent.parent / "cases"
PUBLISHED = json.loads((CASES / "settlement-published.json").read_text("utf-8"))
DAYS = {"T3a": "2022-06-30", "T9": "2019-06-01"}
FILES = policy_files()


def facts_of(case: dict) -> dict:
    """A published example as the JSON input of `settle`."""
    facts = {
        "kind": "inpatient",
        "nth_stay": 2 if case["id"].startswith("T3") else 1,
        "discharged_on": DAYS.get(case["id"], "2024-06-01"),
        "total": case.get("total"),
        "own_expense": case.get("ownpay"),
        "self_first": case.get("preself"),
        "in_scope": case.get("inscope") or case.get("residual"),
    }
    return {key: value for key, value in facts.items() if value is not None}


@pytest.mark.parametrize("case", PUBLISHED, ids=lambda case: case["id"])
def test_a_published_example_comes_out_to_the_fen(case):
    policy = load_policy(POLICIES / "published" / f"{case['id'].rstrip('ab')}.yaml")
    line, settled = settle_line(policy, json.dumps(facts_of(case)))
    result = json.loads(line)
    fund = "major_illness" if case.get("kind") == "catastrophic" else "basic"
    assert settled is not None, line
    assert result["funds"] == {fund: case.get("fund") or case["pay"]}
    if "self_total" in case:
        assert result["personal"] == case["self_total"]
    if fund == "basic" and "ded" in case:
        assert result["deductible"] == case["ded"]
    if "legs" in case:
        legs = [row["amount"] for row in result["rows"] if row["code"] == "fund_band"]
        assert legs == case["legs"]


def test_every_published_example_is_tested():
    assert len(PUBLISHED) == 7


@pytest.mark.parametrize("file", FILES, ids=lambda path: path.stem)
def test_a_policy_that_ships_has_golden_cases_and_passes_them(file):
    policy = load_policy(file)
    results = [result for table in case_files(file) for result in run_cases(policy, table)]
    assert results, "every policy has a table of worked examples beside it"
    assert [result for result in results if result.problems] == []


@pytest.mark.parametrize("file", FILES, ids=lambda path: path.stem)
def test_a_policy_that_ships_says_where_its_numbers_come_from(file):
    for version in load_policy(file).versions:
        rule = version.rule
        sourced = "。" in rule.source or "（" in rule.source or "." in rule.source
        assert sourced or rule.mark == "示例"


def test_demonstration_places_are_marked_as_examples():
    for place in ("530900", "150100"):
        for insurance in ("310", "390"):
            policy = load_policy(POLICIES / f"{place}-{insurance}.yaml")
            assert {version.rule.mark for version in policy.versions} == {"示例"}
