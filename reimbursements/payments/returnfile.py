"""Reading what the bank sends back: a table, one line a payment, paid or not and why.

The columns are those of our own file with 结果 and 失败原因 added; others are refused, so
that a wrong file is noticed. Nothing here touches the database.
"""

from dataclasses import dataclass
from pathlib import Path

from facilities.tabular import BadRow, Column, open_table
from reimbursements.payments.bankfile import TOTAL
from reimbursements.settlement.money import parse_yuan, yuan

MAX_LINES = 2000  # a list holds 500 claims: whatever is longer is another file
COLUMNS = [
    Column("nth", "序号"),
    Column("batch", "批次号"),
    Column("number", "办件编号", also=("业务编号",)),
    Column("holder", "户名", also=("收款人",)),
    Column("account", "账号", also=("收款账号",)),
    Column("bank", "开户银行", also=("开户行",)),
    Column("yuan", "金额（元）", also=("金额",)),
    Column("fen", "金额（分）"),
    Column("purpose", "摘要"),
    Column("result", "结果", also=("支付结果", "交易结果")),
    Column("reason", "失败原因", also=("原因", "备注")),
]
PAID = frozenset({"成功", "支付成功", "交易成功", "已支付"})
FAILED = frozenset({"失败", "支付失败", "交易失败", "未成功", "退回", "退票"})
MAX_REASON = 200


@dataclass(frozen=True)
class Answer:
    """What the bank says of one payment; `fen` as the file has it."""

    line: int
    number: str
    batch: str
    fen: int
    paid: bool
    reason: str


@dataclass(frozen=True)
class Problem:
    """A line that cannot be taken in (0 for the file as a whole), and why."""

    line: int
    text: str


class _Bad(ValueError):
    """A line that cannot be taken in."""


def read_return(path: Path) -> tuple[list[Answer], list[Problem]]:
    """Every line of the file as an answer or a problem. Raises TableError (Chinese) for a
    file that is no table, or one with other columns."""
    answers, problems, total = [], [], None
    with open_table(path, COLUMNS) as table:
        for row in table.rows():
            if len(answers) + len(problems) >= MAX_LINES:
                problems.append(Problem(row.line, f"超过 {MAX_LINES} 行，请核对是不是这个批次"))
                break
            try:
                if isinstance(row, BadRow):
                    raise _Bad(row.reason)
                if row.values["nth"] == TOTAL:
                    total = (row.line, _fen(row.values))
                else:
                    answers.append(_answer(row.line, row.values))
            except _Bad as error:
                problems.append(Problem(row.line, str(error)))
    if not answers and not problems:
        problems.append(Problem(0, "文件里没有支付结果，请检查是不是选错了文件"))
    if total and not problems:
        problems += _unlike(total, answers)
    return answers, problems + _twice(answers)


def _answer(line: int, values: dict[str, str]) -> Answer:
    if not values["number"]:
        raise _Bad("缺少办件编号")
    result = values["result"]
    if result not in PAID | FAILED:
        known = "、".join(sorted(PAID) + sorted(FAILED))
        found = f"结果“{result[:20]}”不认识" if result else "缺少结果"
        raise _Bad(f"{found}，应为{known}之一")
    if result in FAILED and not values["reason"]:
        raise _Bad("支付失败的，须写明失败原因")
    return Answer(
        line=line,
        number=values["number"].removeprefix("'"),
        batch=values["batch"],
        fen=_fen(values),
        paid=result in PAID,
        reason=values["reason"][:MAX_REASON],
    )


def _fen(values: dict[str, str]) -> int:
    """The amount of a line, in yuan or in fen or in both, which must agree."""
    found = []
    if text := values["yuan"].replace(",", ""):
        try:
            found.append(parse_yuan(text))
        except ValueError:
            raise _Bad(f"金额“{values['yuan'][:20]}”应为元，最多两位小数，例如 1234.50") from None
    if text := values["fen"]:
        if not (text.isascii() and text.isdigit() and len(text) < 16):
            raise _Bad(f"金额（分）“{text[:20]}”应为整数")
        found.append(int(text))
    if not found:
        raise _Bad("缺少金额")
    if len(set(found)) > 1:
        raise _Bad("金额（元）与金额（分）不一致")
    return found[0]


def _unlike(total: tuple[int, int], answers: list[Answer]) -> list[Problem]:
    line, fen = total
    found = sum(answer.fen for answer in answers)
    if found == fen:
        return []
    return [Problem(line, f"合计写的是 {yuan(fen)} 元，各行相加是 {yuan(found)} 元")]


def _twice(answers: list[Answer]) -> list[Problem]:
    first: dict[str, int] = {}
    problems = []
    for answer in answers:
        before = first.setdefault(answer.number, answer.line)
        if before != answer.line:
            problems.append(Problem(answer.line, f"办件 {answer.number} 与第 {before} 行重复"))
    return problems
