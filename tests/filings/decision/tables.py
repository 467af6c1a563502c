"""The golden tables that officials read: which rows they have, and how a row is said.

`tests/cases/decide.csv` holds every combination; `decide_care.csv` the kinds of care.
The tables are the truth: tests read them and never write them. To write them anew for
review (and then read every kind of row against docs/sources.md):

    python -m tests.filings.decision.write_tables
"""

import csv
from itertools import product
from pathlib import Path

from facilities.areas import area_name
from filings.decision import Decision, decide, parse_facts, shipped
from filings.decision.codes import (
    BENEFIT_LEVELS,
    CARES,
    CATEGORIES,
    DOCUMENTS,
    IDENTITY_DOCUMENTS,
    INSURANCES,
    OUTCOMES,
    SCOPES,
)

CASES = Path(__file__).resolve().parents[2] / "cases"
EVERYTHING, BY_CARE, SPECIAL = (
    CASES / "decide.csv",
    CASES / "decide_care.csv",
    CASES / "decide_special.csv",
)
TODAY = "2026-11-22"

# Insured area: a destination in another province, in the same province, in the same area.
PLACES = {
    "530902": ("510100", "530100", "530921"),
    "150102": ("110000", "150200", "150105"),
    "510100": ("530100", "510700", "510104"),
}
JINGJINJI = {
    "130100": ("110000", "130600", "130102"),
    "110101": ("120000", "510100", "110105"),
}
# Said in words: start, admitted on, discharged on, paid in full.
DATES = {
    "没有填日期": (None, None, None, None),
    "开始日期在以后": ("2026-12-01", None, None, None),
    "开始日期是今天": (TODAY, None, None, None),
    "开始日期已过去": ("2026-11-10", None, None, None),
    "住院中，没填开始日期": (None, "2026-11-20", None, None),
    "住院中，开始日期是入院那天": ("2026-11-20", "2026-11-20", None, None),
    "住院中，开始日期早入院一天": ("2026-11-19", "2026-11-20", None, None),
    "住院中，开始日期早得多": ("2026-11-10", "2026-11-20", None, None),
    "住院中，开始日期晚于入院": (TODAY, "2026-11-20", None, None),
    "已出院，还没结算": (None, "2026-11-10", "2026-11-20", False),
    "已出院，自费结清": (None, "2026-11-10", "2026-11-20", True),
}
PROMISE = {"签": True, "不签": False}
NO_CARE = "没说"

ANSWER_COLUMNS = (
    "结果",
    "范围",
    "第一天",
    "最后一天",
    "到哪天不能变更取消",
    "要交的材料",
    "可用承诺书",
    "补交截止",
    "报销待遇",
    "理由代码",
)
COLUMNS = (
    "参保地",
    "就医地",
    "险种",
    "备案类型",
    "承诺书",
    "日期情形",
    "开始日期",
    "入院日期",
    "出院日期",
    *ANSWER_COLUMNS,
)
CARE_COLUMNS = ("参保地", "就医地", "备案类型", "就医方式", *ANSWER_COLUMNS)
NOTHING = "—"
IDENTITY = "身份凭证"


def combinations():
    """Every (insured area, destination, insurance, category, promise, dates), in words."""
    ways = [(home, away) for home, others in PLACES.items() for away in others]
    return product(ways, CATEGORIES, INSURANCES, PROMISE, DATES)


def care_combinations():
    """Every (insured area, destination, category, care), in words."""
    places = {**PLACES, **JINGJINJI}
    ways = [(home, away) for home, others in places.items() for away in others]
    return product(ways, CATEGORIES, (NO_CARE, *CARES))


def question_of(row: dict[str, str]) -> dict:
    """The JSON question that a row of either table stands for."""
    start, admitted, discharged, paid = DATES[row.get("日期情形", "没有填日期")]
    care = code(row["就医方式"]) if "就医方式" in row else NO_CARE
    return {
        "insured_area": code(row["参保地"]),
        "destination": code(row["就医地"]),
        "insurance": code(row["险种"]) if "险种" in row else "310",
        "category": code(row["备案类型"]),
        "care": None if care == NO_CARE else care,
        "promise": PROMISE[row["承诺书"]] if "承诺书" in row else None,
        "today": TODAY,
        "start": start,
        "admitted_on": admitted,
        "discharged_on": discharged,
        "self_paid": paid,
    }


def answer_of(row: dict[str, str]) -> dict[str, str]:
    """What the program answers to a row, in the words of the table."""
    return said(decide(parse_facts(question_of(row)), shipped()))


def said(decision: Decision) -> dict[str, str]:
    """A decision in the words of the table."""
    days = (decision.valid_from, decision.valid_to, decision.locked_until)
    cells = (
        OUTCOMES[decision.outcome],
        SCOPES[decision.scope],
        *(day.isoformat() if day else NOTHING for day in days),
        "；".join(_group(group) for group in decision.documents) or NOTHING,
        "可以" if decision.promise_allowed else NOTHING,
        decision.supply_by.isoformat() if decision.supply_by else NOTHING,
        BENEFIT_LEVELS[decision.benefit_level],
        " ".join(reason.code for reason in decision.reasons),
    )
    return dict(zip(ANSWER_COLUMNS, cells, strict=True))


def _group(group: tuple[str, ...]) -> str:
    if group == IDENTITY_DOCUMENTS:
        return IDENTITY
    return " 或 ".join(DOCUMENTS[document] for document in group)


def named(area: str) -> str:
    """A cell for a place: code and name."""
    return f"{area} {area_name(area)}"


def code(cell: str) -> str:
    """The code at the beginning of a cell."""
    return cell.split(" ", 1)[0]


def coded(value: str, names: dict[str, str]) -> str:
    """A cell for a code with its name, or for a word that has no code."""
    return f"{value} {names[value]}" if value in names else value


def read(path: Path) -> list[dict[str, str]]:
    """The rows of a table."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))
