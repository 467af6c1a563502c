"""The lines of the queue as HTML, by one format string a line.

The template engine resolves some thirty names and conditions a line, which was half of what
the page of a hundred lines cost. Everything that is put in is escaped by `fill`.
"""

from collections.abc import Iterable

from django.utils.safestring import SafeString, mark_safe

from casework.admin.rows import Row
from config.markup import fill, joined

LINE = (
    '<tr>{tick}<td><span class="desk-tone desk-tone--{tone}">{time}</span>{hospital}</td>'
    '<td><a class="desk-row-link" href="{url}?{query}">{number}</a></td>'
    '<td class="desk-matter">{matter}</td><td class="desk-nowrap">{places}</td>'
    '<td>{doubts}</td><td class="desk-number">{documents}</td>{state}{clerk}</tr>\n'
)
TICK = '<td><input type="checkbox" name="pk" value="{}" aria-label="勾选 {}"></td>'
MORE = (
    '<span class="desk-doubt desk-doubt--more" tabindex="0">+{}'
    '<span class="desk-tip" role="tooltip">{}</span></span>'
)
NO_DOUBT = mark_safe('<span class="desk-none">无</span>')


def lines(
    rows: Iterable[Row], query: str, *, ticks: bool, shows_state: bool, shows_clerk: bool
) -> SafeString:
    """The body of the table. `query` is the filter one came with, kept in each address;
    `ticks` for those who may act; the last two say which optional columns there are."""
    return joined(
        fill(
            LINE,
            tick=fill(TICK, row.key, row.number) if ticks else "",
            tone=row.tone,
            time=row.time_text,
            hospital=_hospital(row.hospital),
            url=row.url,
            query=query,
            number=row.number,
            matter=row.matter,
            places=f"{row.origin} → {row.destination}" if row.destination else row.origin,
            doubts=_doubts(row),
            documents=row.documents,
            state=fill('<td class="desk-nowrap">{}</td>', row.state) if shows_state else "",
            clerk=_clerk(row.clerk) if shows_clerk else "",
        )
        for row in rows
    )


def _hospital(words: str) -> str:
    return fill(' <span class="desk-urgent">{}</span>', words) if words else ""


def _clerk(name: str) -> SafeString:
    return fill('<td class="desk-nowrap">{}</td>', name or "—")


def _doubts(row: Row) -> SafeString:
    if not row.first_doubts:
        return NO_DOUBT
    shown = joined(fill('<span class="desk-doubt">{}</span>', word) for word in row.first_doubts)
    if not row.more_doubts:
        return shown
    return shown + fill(MORE, len(row.more_doubts), "、".join(row.more_doubts))
