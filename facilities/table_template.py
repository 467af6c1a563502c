"""Samples of the tables that can be imported, so that officials need not guess the columns."""

import csv
from pathlib import Path

from openpyxl import Workbook

from facilities.tabular import Column, TableError


def write_template(path: Path, columns: list[Column]) -> None:
    """Write a sample with the header and one example row; .xlsx or CSV by suffix.

    Raises TableError when the file cannot be written.
    """
    rows = [[c.title for c in columns], [c.example for c in columns]]
    try:
        if path.suffix.lower() == ".xlsx":
            _write_xlsx(path, rows)
        else:
            with path.open("w", encoding="utf-8-sig", newline="") as file:
                csv.writer(file).writerows(rows)
    except OSError as error:
        raise TableError(f"无法写入{path}，请检查目录是否存在、是否有写入权限。") from error


def _write_xlsx(path: Path, rows: list[list[str]]) -> None:
    """Every cell as text, so that codes keep their leading zeros."""
    book = Workbook()
    for number, row in enumerate(rows, start=1):
        for column, value in enumerate(row, start=1):
            cell = book.active.cell(number, column, value)
            cell.number_format = "@"
    book.save(path)
