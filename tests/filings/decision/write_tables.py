"""Writes the golden tables anew, for review by people. No test calls this.

    python -m tests.filings.decision.write_tables

Afterwards read the difference, kind by kind, against docs/sources.md: what is committed is
the truth that the tests hold the program to.
"""

import csv
from pathlib import Path

from filings.decision.codes import CARES, CATEGORIES, INSURANCES
from tests.filings.decision.tables import (
    BY_CARE,
    CARE_COLUMNS,
    COLUMNS,
    DATES,
    EVERYTHING,
    NOTHING,
    answer_of,
    care_combinations,
    coded,
    combinations,
    named,
)


def everything():
    """Each row of decide.csv."""
    for (home, away), category, insurance, promise, dates in combinations():
        start, admitted, discharged, _ = DATES[dates]
        row = {
            "参保地": named(home),
            "就医地": named(away),
            "险种": coded(insurance, INSURANCES),
            "备案类型": coded(category, CATEGORIES),
            "承诺书": promise,
            "日期情形": dates,
            "开始日期": start or NOTHING,
            "入院日期": admitted or NOTHING,
            "出院日期": discharged or NOTHING,
        }
        yield row | answer_of(row)


def by_care():
    """Each row of decide_care.csv."""
    for (home, away), category, care in care_combinations():
        row = {
            "参保地": named(home),
            "就医地": named(away),
            "备案类型": coded(category, CATEGORIES),
            "就医方式": coded(care, CARES),
        }
        yield row | answer_of(row)


def write(path: Path, columns: tuple[str, ...], rows) -> None:
    """A table that spreadsheet programs open with its Chinese intact."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    write(EVERYTHING, COLUMNS, everything())
    write(BY_CARE, CARE_COLUMNS, by_care())
