"""Sources and tables of a policy file: whole, without overlaps, each row with its rule."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from reimbursements.settlement import read_values
from reimbursements.settlement.conditions import (
    Box,
    Vocabulary,
    example,
    first_uncovered,
    meet,
    read_when,
)
from reimbursements.settlement.model import (
    Rule,
    Table,
    TableRow,
)
from reimbursements.settlement.terms import MARKS
from reimbursements.settlement.yamltree import Item, Section


@dataclass(frozen=True)
class Context:
    """What every block of a version needs to be read: words, references, scope, source."""

    vocabulary: Vocabulary
    references: dict[str, int]
    space: Box
    rule: Rule

    def within(self, item: Item | None) -> "tuple[Context, Box]":
        """This context narrowed by a ``when``; refused when nothing is left of it."""
        box = read_when(item, self.vocabulary)
        space = meet(self.space, box)
        if space is None:
            item.fail("与 covers 和上级 when 相容的条件", "这个条件在本块范围内永远用不到")
        return replace(self, space=space), box

    def sourced(self, section: Section) -> "Context":
        """This context with the source, mark and note that a block writes for itself."""
        return replace(self, rule=read_rule(section, self.rule))


def read_rule(section: Section, parent: Rule) -> Rule:
    """``source``, ``mark`` and ``note`` of a block; what is not written is inherited."""
    rule = parent
    item = section.get("source")
    if item is not None:
        doc_no, text = read_source(item)
        rule = rule._replace(doc_no=doc_no, source=text)
    mark = section.get("mark")
    if mark is not None:
        rule = rule._replace(mark=read_values.choice(mark, dict.fromkeys(MARKS, "标记")))
    note = section.get("note")
    return rule._replace(note=note.text()) if note is not None else rule


def read_source(item: Item) -> tuple[str | None, str]:
    """文号 and one line of text for a source: title, day and address."""
    section = Section(item, "来源，例如 {title: 文件名, doc_no: 文号, url: 网址}")
    title = section.need("title", "文件或网页的名称").text()
    parts = {key: section.get(key) for key in ("doc_no", "url", "published", "trust")}
    section.done()
    if parts["published"] is not None:
        published = parts["published"].text(read_values.DAY)
        if len(published) == 10:
            read_values.day(parts["published"])
    texts = {key: found.text() for key, found in parts.items() if found is not None}
    tail = "，".join(texts[key] for key in ("published", "url") if key in texts)
    text = f"{title}（{tail}）" if tail else title
    return texts.get("doc_no"), text


def read_table(
    section: Section,
    context: Context,
    read_value: Callable[[Section, Context], object],
    whole: bool,
) -> Table:
    """The rows of a block, or the block itself as its only row; then the exceptions.

    With ``whole`` every stay in the scope must find a row. Raises PolicyError on a
    row that can never hold, on two rows that can hold together and on a gap.
    """
    rows = section.get("rows")
    if rows is None:
        value = read_value(section, context)
        base = [TableRow({}, value, context.rule, section.item.line)]
    else:
        base = [_read_row(row, context, read_value) for row in rows.items("若干行")]
        _refuse_overlap(rows, base, context)
    special = section.get("exceptions")
    extra = []
    if special is not None:
        extra = [_read_row(row, context, read_value) for row in special.items("若干行")]
        _refuse_overlap(special, extra, context)
    if whole:
        boxes = [row.when for row in (*base, *extra)]
        gap = first_uncovered(context.space, boxes, context.vocabulary)
        if gap is not None:
            asked = [dimension for box in boxes for dimension in box]
            gap = {dimension: gap[dimension] for dimension in gap if dimension in asked}
            (rows or section.item).fail(
                "每一种情况都有一行",
                f"有空缺：没有一行适用于 {example(gap, context.vocabulary)}",
            )
    return Table(tuple(base), tuple(extra))


def _read_row(item: Item, context: Context, read_value) -> TableRow:
    section = Section(item, "一行，例如 {when: {level: 三级}, …}")
    inner, box = context.within(section.get("when"))
    inner = inner.sourced(section)
    value = read_value(section, inner)
    section.done()
    return TableRow(box, value, inner.rule, item.line)


def _refuse_overlap(item: Item, rows: list[TableRow], context: Context) -> None:
    if not rows:
        item.fail("至少一行", "列表是空的")
    for place, row in zip(item.items(), rows, strict=True):
        for other in rows[: rows.index(row)]:
            space = meet(context.space, row.when)
            common = meet(space, other.when)
            if common is not None:
                asked = {d: common[d] for d in common if d in row.when or d in other.when}
                shown = example(asked, context.vocabulary)
                place.fail(
                    "各行互不重叠（例外写在 exceptions 里）",
                    f"与第 {other.line} 行重叠：两行都适用于 {shown}",
                )
