"""The colours keep their promise: text at least 4.5 to 1, lines of controls at least 3 to 1."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
TEXT, CONTROL = 4.5, 3.0
THEME = (ROOT / "static/css/theme.css").read_text()
TOKENS = dict(re.findall(r"--([\w-]+): (#[0-9A-F]{6});", THEME))

# What stands on what, as theme.css, forms.css and parts.css use them.
ON_GROUNDS = [
    (ink, ground)
    for ink in ("ink", "muted", "brand", "brand-hover", "done", "waiting", "late")
    for ground in ("card", "ground")
]
ON_TINTS = [
    ("done", "done-tint"),
    ("waiting", "waiting-tint"),
    ("late", "late-tint"),
    ("brand", "brand-tint"),
    ("brand-hover", "brand-tint"),
    ("muted", "ended-tint"),
    ("muted", "brand-tint"),
    ("on-brand", "brand"),
    ("on-brand", "brand-hover"),
    ("on-brand", "muted"),
    ("on-brand", "late"),
    ("ink", "focus"),
    *[("ink", f"{tone}-tint") for tone in ("brand", "done", "waiting", "late", "ended")],
]


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_black_on_white_is_twenty_one_to_one():
    assert round(contrast("#000000", "#FFFFFF"), 2) == 21


@pytest.mark.parametrize(("text", "ground"), ON_GROUNDS + ON_TINTS)
def test_text_is_readable_on_its_ground(text, ground):
    assert contrast(TOKENS[text], TOKENS[ground]) >= TEXT


@pytest.mark.parametrize("ground", ["card", "ground", "ended-tint"])
def test_the_line_of_a_control_is_seen(ground):
    assert contrast(TOKENS["field-line"], TOKENS[ground]) >= CONTROL


def test_the_focus_ring_is_seen_on_every_ground():
    """Yellow alone is pale on white: the ink line inside it carries the contrast."""
    for ground in ("card", "ground", "brand-tint", "brand"):
        ring = max(contrast(TOKENS[ring], TOKENS[ground]) for ring in ("focus", "ink"))
        assert ring >= CONTROL


def test_the_colours_are_those_of_the_design():
    agreed = {
        "ink": "#1B2430",
        "muted": "#56616F",
        "line": "#D8DEE6",
        "ground": "#F4F6F9",
        "card": "#FFFFFF",
        "brand": "#0A5FA8",
        "brand-hover": "#084B86",
        "brand-tint": "#E8F1F9",
        "done": "#1B7F4B",
        "waiting": "#8A5A00",
        "late": "#B3261E",
        "focus": "#FFBF47",
    }
    assert {name: TOKENS[name] for name in agreed} == agreed


def test_every_variable_that_is_used_is_defined():
    sheets = [sheet.read_text() for sheet in (ROOT / "static/css").glob("*.css")]
    defined = set(re.findall(r"(--[\w-]+):", "\n".join(sheets)))
    used = set(re.findall(r"var\((--[\w-]+)", "\n".join(sheets)))
    assert used <= defined


def test_running_text_is_at_least_sixteen_pixels():
    root = float(re.search(r"html \{\n  font-size: ([\d.]+)%", THEME).group(1)) / 100 * 16
    elder = float(re.search(r"html\.elder \{ font-size: ([\d.]+)%", THEME).group(1)) / 100 * 16
    small = [float(size) for size in re.findall(r"--step-small: ([\d.]+)rem", THEME)]
    assert root * small[0] >= 16
    assert elder * small[1] >= 24
