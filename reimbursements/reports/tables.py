"""The figures as tables, the same for the page and the workbook. Amounts in fen until they
are written; no name, number or other thing personal is in any of them."""

from dataclasses import dataclass
from decimal import Decimal

from reimbursements.pages.explained import grouped
from reimbursements.reports.figures import Line, Report
from reimbursements.reports.money import Money

COUNT, MONEY, TEXT = "count", "money", "text"
MONEY_NOTE = "金额单位：元。已支付、支付未成功按银行回盘的日期，已追回按到账日期。"
BALANCE_NOTE = (
    "金额单位：元。当月最后一天的余额，当月未完的是统计时的余额。到任何一个月末，累计审批应付（各基金"
    "和人工调整）＝累计已支付－累计已追回＋待支付＋支付未成功－待追回。"
)


@dataclass(frozen=True)
class Table:
    """A heading, the columns as (words, what they are), rows of values, and what it counts."""

    ident: str
    heading: str
    columns: list[tuple[str, str]]
    rows: list[list]
    note: str = ""

    @property
    def shown(self) -> list[list[str]]:
        """The rows as the page writes them: yuan with thousands separators."""
        kinds = [kind for _, kind in self.columns]
        return [
            [
                grouped(cell) if kind == MONEY else str(cell)
                for cell, kind in zip(row, kinds, strict=True)
            ]
            for row in self.rows
        ]

    @property
    def written(self) -> list[list]:
        """The rows as a workbook holds them: yuan as exact numbers."""
        kinds = [kind for _, kind in self.columns]
        return [
            [
                Decimal(cell) / 100 if kind == MONEY else cell
                for cell, kind in zip(row, kinds, strict=True)
            ]
            for row in self.rows
        ]


def tables(found: Report) -> list[Table]:
    """Every table of a report, in the order of the page."""
    return [
        _of_lines(found, "months", "按审批月份", "月份", found.months),
        _of_money(found.money),
        _of_balance(found.money),
        _of_lines(found, "counties", "按参保地", "参保地", found.counties),
        _of_lines(found, "places", "按就医地", "就医地", found.places),
        _of_lines(found, "kinds", "按就医类别", "就医类别", found.kinds),
        _cuts(found),
        _stages(found),
        Table(
            "ended",
            "收到的申请，和没有报销的",
            [("", TEXT), ("件数", COUNT)],
            [list(row) for row in found.ended],
            "按收到、决定的日期统计。",
        ),
    ]


def _of_lines(found: Report, ident: str, heading: str, first: str, lines: list[Line]) -> Table:
    total = [found.total] if len(lines) > 1 else []
    adjusted = bool(found.total.adjusted)
    columns = [
        (first, TEXT),
        ("报销（件）", COUNT),
        ("就医（次）", COUNT),
        ("申报金额", MONEY),
        ("核减", MONEY),
        ("政策范围内", MONEY),
        *((words, MONEY) for _, words in found.funds),
        ("个人账户", MONEY),
        ("个人现金", MONEY),
        *([("人工调整", MONEY)] if adjusted else []),
    ]
    rows = [
        [
            line.label,
            line.claims,
            line.stays,
            line.claimed,
            line.cut,
            line.in_scope,
            *(line.funds.get(code, 0) for code, _ in found.funds),
            line.account,
            line.own,
            *([line.adjusted] if adjusted else []),
        ]
        for line in (*lines, *total)
    ]
    return Table(ident, heading, columns, rows, "金额单位：元。冲销和补报的差额记在办理当日。")


def _of_money(found: Money) -> Table:
    """What moved in each month."""
    total = [found.total] if len(found.months) > 1 else []
    columns = [
        ("月份", TEXT),
        ("已支付（笔）", COUNT),
        ("已支付", MONEY),
        ("支付未成功（笔）", COUNT),
        ("支付未成功", MONEY),
        ("列为待追回", MONEY),
        ("已追回", MONEY),
    ]
    rows = [
        [
            one.label,
            one.paid,
            one.paid_fen,
            one.sent_back,
            one.sent_back_fen,
            one.due_fen,
            one.got_back_fen,
        ]
        for one in (*found.months, *total)
    ]
    return Table("money", "支付与追回", columns, rows, MONEY_NOTE)


def _of_balance(found: Money) -> Table:
    """What stood at the end of each month."""
    columns = [
        ("月份", TEXT),
        ("待支付（件）", COUNT),
        ("待支付", MONEY),
        ("支付未成功（件）", COUNT),
        ("支付未成功", MONEY),
        ("待追回", MONEY),
    ]
    rows = [
        [one.label, one.waiting, one.waiting_fen, one.failed, one.failed_fen, one.left_fen]
        for one in found.months
    ]
    return Table("balance", "月末余额", columns, rows, BALANCE_NOTE)


def _cuts(found: Report) -> Table:
    whole = found.total.claimed
    return Table(
        "cuts",
        "核减理由",
        [("理由", TEXT), ("票据（张）", COUNT), ("核减金额", MONEY), ("占申报", TEXT)],
        [[cut.text, cut.bills, cut.fen, share(cut.fen, whole)] for cut in found.cuts],
        "金额单位：元。",
    )


def _stages(found: Report) -> Table:
    return Table(
        "stages",
        "各环节用时",
        [
            ("环节", TEXT),
            ("经过（次）", COUNT),
            ("一半不超过（工作日）", COUNT),
            ("九成不超过（工作日）", COUNT),
        ],
        [[one.label, one.count, one.median, one.ninetieth] for one in found.stages],
        "当天办完的为 0；退回后再办的另算一次；补正期间不计。不分就医地。",
    )


def share(part: int, whole: int) -> str:
    """A share with one decimal, rounded half up: 12.5%; 无 without a whole."""
    if whole <= 0:
        return "无"
    thousandths = (2000 * part + whole) // (2 * whole)
    return f"{'-' if thousandths < 0 else ''}{abs(thousandths) // 10}.{abs(thousandths) % 10}%"
