"""The golden tables that officials read: tests/cases/claims/*.csv. Tests never write them."""

import csv
from pathlib import Path

import pytest

CASES = Path(__file__).resolve().parents[2] / "cases" / "claims"


def rows(name: str) -> list[dict[str, str]]:
    """The rows of a table, as they stand."""
    with (CASES / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def each_row(name: str, title):
    """Run a test once for each row of a table; `title(row)` is how the row is called."""
    found = rows(name)
    assert found, name
    return pytest.mark.parametrize("row", found, ids=[title(row) for row in found])
