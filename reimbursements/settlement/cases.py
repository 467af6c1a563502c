"""Golden tables: an official's worked examples beside a policy, run as tests.

A table has one example a row. Columns named like the fields of `settle` are input,
columns that begin with ``expect.`` (or 期望.) are what must come out; every name has a
Chinese form, so that a table can be kept by people who never read JSON.
"""

import csv
import io
import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple

from openpyxl import load_workbook

from reimbursements.settlement.errors import CaseTableError, StayError
from reimbursements.settlement.jsonio import parse_line, settle_data
from reimbursements.settlement.model import Policy
from reimbursements.settlement.read_stay import FIELDS, Number

INPUT_NAMES = {
    "就医类别": "kind",
    "医院等级": "level",
    "起付线等级": "charging_level",
    "就医地": "place",
    "备案类别": "filing",
    "人员类别": "person_group",
    "年龄": "age",
    "第几次住院": "nth_stay",
    "入院日": "admitted_on",
    "出院日": "discharged_on",
    "结算日": "settled_on",
    "总费用": "total",
    "全自费": "own_expense",
    "超限价": "over_limit",
    "先行自付": "self_first",
    "政策范围内": "in_scope",
    "明细": "lines",
    "账户余额": "account_balance",
    "标签": "tags",
    "医院": "institution",
    "年度累计": "year",
}
EXPECTED_NAMES = {
    **{
        name: INPUT_NAMES[name] for name in ("总费用", "全自费", "超限价", "先行自付", "政策范围内")
    },
    "起付标准": "deductible",
    "个人账户": "account",
    "现金": "cash",
    "个人负担": "personal",
    "错误": "error",
}
TITLES = {"名称": "case", "来源": "source", "case": "case", "source": "source"}
_AMOUNTS = ("deductible", "account", "cash", "personal")
_EXPECTED = ("total", "own_expense", "over_limit", "self_first", "in_scope", *_AMOUNTS, "error")
_JSON_CELLS = ("lines", "year")
_LIST_CELLS = ("person_group", "tags")
MAX_ROWS = 10_000
MAX_UNPACKED = 64 * 1024 * 1024  # bytes of a workbook once unpacked


class CaseResult(NamedTuple):
    """One example: its row in the table and what came out differently (empty: passed).

    ``wrong`` says the same as ``problems`` in parts: column, wanted and found; ``settled``
    is the object that `settle` writes, None where the facts were refused.
    """

    row: int
    name: str
    problems: tuple[str, ...]
    wrong: tuple[tuple[str, str, str], ...] = ()
    settled: dict | None = None


def case_files(policy_file: Path) -> list[Path]:
    """The tables beside a policy file: ``430100-310.cases.csv`` for ``430100-310.yaml``."""
    start = f"{policy_file.stem}."
    return sorted(
        path
        for path in policy_file.parent.iterdir()
        if path.name.startswith(start) and path.suffix.lower() in (".csv", ".xlsx")
    )


def run_cases(policy: Policy, path: Path) -> list[CaseResult]:
    """Settle every example of a table. Raises CaseTableError when it cannot be read."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise CaseTableError(f"{path}：读不出这个表格，应为 CSV 或 XLSX") from error
    return run_rows(policy, read_rows(data, str(path)), str(path))


def run_rows(policy: Policy, rows: list[list[str]], path: str) -> list[CaseResult]:
    """Settle every example of a table that is already read (`read_rows`); ``path`` is only
    named in refusals. Raises CaseTableError for a table that is none."""
    if not rows:
        raise CaseTableError(f"{path}：表是空的，第一行应为列名")
    names = [_column(str(cell or "").strip(), policy, path) for cell in rows[0]]
    if not any(name.startswith("expect.") for name in names):
        raise CaseTableError(f"{path}：没有期望列，至少写一列，例如 expect.funds.basic")
    results = []
    for number, cells in enumerate(rows[1:], 2):
        values = {
            name: cell for name, cell in zip(names, cells, strict=False) if name and cell != ""
        }
        if values:
            results.append(_run(policy, path, number, values))
    if not results:
        raise CaseTableError(f"{path}：表里没有例子")
    return results


def read_rows(data: bytes, name: str) -> list[list[str]]:
    """The cells of a CSV or XLSX file as texts, told apart by the end of its name.

    Raises CaseTableError (Chinese) when it cannot be read.
    """
    try:
        if name.lower().endswith(".xlsx"):
            return _read_xlsx(data, name)
        return [row for row in csv.reader(io.StringIO(_decode(data, name)))][: MAX_ROWS + 1]
    except CaseTableError:
        raise
    except Exception as error:
        raise CaseTableError(f"{name}：读不出这个表格，应为 CSV 或 XLSX") from error


def _decode(data: bytes, name: str) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise CaseTableError(f"{name}：文字编码认不出，请另存为 UTF-8")


def _read_xlsx(data: bytes, name: str) -> list[list[str]]:
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        if sum(part.file_size for part in packed.infolist()) > MAX_UNPACKED:
            raise CaseTableError(f"{name}：表格太大，请只留下例子")
    book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    try:
        sheet = book.worksheets[0]
        rows = sheet.iter_rows(max_row=MAX_ROWS + 1, values_only=True)
        return [[_cell_text(cell) for cell in row] for row in rows]
    finally:
        book.close()


def _cell_text(cell: object) -> str:
    """A cell as it was typed: Excel keeps numbers and days as values."""
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell).strip().removesuffix(".0")


def _column(name: str, policy: Policy, path: str) -> str:
    if not name:
        return ""
    if name in TITLES:
        return TITLES[name]
    for prefix in ("expect.", "期望."):
        if name.startswith(prefix):
            return _expected(name.removeprefix(prefix), policy, path)
    field = INPUT_NAMES.get(name, name)
    if field.split(".")[0] in FIELDS and (field in FIELDS or field.startswith("year.")):
        return field
    raise CaseTableError(f"{path} 第 1 行：不认识的列名“{name}”")


def _expected(name: str, policy: Policy, path: str) -> str:
    field = EXPECTED_NAMES.get(name, name)
    if field in _EXPECTED:
        return f"expect.{field}"
    fund = field.removeprefix("funds.")
    by_label = {label: code for code, label in policy.fund_labels.items()}
    fund = by_label.get(fund, fund)
    if fund in policy.fund_labels:
        return f"expect.funds.{fund}"
    known = "、".join([*_EXPECTED, *(f"funds.{code}" for code in policy.fund_labels)])
    raise CaseTableError(f"{path} 第 1 行：不认识的期望列“{name}”，可以写 {known}")


def _run(policy: Policy, path: str, number: int, values: dict[str, str]) -> CaseResult:
    name = values.pop("case", f"第 {number} 行")
    values.pop("source", None)
    expected = {k: values.pop(k) for k in list(values) if k.startswith("expect.")}
    if not expected:
        raise CaseTableError(f"{path} 第 {number} 行：没有写期望的结果")
    try:
        result, _ = settle_data(policy, _facts(values))
    except StayError as error:
        wanted = expected.get("expect.error")
        if wanted is not None and wanted == error.field:
            return CaseResult(number, name, ())
        return CaseResult(number, name, (f"没有算出结果：{error}",))
    wrong = []
    for column, wanted in expected.items():
        field = column.removeprefix("expect.")
        found = _find(result, field)
        if not _same(found, wanted):
            wrong.append((field, wanted, found))
    problems = tuple(f"{field} 期望 {wanted}，算出 {found}" for field, wanted, found in wrong)
    return CaseResult(number, name, problems, tuple(wrong), result)


def _facts(values: dict[str, str]) -> dict:
    data: dict = {}
    for name, text in values.items():
        if name in _JSON_CELLS:
            data[name] = parse_line(f'{{"cell":{text}}}')["cell"]
        elif name in _LIST_CELLS:
            data[name] = [word for word in text.replace("/", "、").split("、") if word]
        elif name.startswith("year."):
            _put(data.setdefault("year", {}), name.removeprefix("year."), text)
        else:
            data[name] = Number(text)
    return data


def _put(year: dict, name: str, text: str) -> None:
    section, _, inner = name.partition(".")
    if inner:
        year.setdefault(section, {})[inner] = text
    else:
        year[section] = text


def _find(result: dict, name: str) -> str:
    if name.startswith("funds."):
        return result["funds"].get(name.removeprefix("funds."), "0.00")
    return result.get(name, "有结果，没有错误")


def _same(found: str, wanted: str) -> bool:
    """Equal as amounts, so that ``600`` in a spreadsheet is ``600.00``."""
    whole, _, cents = wanted.partition(".")
    return found == f"{whole}.{cents.ljust(2, '0')}"
