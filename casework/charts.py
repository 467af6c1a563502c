"""Charts as SVG drawn on the server. Pure: numbers and words in, markup out.

Only presentation attributes are used, so that a strict content security policy needs no
exception. Each chart has a title and a description; the table beside it holds the same
figures, and prints where colours do not.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

INK, MUTED, LINE = "#1B2430", "#56616F", "#D8DEE6"
# Told apart in grey print too: dark, light, middle.
TONES = ("#0A5FA8", "#8DB8DC", "#56616F")
WIDTH, HEIGHT = 560, 240
LEFT, RIGHT, TOP, BOTTOM = 44, 8, 28, 30
GAP = 0.3  # the share of a column that stays empty
MAX_LABELS = 14
ROW = 26
NAME_WIDTH = 120


@dataclass(frozen=True)
class Series:
    """One row of figures, with its name."""

    name: str
    values: Sequence[int]


def columns(ident: str, title: str, labels: Sequence[str], series: Sequence[Series]) -> str:
    """Upright bars, side by side where there are several series. `ident` is unique on the page."""
    top = nice_ceiling(max((value for one in series for value in one.values), default=0))
    width, height = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM
    slot = width / max(len(labels), 1)
    bar = slot * (1 - GAP) / max(len(series), 1)
    marks = [*_grid(top, height), *_legend(series)]
    for place, label in enumerate(labels):
        x = LEFT + slot * place
        for number, one in enumerate(series):
            tall = height * one.values[place] / top
            marks.append(
                _rect(
                    x + slot * GAP / 2 + bar * number,
                    TOP + height - tall,
                    bar,
                    tall,
                    TONES[number % len(TONES)],
                    f"{label} {one.name} {one.values[place]}",
                )
            )
        if len(labels) <= MAX_LABELS or place % -(-len(labels) // MAX_LABELS) == 0:
            marks.append(_text(x + slot / 2, HEIGHT - 10, label, "middle"))
    return _svg(ident, title, describe(labels, series), marks, HEIGHT)


def shares(ident: str, title: str, rows: Sequence[tuple[str, int, int]]) -> str:
    """Lying bars of (name, part, whole): how much of each whole the part is."""
    width = WIDTH - NAME_WIDTH - 92
    marks = []
    for place, (name, part, whole) in enumerate(rows):
        y = 8 + ROW * place
        filled = width * part / whole if whole else 0
        said = f"{name} {share_text(part, whole)}"
        marks += [
            _text(NAME_WIDTH - 8, y + 14, name, "end", INK),
            _rect(NAME_WIDTH, y + 2, width, 16, "#E8F1F9", said),
            _rect(NAME_WIDTH, y + 2, filled, 16, TONES[0], said),
            _text(NAME_WIDTH + width + 8, y + 14, share_text(part, whole), "start"),
        ]
    text = ";".join(f"{name} {share_text(part, whole)}" for name, part, whole in rows)
    return _svg(ident, title, text or "没有数据", marks, 16 + ROW * max(len(rows), 1))


def share_text(part: int, whole: int) -> str:
    """12/40(30%), or 无 without a whole."""
    return f"{part}/{whole}({percent(part, whole)}%)" if whole else "无"


def percent(part: int, whole: int) -> int:
    """A whole percent, rounded half up; 0 without a whole."""
    return (200 * part + whole) // (2 * whole) if whole else 0


def nice_ceiling(value: int) -> int:
    """The top of an axis: 4, or 4 steps of 1, 2 or 5 times a power of ten."""
    step = 1
    while step * 4 < value:
        step = step * 5 // 2 if str(step)[0] == "2" else step * 2
    return step * 4


def describe(labels: Sequence[str], series: Sequence[Series]) -> str:
    """The figures in words, for whoever cannot see the picture."""
    if not any(value for one in series for value in one.values):
        return "没有数据"
    return "；".join(
        f"{one.name}："
        + "，".join(f"{label} {n}" for label, n in zip(labels, one.values, strict=True))
        for one in series
    )


def _grid(top: int, height: int) -> list[str]:
    marks = []
    for step in range(5):
        y = TOP + height - height * step / 4
        marks.append(
            f'<line x1="{LEFT}" y1="{y:.1f}" x2="{WIDTH - RIGHT}" y2="{y:.1f}" '
            f'stroke="{LINE}" stroke-width="1"/>'
        )
        marks.append(_text(LEFT - 8, y + 4, str(top * step // 4), "end"))
    return marks


def _legend(series: Sequence[Series]) -> list[str]:
    marks, x = [], LEFT
    for number, one in enumerate(series if len(series) > 1 else ()):
        marks.append(_rect(x, 6, 12, 12, TONES[number % len(TONES)], one.name))
        marks.append(_text(x + 18, 16, one.name, "start", INK))
        x += 40 + 14 * len(one.name)
    return marks


def _rect(x: float, y: float, width: float, height: float, fill: str, said: str) -> str:
    return (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" '
        f'fill="{fill}"><title>{escape(said)}</title></rect>'
    )


def _text(x: float, y: float, text: str, anchor: str, fill: str = MUTED) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{fill}" '
        f'font-size="12">{escape(text)}</text>'
    )


def _svg(ident: str, title: str, description: str, marks: list[str], height: int) -> str:
    labelled = quoteattr(f"{ident}-title {ident}-desc")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
        f'role="img" aria-labelledby={labelled}>'
        f"<title id={quoteattr(f'{ident}-title')}>{escape(title)}</title>"
        f"<desc id={quoteattr(f'{ident}-desc')}>{escape(description)}</desc>"
        f"{''.join(marks)}</svg>"
    )
