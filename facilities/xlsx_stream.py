"""Rows of an .xlsx file in bounded memory, however many there are.

openpyxl's read-only mode still holds every shared string and one empty element
for each row it has passed; at 1,000,000 rows that is hundreds of megabytes. Here
the strings are spilled to a temporary file and passed rows are let go.
"""

import mmap
import re
import tempfile
import xml.etree.ElementTree as ET
from array import array
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from openpyxl.reader.excel import ExcelReader
from openpyxl.styles.stylesheet import apply_stylesheet
from openpyxl.worksheet._reader import DATA_TAG, ROW_TAG, WorkSheetParser
from openpyxl.xml.constants import SHARED_STRINGS, SHEET_MAIN_NS

_STRING_TAG, _TEXT_TAG, _RUN_TAG = (f"{{{SHEET_MAIN_NS}}}{name}" for name in ("si", "t", "r"))
_ENDS_AT_ONCE = 8_192
_DIMENSION = re.compile(rb'<dimension ref="[A-Z]+\d+:[A-Z]+(\d+)"')
_BEFORE_DATA = 8_192
# A cell as openpyxl reads it: type (n, s, b, d, e, f) and value.
Cell = tuple[str, object]


class SpilledStrings:
    """The shared strings of a workbook, kept in a temporary file and mapped."""

    def __init__(self, source):
        with ExitStack() as stack:
            texts = stack.enter_context(tempfile.TemporaryFile())
            ends = stack.enter_context(tempfile.TemporaryFile())
            _spill(source, texts, ends)
            self._data, self._ends_map = self._map(texts), self._map(ends)
        self._ends = memoryview(self._ends_map).cast("Q")

    @staticmethod
    def _map(file):
        """The file as bytes; an empty file cannot be mapped."""
        file.flush()
        if not file.tell():
            return b""
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)

    def __getitem__(self, index: int) -> str:
        """The string with this number; raises IndexError."""
        if not 0 <= index < len(self._ends) - 1:
            raise IndexError(index)
        return self._data[self._ends[index] : self._ends[index + 1]].decode("utf-8")

    def close(self) -> None:
        """Give the temporary files back."""
        self._ends.release()
        for held in (self._data, self._ends_map):
            if isinstance(held, mmap.mmap):
                held.close()


def _spill(source, texts, ends) -> None:
    """Write the strings one after another, and where each ends (the first: 0)."""
    position, buffer = 0, array("Q", [0])
    for text in _strings(source):
        position += texts.write(text.encode("utf-8"))
        buffer.append(position)
        if len(buffer) >= _ENDS_AT_ONCE:
            buffer.tofile(ends)
            del buffer[:]
    buffer.tofile(ends)


def _strings(source) -> Iterator[str]:
    """The shared strings in order; an element is let go as soon as it is read."""
    root = None
    for event, node in ET.iterparse(source, events=("start", "end")):
        root = node if root is None else root
        if event == "end" and node.tag == _STRING_TAG:
            yield _text_of(node)
            root.clear()


def _text_of(node) -> str:
    """The text of a shared string: plain, or in runs; phonetic readings are left out."""
    parts = (
        child.findtext(_TEXT_TAG) if child.tag == _RUN_TAG else child.text
        for child in node
        if child.tag in (_TEXT_TAG, _RUN_TAG)
    )
    return "".join(part or "" for part in parts)


class _Reader(ExcelReader):
    """openpyxl's reader of a workbook, with the strings on disk and no sheet read beforehand."""

    sheet_path = ""

    def read(self):
        """Everything that must be known before the first row. Raises ValueError without a sheet."""
        self.read_manifest()
        self.read_strings()
        self.read_workbook()
        apply_stylesheet(self.archive, self.wb)
        self.sheet_path = self._first_sheet()

    def read_strings(self):
        part = self.package.find(SHARED_STRINGS)
        if part is not None:
            with self.archive.open(part.PartName[1:]) as source:
                self.shared_strings = SpilledStrings(source)

    def _first_sheet(self) -> str:
        """The path of the first sheet that people see, charts left out."""
        for sheet, relation in self.parser.find_sheets():
            if sheet.state == "visible" and "chartsheet" not in relation.Type:
                return relation.target
        raise ValueError("no sheet")

    def last_line(self) -> int | None:
        """The last line as the sheet itself says it, where it does."""
        with self.archive.open(self.sheet_path) as source:
            found = _DIMENSION.search(source.read(_BEFORE_DATA))
        return int(found[1]) if found else None


@contextmanager
def open_sheet(path: Path) -> Iterator[tuple[Iterator[tuple[int, list[Cell]]], int | None]]:
    """The first sheet: (line number, cells) of each row that is there, and the last line if known.

    Raises what zipfile, ElementTree and openpyxl raise on a broken file.
    """
    with path.open("rb") as file:
        reader = _Reader(file, read_only=True, data_only=False, keep_links=False)
        try:
            reader.read()
            yield _rows(reader), reader.last_line()
        finally:
            if isinstance(reader.shared_strings, SpilledStrings):
                reader.shared_strings.close()
            reader.archive.close()


def _rows(reader: _Reader) -> Iterator[tuple[int, list[Cell]]]:
    """Each row of the sheet, letting go of the rows already passed."""
    book, data = reader.wb, None
    with reader.archive.open(reader.sheet_path) as source:
        parser = WorkSheetParser(
            source,
            reader.shared_strings,
            epoch=book.epoch,
            date_formats=book._date_formats,
            timedelta_formats=book._timedelta_formats,
        )
        for event, element in ET.iterparse(source, events=("start", "end")):
            if event == "start" and element.tag == DATA_TAG:
                data = element
            elif event == "end" and element.tag == ROW_TAG:
                line, cells = parser.parse_row(element)
                yield line, _in_columns(cells)
                data.clear()
                parser.row_dimensions.clear()


def _in_columns(cells: list[dict]) -> list[Cell]:
    """Cells placed by their column; what the file leaves out is an empty cell."""
    placed: list[Cell] = []
    for cell in cells:
        gap = cell["column"] - 1 - len(placed)
        placed.extend([("n", None)] * gap)
        placed.append((cell["data_type"], cell["value"]))
    return placed
