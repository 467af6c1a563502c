"""Lines of a bill from a CSV or XLSX list, as hospitals export it.

All or nothing: when any line is bad, no line is taken and every bad line is named. Only
values are read; a formula is refused, never worked out.
"""

import re
import tempfile
import zipfile
import zlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from facilities.tabular import BadRow, BrokenQuote, Column, Row, TableError, open_table
from reimbursements.bills import linevalues
from reimbursements.bills.linevalues import BadValue
from reimbursements.settlement import money, read_bill

MAX_BYTES = 20 * 1024 * 1024  # as for uploads
MAX_UNPACKED = 200 * 1024 * 1024
MAX_LINES = read_bill.MAX_LINES  # what can be settled at once
MAX_PROBLEMS = 200
COLUMNS = [
    Column("name", "项目名称", True, also=("名称", "收费项目", "药品名称", "费用项目", "项目")),
    Column("amount", "金额", True, also=("总金额", "费用金额", "总价", "金额(元)", "费用")),
    Column(
        "class",
        "类别",
        also=("医保类别", "甲乙类", "甲/乙/丙", "甲乙丙", "费用等级", "收费等级", "目录类别"),
    ),
    Column("quantity", "数量", also=("用量", "总量")),
    Column("unit_price", "单价", also=("价格", "单价(元)")),
    Column(
        "ratio",
        "自付比例",
        also=("先行自付比例", "先自付比例", "个人先行自付比例", "自理比例"),
    ),
]
_ZIP = b"PK\x03\x04"
_TOTAL = re.compile(r"(?:合|总|共)\s*计[:：]?")
_SUBTOTAL = re.compile(r"(?:本页)?小\s*计[:：]?")
_BROKEN = (zlib.error, zipfile.BadZipFile, RuntimeError, ArithmeticError, AssertionError)
_DAMAGED = "文件已损坏，无法读取，请用 Excel 打开后另存为 .xlsx 或 CSV 再导入。"


@dataclass(frozen=True, slots=True)
class LineRead:
    """One line. `line` is its number in the file, `amount` fen, `ratio` basis points or None.

    `cls` is "" where the list does not say; quantity and unit price are None where absent.
    """

    line: int
    name: str
    cls: str
    amount: int
    ratio: int | None
    quantity: Decimal | None
    unit_price: Decimal | None

    def as_answer(self) -> dict[str, str]:
        """The line as the answers of a claim keep it, amounts in yuan."""
        ratio = "" if self.ratio is None else money.percent_of_points(self.ratio)
        amount = money.yuan(self.amount)
        cls = self.cls or linevalues.UNCLASSIFIED
        return {"name": self.name, "class": cls, "amount": amount, "self_first_ratio": ratio}


@dataclass(frozen=True, slots=True)
class LineProblem:
    """What is wrong, in Chinese; line 0 is the file as a whole."""

    line: int
    text: str

    def __str__(self) -> str:
        return f"第{self.line}行：{self.text}" if self.line else self.text


@dataclass(frozen=True, slots=True)
class LinesRead:
    """Lines or problems, never both. `unlisted` counts problems past MAX_PROBLEMS."""

    lines: tuple[LineRead, ...] = ()
    problems: tuple[LineProblem, ...] = ()
    unlisted: int = 0

    @property
    def total(self) -> int:
        """Fen of all lines."""
        return sum(line.amount for line in self.lines)


def read_lines(
    data: bytes, name: str = "", classes: Collection[str] = (), most: int = MAX_LINES
) -> LinesRead:
    """The lines of a CSV (UTF-8 or GB18030) or XLSX file, or what is wrong with it.

    `name` is the file's name, for the message only; `classes` are the words of the place's
    policy beside 甲类 乙类 丙类 自费 超限价; of more than `most` lines none is taken. Never raises
    on bad input.
    """
    refused = _refused(data)
    if refused:
        return _failed(f"“{name}”：{refused}" if name else refused)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "lines"
        path.write_bytes(data)
        try:
            return _read(path, frozenset(classes), most)
        except BrokenQuote as error:
            text = "从这一行起英文双引号没有配对，无法读取，请改正后重新导入整个文件。"
            return _failed(text, error.line)
        except TableError as error:
            return _failed(str(error))
        except _BROKEN:
            return _failed(_DAMAGED)


def _failed(text: str, line: int = 0) -> LinesRead:
    return LinesRead(problems=(LineProblem(line, text),))


def _refused(data: bytes) -> str:
    """Why the file is not even opened, or ""."""
    if not data.strip():
        return "文件是空的，请选择有费用明细的 CSV 或 XLSX 文件。"
    if len(data) > MAX_BYTES:
        return f"文件超过{MAX_BYTES // 1024 // 1024} MB，请分成几个文件导入。"
    if data.startswith(_ZIP) and not _fits(data):
        return _DAMAGED
    return ""


def _fits(data: bytes) -> bool:
    """Whether a ZIP says that it stays bounded; zipfile reads no more than it says."""
    try:
        with tempfile.SpooledTemporaryFile() as file:
            file.write(data)
            with zipfile.ZipFile(file) as package:
                return sum(entry.file_size for entry in package.infolist()) <= MAX_UNPACKED
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return False


def _read(path: Path, classes: frozenset[str], most: int) -> LinesRead:
    """The table read through. Raises TableError."""
    with open_table(path, COLUMNS, others=True) as table:
        collected = _Collected()
        for row in table.rows():
            collected.take(row, classes)
            if collected.count > most:
                return _failed(
                    f"明细超过 {most} 行，不能导入。请在“材料”一步上传清单，由经办人员审核。"
                )
    return collected.result()


class _Collected:
    """Lines and problems of the file so far."""

    def __init__(self):
        self.lines: list[LineRead] = []
        self.problems: list[LineProblem] = []
        self.count = 0
        self.stated: Row | None = None

    def take(self, row: Row | BadRow, classes: frozenset[str]) -> None:
        """Take one row."""
        self.count += 1
        if isinstance(row, BadRow):
            self.problems.append(LineProblem(row.line, _ended(row.reason)))
        elif _TOTAL.fullmatch(row.values["name"]):
            self.stated = row
        elif not _SUBTOTAL.fullmatch(row.values["name"]):
            self.problems += self._line(row, classes)

    def _line(self, row: Row, classes: frozenset[str]) -> list[LineProblem]:
        try:
            self.lines.append(_line(row, classes))
        except BadValue as error:
            return [LineProblem(row.line, str(error))]
        return []

    def result(self) -> LinesRead:
        """Nothing of a file with a bad line, or with a total that its lines do not make."""
        if self.stated and not self.problems:
            self.problems += _total_problems(self.stated, self.lines)
        if self.problems:
            shown = tuple(self.problems[:MAX_PROBLEMS])
            return LinesRead(problems=shown, unlisted=len(self.problems) - len(shown))
        if not self.lines:
            return _failed("文件里没有明细，只有表头。请填好明细再导入。")
        return LinesRead(lines=tuple(self.lines))


def _total_problems(stated: Row, lines: list[LineRead]) -> list[LineProblem]:
    """What is wrong with the row of the total: hospitals write it last."""
    summed = sum(line.amount for line in lines)
    try:
        total = linevalues.read_fen(stated.values["amount"])
    except BadValue as error:
        return [LineProblem(stated.line, str(error))]
    if total == summed:
        return []
    text = (
        f"合计是{money.yuan(total)}元，各行明细相加是{money.yuan(summed)}元，"
        f"相差{money.yuan(abs(total - summed))}元，请检查是否漏行或金额写错。"
    )
    return [LineProblem(stated.line, text)]


def _ended(reason: str) -> str:
    return reason if reason.endswith("。") else f"{reason}。"


def _line(row: Row, classes: frozenset[str]) -> LineRead:
    """One line from its texts. Raises BadValue with every reason."""
    values, reasons = {}, []
    for key, read in _READERS:
        try:
            values[key] = read(row.values[key])
        except BadValue as error:
            reasons.append(str(error))
    reasons += _class_reasons(values, row.values["class"], classes)
    if reasons:
        raise BadValue("".join(reasons))
    return LineRead(line=row.line, **values)


_READERS = (
    ("name", linevalues.read_name),
    ("amount", linevalues.read_fen),
    ("quantity", linevalues.read_quantity),
    ("unit_price", linevalues.read_unit_price),
    ("ratio", linevalues.read_ratio),
)


def _class_reasons(values: dict, text: str, classes: frozenset[str]) -> Iterator[str]:
    """Put the class among the values; yield what is wrong with it."""
    values["cls"] = linevalues.read_class(text)
    known = values["cls"] in linevalues.CLASSES or values["cls"] in classes
    like_formula = values["cls"].startswith(linevalues.FORMULA_SIGNS)
    if not known and (values.get("ratio") is None or like_formula):
        words = "、".join((*linevalues.CLASSES[1:], *sorted(classes)))
        yield f"类别“{text[:20]}”认不出，请写{words}之一，或在“自付比例”一列写明比例。"
