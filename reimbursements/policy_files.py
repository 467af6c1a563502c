"""The text and the examples of a policy, and files taken apart into versions. Pure.

A file may hold several versions in order; a row of the database holds one. The text of a
version is the head of the file and the lines of that version, which the engine proves to
say the same.
"""

import csv
import io
from dataclasses import dataclass
from pathlib import Path

from reimbursements.settlement import Policy, PolicyError, load_policy, read_policy
from reimbursements.settlement.cases import CaseResult, case_files, read_rows, run_rows
from reimbursements.settlement.yamltree import read_tree

CASES_NAME = "例子"
PARTS = {
    "total": "总费用",
    "own_expense": "全自费",
    "over_limit": "超限价",
    "self_first": "先行自付",
    "in_scope": "政策范围内",
    "deductible": "起付标准",
    "account": "个人账户",
    "cash": "现金",
    "personal": "个人负担",
    "error": "错误",
}


@dataclass(frozen=True)
class ShippedVersion:
    """One version of a file: what it says, and its examples as CSV."""

    text: str
    cases: str


def versions_of(file: Path) -> list[ShippedVersion]:
    """The versions of a file, oldest first, with the examples beside it.

    Raises PolicyError for a file that is refused or cannot be taken apart, CaseTableError
    for a table that cannot be read.
    """
    policy = load_policy(file)
    rows = joined([read_rows(table.read_bytes(), str(table)) for table in case_files(file)])
    results = run_rows(policy, rows, str(file)) if rows else []
    text = file.read_bytes().decode("utf-8-sig")
    if len(policy.versions) == 1:
        return [ShippedVersion(text, as_csv(rows))]
    texts = split(text, policy)
    return [
        ShippedVersion(part, as_csv(_rows_of(version.name, rows, results)))
        for version, part in zip(policy.versions, texts, strict=True)
    ]


def split(text: str, policy: Policy) -> list[str]:
    """One text for each version. Raises PolicyError when the lines cannot be taken apart:
    the versions must be the last key of the file and stand in lines of their own."""
    lines = _without_ends(text, policy)
    bare = read_policy("".join(lines), policy.file)
    starts = [_start(lines, version.line - 1) for version in bare.versions]
    ends = [*starts[1:], len(lines)]
    parts = []
    for version, first, last in zip(bare.versions, starts, ends, strict=True):
        part = "".join([*lines[: starts[0]], *lines[first:last]])
        if _fingerprint(part, policy) != version.sha256:
            raise _inseparable(policy, version.line)
        parts.append(part)
    return parts


def joined(tables: list[list[list[str]]]) -> list[list[str]]:
    """Several tables as one, with the columns of all of them."""
    if len(tables) < 2:
        return tables[0] if tables else []
    head = list(dict.fromkeys(name for table in tables if table for name in table[0]))
    rows = [head]
    for table in tables:
        for cells in table[1:]:
            values = dict(zip(table[0], cells, strict=False))
            rows.append([values.get(name, "") for name in head])
    return rows


def as_csv(rows: list[list[str]]) -> str:
    """Rows of a table as CSV text; "" for none."""
    target = io.StringIO()
    csv.writer(target, lineterminator="\n").writerows(rows)
    return target.getvalue()


def _rows_of(name: str, rows: list[list[str]], results: list[CaseResult]) -> list[list[str]]:
    """The head, and the examples that this version settles."""
    own = {
        result.row
        for result in results
        if result.settled and result.settled["policy"]["version"] == name
    }
    found = [cells for number, cells in enumerate(rows, 1) if number in own]
    return [rows[0], *found] if found else []


def _without_ends(text: str, policy: Policy) -> list[str]:
    """The lines without the stated last days, which only say what the next version says."""
    items = read_tree(text, policy.file).value["versions"].value
    stated = [item.value["valid_to"].line for item in items if "valid_to" in item.value]
    lines = text.splitlines(keepends=True)
    for line in stated:
        if not lines[line - 1].lstrip().startswith("valid_to:"):
            raise _inseparable(policy, line)
    return [line for number, line in enumerate(lines, 1) if number not in stated]


def _start(lines: list[str], first: int) -> int:
    """Where a version begins: with the remarks right above it."""
    while first and lines[first - 1].lstrip().startswith("#"):
        first -= 1
    return first


def _fingerprint(text: str, policy: Policy) -> str:
    try:
        return read_policy(text, policy.file).versions[0].sha256
    except PolicyError as error:
        raise _inseparable(policy, error.line) from error


def _inseparable(policy: Policy, line: int) -> PolicyError:
    return PolicyError(
        policy.file,
        line,
        "versions",
        "各版本的文字分不开",
        "versions 写在文件最后，每个版本和它的 valid_to 各自另起一行",
    )


# --- as people read and write them -------------------------------------------------


def refusal(error: PolicyError) -> str:
    """A refusal of the loader as it stands beside the text: the line first."""
    where = f"第 {error.line} 行：" if error.line else ""
    name = f"{error.path}：" if error.path else ""
    return f"{where}{name}{error.found}；应为：{error.expected}"


def plain_text(typed: str) -> str:
    """A text as a browser sends it, with the line ends of a file and one at its end."""
    text = typed.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n")
    return f"{text}\n" if text else ""


def examples_of(policy: Policy, cases: str) -> list[CaseResult]:
    """What the examples give under a policy; none for an empty table.

    Raises CaseTableError (Chinese, with the line) for a table that cannot be read.
    """
    if not cases.strip():
        return []
    return run_rows(policy, read_rows(cases.encode(), CASES_NAME), CASES_NAME)


def in_words(policy: Policy, result: CaseResult) -> list[str]:
    """What came out differently in an example, with the Chinese names of the columns."""
    if not result.wrong:
        return list(result.problems)
    return [
        f"{_title(policy, column)}期望 {wanted}，算出 {found}"
        for column, wanted, found in result.wrong
    ]


def _title(policy: Policy, column: str) -> str:
    return PARTS.get(column) or policy.fund_labels.get(column.removeprefix("funds."), column)
