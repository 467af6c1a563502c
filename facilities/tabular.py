"""Tables that officials hand in: CSV or XLSX, read row by row in bounded memory.

A table has a strict header. `Table.rows()` yields `Row` for what could be read and
`BadRow` for a line that could not; what is wrong with the file as a whole raises
`TableError`. All messages are Chinese and say how to mend it.
"""

import csv
import datetime
import io
import re
import unicodedata
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from openpyxl.utils.exceptions import InvalidFileException

from facilities.encodings import UnknownEncoding, encoding_of
from facilities.xlsx_stream import Cell, open_sheet

_OLE = b"\xd0\xcf\x11\xe0"  # .xls, and .xlsx with a password
_ZIP = b"PK\x03\x04"
_BLANKS = " \t\r\n\u3000\u00a0\ufeff"
_SCIENTIFIC = re.compile(r"\d(\.\d+)?[Ee]\+\d+")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_EXACT_DIGITS = 15  # digits that a number cell keeps
_BROKEN_XLSX = (
    zipfile.BadZipFile,
    InvalidFileException,
    ET.ParseError,
    KeyError,
    ValueError,
    IndexError,
    TypeError,
    AttributeError,
    OSError,
    EOFError,
)


class TableError(Exception):
    """The file as a whole cannot be read; the message is Chinese."""


class BrokenQuote(TableError):
    """A quote that never ends: nothing can be read from `line` on."""

    def __init__(self, message: str, line: int):
        super().__init__(message)
        self.line = line


@dataclass(frozen=True, slots=True)
class Column:
    """A column: `title` is its header; `key` its name in code, accepted as header too,
    and so are the names under `also`."""

    key: str
    title: str
    required: bool = False
    note: str = ""
    example: str = ""
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """A line that could be read: every column by key, as stripped text, "" where empty."""

    line: int
    values: dict[str, str]


@dataclass(frozen=True, slots=True)
class BadRow:
    """A line that could not be read, and why."""

    line: int
    reason: str


class _BadCell(ValueError):
    """A cell that holds no usable text."""


class Table:
    """An open table. Use `open_table`."""

    def __init__(self, columns, present, lines, progress):
        self._empty = {column.key: "" for column in columns}
        self._columns, self._lines, self.progress = present, lines, progress
        self._required = [column for column in present if column and column.required]

    def rows(self) -> Iterator[Row | BadRow]:
        """Every line after the header that is not blank. Raises TableError."""
        for line, cells in self._lines:
            if isinstance(cells, BadRow):
                yield cells
            elif any(cell not in ("", None) for _, cell in cells):
                yield self._row(line, cells)

    def _row(self, line: int, cells: list[Cell]) -> Row | BadRow:
        """The line as values by key."""
        if any(cell not in ("", None) for _, cell in cells[len(self._columns) :]):
            reason = f"这一行有{len(cells)}列，表头只有{len(self._columns)}列，请检查多余的逗号或列"
            return BadRow(line, reason)
        values = {}
        for column, (kind, value) in zip(self._columns, cells, strict=False):
            if column is None:
                continue
            try:
                values[column.key] = _text(kind, value)
            except _BadCell as error:
                return BadRow(line, f"“{column.title}”{error}")
        missing = [c.title for c in self._required if not values.get(c.key)]
        if missing:
            return BadRow(line, f"缺少{'、'.join(missing)}")
        return Row(line, self._empty | values)


@contextmanager
def open_table(path: Path, columns: list[Column], *, others: bool = False) -> Iterator[Table]:
    """Open a CSV or XLSX file, told apart by content, and check its header.

    `others`: columns that nobody knows are read past instead of refused.

    `table.progress()` is the part already read, 0 to 1, or None where unknown.
    Columns that are not required may be left out of the file; their values are "".
    Raises TableError.
    """
    start = _first_bytes(path)
    if start.startswith(_OLE):
        raise TableError("这是旧版 .xls 或加密的文件，请去掉密码并另存为 .xlsx 或 CSV 后再导入。")
    opened = _open_xlsx if start.startswith(_ZIP) else _open_csv
    with opened(path) as (lines, progress):
        yield Table(columns, _present(columns, lines, others), lines, progress)


def _first_bytes(path: Path) -> bytes:
    """The first bytes; raises TableError where there are none."""
    try:
        with path.open("rb") as file:
            start = file.read(8)
    except FileNotFoundError as error:
        raise TableError(f"找不到文件{path}，请检查路径。") from error
    except OSError as error:
        raise TableError(f"无法读取{path}，请检查它是文件而不是目录，并且有读取权限。") from error
    if not start.strip():
        raise TableError("文件是空的。请先用 --template 生成模板，填好后再导入。")
    return start


def _header_name(text: object) -> str:
    """A header without width, spaces and the star that marks a required column."""
    return re.sub(r"[\s*]", "", unicodedata.normalize("NFKC", str(text or ""))).lower()


def _present(columns: list[Column], lines, others: bool) -> list[Column | None]:
    """The columns in the order of the file's header; None for one that nobody knows."""
    _, cells = next(lines, (1, []))
    if isinstance(cells, BadRow):
        raise TableError(f"第1行表头：{cells.reason}。")
    names = [_header_name(value) for _, value in cells]
    while names and not names[-1]:
        names.pop()
    known = {
        _header_name(name): column
        for column in columns
        for name in (column.title, column.key, *column.also)
    }
    places = [i for i, name in enumerate(names) if name not in known]
    unknown = [str(cells[i][1] or f"第{i + 1}列（空）") for i in places]
    expected = "、".join(column.title for column in columns)
    if unknown and len(names) == 1 and re.search(r"[;\t，；]", unknown[0]):
        raise TableError("第1行表头没有用英文逗号分隔。请另存为“CSV UTF-8(逗号分隔)”后再导入。")
    if unknown and not others:
        raise TableError(f"第1行表头有不认识的列：{'、'.join(unknown)}。可用的列：{expected}。")
    found = [known.get(name) for name in names]
    twice = {column.title for column in found if column and found.count(column) > 1}
    if twice:
        raise TableError(f"第1行表头有重复的列：{'、'.join(sorted(twice))}。")
    missing = [column.title for column in columns if column.required and column not in found]
    if missing:
        raise TableError(f"第1行表头缺少列：{'、'.join(missing)}。可用的列：{expected}。")
    return found


def _text(kind: str, value: object) -> str:
    """A cell as stripped text. Raises _BadCell for what was never meant as text."""
    if value is None:
        return ""
    if isinstance(value, str):
        return _string(kind, value.strip(_BLANKS))
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, int | float):
        return _number(value)
    if isinstance(value, datetime.datetime) and value.time() == datetime.time():
        return value.date().isoformat()
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    raise _BadCell("是公式，请粘贴为数值后再导入")


def _string(kind: str, text: str) -> str:
    if kind == "f" or text.startswith("="):
        raise _BadCell("是公式，请粘贴为数值后再导入")
    if kind == "e":
        raise _BadCell(f"是错误值{text}，请改正后再导入")
    if _CONTROL.search(text):
        raise _BadCell("含有不可见的控制字符，请重新输入这一格")
    if _SCIENTIFIC.fullmatch(text):
        raise _BadCell(f"是科学计数法{text}，号码的末几位已丢失；请把该列设为文本格式后重新填写")
    return text


def _number(value: int | float) -> str:
    """A number cell as the digits that were typed."""
    if abs(value) >= 10**_EXACT_DIGITS:
        raise _BadCell("以数字保存，超过15位的号码末几位已丢失；请把该列设为文本格式后重新填写")
    return str(int(value)) if value == int(value) else repr(value)


@contextmanager
def _open_csv(path: Path):
    """The lines of a CSV file, with its encoding found out beforehand."""
    try:
        encoding = encoding_of(path)
    except UnknownEncoding as error:
        raise TableError(str(error)) from error
    size = path.stat().st_size
    with path.open("rb") as file:
        text = io.TextIOWrapper(file, encoding=encoding, newline="")
        yield _csv_lines(text), lambda: min(1.0, file.tell() / size)


def _csv_lines(text) -> Iterator[tuple[int, list[Cell] | BadRow]]:
    """(first line, cells) of each record. A record with a broken quote is a BadRow."""
    reader = csv.reader(text, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            if "limit" in str(error) or "end of data" in str(error):
                raise BrokenQuote(
                    f"第{line}行的英文双引号没有配对，从这一行起无法读取；之前的行已经处理。"
                    "请改正后重新导入整个文件（重复导入不会产生重复数据）。",
                    line,
                ) from error
            yield line, BadRow(line, "英文双引号用法有误：引号要成对，格内的引号要写成两个")
            continue
        yield line, [("s", cell) for cell in cells]


@contextmanager
def _open_xlsx(path: Path):
    """The lines of the first sheet of a workbook."""
    with ExitStack() as stack:
        try:
            rows, last = stack.enter_context(open_sheet(path))
        except _BROKEN_XLSX as error:
            raise TableError(
                "文件不是完好的 .xlsx，请用 Excel 打开后另存为 .xlsx 再导入。"
            ) from error
        lines = _XlsxLines(rows, last)
        yield lines, lines.progress


class _XlsxLines:
    """The rows of a sheet, with a broken file told in Chinese."""

    def __init__(self, rows, last: int | None):
        self._rows, self._last, self._line = rows, last, 0

    def __iter__(self):
        return self

    def __next__(self) -> tuple[int, list[Cell]]:
        try:
            self._line, cells = next(self._rows)
        except _BROKEN_XLSX as error:
            reason = f"文件在第{self._line + 1}行附近损坏，请用 Excel 打开后另存再导入。"
            raise TableError(reason) from error
        return self._line, cells

    def progress(self) -> float | None:
        """The part already read, where the file says how long it is."""
        known = self._last and self._last > 1
        return min(1.0, self._line / self._last) if known else None
