"""The golden table: facts as an official would write them, and what the rules answer.

tests/cases/registration_decide.csv, one question a line; 已认定 is empty (none), 长期 or a day.
"""

import csv
from datetime import date
from pathlib import Path

import pytest

from registrations.decision import Facts, FactsError, decide, shipped

TABLE = Path(__file__).parent.parent / "cases" / "registration_decide.csv"
TODAY = date(2026, 11, 23)
YES_NO = {"是": True, "否": False, "": None}


def rows() -> list[dict]:
    with TABLE.open(encoding="utf-8", newline="") as source:
        return list(csv.DictReader(source))


def day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def facts(row: dict) -> Facts:
    held = row["已认定至"]
    return Facts(
        insured_area=row["参保地"],
        insurance=row["险种"],
        disease=row["病种"],
        today=TODAY,
        asked_on=day(row["提交日"]),
        diagnosed_on=day(row["确诊日"]),
        enrolled=YES_NO[row["正常参保"]],
        registered=bool(held),
        registered_until=None if held in ("", "长期") else day(held),
    )


def said(row: dict) -> tuple:
    """What the rules say: outcome, reasons, days, groups of documents, working days."""
    try:
        found = decide(facts(row), shipped())
    except FactsError as error:
        return ("问不成", error.field, "", "", "", "")
    last = found.last_day.isoformat() if found.last_day else ""
    return (
        found.outcome,
        " ".join(reason.code for reason in found.reasons),
        found.first_day.isoformat() if found.first_day else "",
        last or ("长期" if found.first_day else ""),
        str(len(found.documents) or ""),
        str(found.promised_days or ""),
    )


@pytest.mark.parametrize("row", rows(), ids=lambda row: row["例"])
def test_the_rules_answer_as_the_table_says(row):
    expected = tuple(row[key] for key in ("结论", "理由", "开始", "截止", "材料组", "承诺天数"))
    assert said(row) == expected


def test_every_reason_has_a_sentence_and_a_source():
    for row in rows():
        try:
            found = decide(facts(row), shipped())
        except FactsError:
            continue
        for reason in found.reasons:
            assert reason.text.endswith("。") and reason.source


def test_what_is_kept_of_a_decision_is_plain_and_names_the_rule():
    kept = decide(facts(rows()[0]), shipped()).as_dict()
    assert kept["rule"] == "530900:M03900" and kept["version"] == "2024-01-01"
    assert all(len(reason) == 3 for reason in kept["reasons"])
