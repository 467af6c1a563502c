"""Made-up institutions, so that a demonstration can search and file."""

from pathlib import Path

from facilities.importing import RowRefused
from facilities.institution_rows import COLUMNS, parse
from facilities.institution_store import write
from facilities.tabular import BadRow, open_table

TABLE = Path(__file__).parent / "institutions.csv"


def load_demo_institutions() -> dict[str, int]:
    """Load the table beside this file; returns 新增, 更新 and 未变. Needs `load_reference` before.

    Raises RowRefused where a row of the file is not in order.
    """
    with open_table(TABLE, COLUMNS) as table:
        rows = list(table.rows())
    for row in rows:
        if isinstance(row, BadRow):
            raise RowRefused(f"第{row.line}行：{row.reason}")
    return write([parse(row.values) for row in rows])
