"""The bills of a claim and the lines of one of them as HTML, by one format string a row.

A claim has hundreds of lines; see casework.admin.case_html. Everything that is put in is
escaped by `fill`.
"""

from collections.abc import Iterable

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from casework.kinds import Finding
from config.markup import fill, joined
from reimbursements.admin.claim_bills import BillRow, LineRow

_BILL = (
    '<tr{current}><td class="desk-number">{nth}</td>'
    '<td><a class="desk-row-link claim-title" href="?{query}at={pk}#bill">{number}</a>{day}<br>'
    '<span class="desk-source">{kind}{paper}</span></td><td class="desk-figure">{total}</td>'
    '<td class="desk-nowrap"><span class="desk-tone desk-tone--{tone}">{decision}</span>'
    '{accepted}</td><td class="desk-nowrap">{doubts}</td></tr>\n'
)
_CURRENT = mark_safe(' class="is-current" aria-current="true"')
_SOURCE = ' <span class="desk-source">{}</span>'
_DOUBTS = '<strong class="desk-urgent">{} 项</strong>'
_NO_DOUBT = mark_safe('<span class="desk-none">无</span>')
_LINE = (
    "<tr><td>{nth}</td><td>{name}{findings}</td><td>{cls}{share}</td>"
    '<td class="desk-figure">{amount}</td><td><input name="line-{nth}" value="{cut}" '
    'inputmode="decimal" autocomplete="off" maxlength="16" class="claim-short" '
    'aria-label="第 {nth} 项核减金额"></td></tr>\n'
)
_READ = "<li>{}. {} · {}{} · {} 元{}</li>"
FINDING = "admin/casework/case/finding.html"


def bill_list(rows: Iterable[BillRow], query: str) -> SafeString:
    """The list of the bills. `query` is the filter one came with, kept in each address."""
    kept = f"{query}&" if query else ""
    return joined(_bill(row, kept) for row in rows)


def _bill(row: BillRow, query: str) -> SafeString:
    return fill(
        _BILL,
        current=_CURRENT if row.current else "",
        nth=row.nth,
        query=query,
        pk=row.pk,
        number=row.number,
        day=fill(_SOURCE, row.day) if row.day else "",
        kind=row.kind,
        paper=f" · {row.paper}" if row.paper else "",
        total=row.total,
        tone=row.tone,
        decision=row.decision,
        accepted=fill(_SOURCE, row.accepted) if row.accepted else "",
        doubts=fill(_DOUBTS, row.doubts) if row.doubts else _NO_DOUBT,
    )


def lines_to_cut(lines: Iterable[LineRow]) -> SafeString:
    """The lines of a bill, each with its doubts and a field for what is cut of it."""
    return joined(
        fill(
            _LINE,
            nth=line.nth,
            name=line.name,
            findings=_findings(line.findings) if line.findings else "",
            cls=line.cls,
            share=fill(_SOURCE, f"先行自付 {line.share}") if line.share else "",
            amount=line.amount,
            cut=line.cut,
        )
        for line in lines
    )


def lines_to_read(lines: Iterable[LineRow]) -> SafeString:
    """The lines of a bill for somebody who does not decide it."""
    return joined(
        fill(
            _READ,
            line.nth,
            line.name,
            line.cls,
            f"，先行自付 {line.share}" if line.share else "",
            line.amount,
            f"，核减 {line.cut} 元" if line.cut else "",
        )
        for line in lines
    )


def _findings(found: list[Finding]) -> SafeString:
    shown = (render_to_string(FINDING, {"found": each, "extra": ""}) for each in found)
    return joined(shown)
