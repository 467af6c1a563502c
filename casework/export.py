"""Cases as a table for Excel: CSV and XLSX, row by row, in bounded memory.

No personal column unless asked for; masked unless the caller has logged a reason. A text
that a spreadsheet would take for a formula gets an apostrophe before it. Long numbers are
text, so that none of their digits is lost.
"""

import csv
import tempfile
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import chain

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from casework.clock import SHANGHAI
from casework.kinds import kind_of
from casework.models import Case
from facilities.areas import UnknownArea, area_name
from residents.models import User
from residents.personal import mask_id, mask_name, mask_phone

COLUMNS = (
    "办件编号",
    "事项",
    "类别",
    "险种",
    "参保地",
    "就医地",
    "渠道",
    "状态",
    "疑点",
    "材料数",
    "提交时间",
    "受理时间",
    "应办结时间",
    "办结时间",
    "经办人",
)
PERSONAL = ("姓名", "证件号码", "联系电话")
NONE, MASKED, WHOLE = "none", "masked", "whole"
INSURANCES = {"310": "职工", "390": "居民"}
CHUNK = 500
BOM = "\ufeff"
# Excel shows more than eleven digits in a row as 1.2E+11, and keeps fifteen of them.
LONG_NUMBER = 12
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


def header(personal: str = NONE) -> tuple[str, ...]:
    """The names of the columns."""
    return COLUMNS if personal == NONE else (*COLUMNS, *PERSONAL)


def rows(cases, personal: str = NONE) -> Iterator[tuple]:
    """The cells of each case of a queryset, read in chunks; `personal` is none, masked or
    whole. Whole values must have been logged with their reason before."""
    cases = cases.for_lists() if personal == NONE else cases.select_related("person").defer(None)
    clerks: dict[int, str] = {}
    for chunk in _chunks(cases.iterator(chunk_size=CHUNK)):
        _learn_names(clerks, chunk)
        for case in chunk:
            yield (*_cells(case, clerks), *(_personal(case, personal)))


def csv_lines(table: Iterable[tuple], head: tuple) -> Iterator[str]:
    """Lines of CSV with a byte order mark first, by which Excel knows that it is UTF-8."""
    writer = csv.writer(_Echo())
    yield BOM + writer.writerow(head)
    for row in table:
        yield writer.writerow([_csv_cell(cell) for cell in row])


def xlsx_file(table: Iterable[tuple], head: tuple):
    """A temporary file, at its beginning, with one sheet; rows go to the disk as they come."""
    return xlsx_book([("办件", head, table)])


def xlsx_book(sheets: Iterable[tuple[str, tuple, Iterable]]):
    """The same with several sheets: (title, head, rows) of each. Text that a spreadsheet
    would run stays text, in the head too."""
    book = Workbook(write_only=True)
    for title, head, table in sheets:
        sheet = book.create_sheet(title)
        sheet.freeze_panes = "A2"
        for row in chain([head], table):
            sheet.append([_xlsx_cell(sheet, cell) for cell in row])
    stored = tempfile.TemporaryFile()  # noqa: SIM115 - closed by the response that streams it
    book.save(stored)
    stored.seek(0)
    return stored


def safe(text: str) -> str:
    """The text with an apostrophe before it where a spreadsheet would run it."""
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


class _Echo:
    """A file that hands back what is written to it."""

    def write(self, text: str) -> str:
        return text


def _chunks(cases: Iterator[Case]) -> Iterator[list[Case]]:
    chunk: list[Case] = []
    for case in cases:
        chunk.append(case)
        if len(chunk) == CHUNK:
            yield chunk
            chunk = []
    yield chunk


def _learn_names(clerks: dict[int, str], chunk: list[Case]) -> None:
    unknown = {case.assignee_id for case in chunk} - {None, *clerks}
    if unknown:
        users = User.objects.filter(pk__in=unknown).only("name", "username").order_by("pk")
        clerks.update((user.pk, user.get_full_name()) for user in users)


def _cells(case: Case, clerks: dict[int, str]) -> tuple:
    kind = kind_of(case)
    return (
        case.number,
        kind.label,
        kind.topics.get(case.topic, case.topic),
        INSURANCES.get(case.insurance, case.insurance),
        _area(case.county),
        _area(case.destination),
        case.get_channel_display(),
        kind.workflow.states.get(case.status, case.status),
        "、".join(kind.doubts.get(code, code) for code in case.doubt_codes),
        case.documents_count,
        _moment(case.submitted_at),
        _moment(case.received_at),
        _moment(case.due_at),
        _moment(case.decided_at),
        clerks.get(case.assignee_id, ""),
    )


def _personal(case: Case, personal: str) -> tuple:
    if personal == NONE:
        return ()
    if personal == WHOLE:
        return case.name, case.person.id_number, case.phone
    return mask_name(case.name), mask_id(case.person.id_number), mask_phone(case.phone)


def _csv_cell(cell) -> str:
    if not isinstance(cell, str):
        return str(cell)
    if len(cell) >= LONG_NUMBER and cell.isascii() and cell.isdigit():
        return f"'{cell}"
    return safe(cell)


def _xlsx_cell(sheet, cell):
    """Text is stored as text, whatever it looks like."""
    if not isinstance(cell, str):
        return cell
    made = WriteOnlyCell(sheet, value=_printable(safe(cell)))
    made.data_type = "s"
    return made


def _printable(text: str) -> str:
    """Without the control characters that a workbook cannot hold."""
    return "".join(char for char in text if char >= " " or char in "\t\n\r")


def _area(code: str) -> str:
    try:
        return area_name(code) if code else ""
    except UnknownArea:
        return code


def _moment(at: datetime | None) -> str:
    return at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M") if at else ""
