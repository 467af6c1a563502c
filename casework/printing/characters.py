"""Characters that no font has: found before printing, never printed as a blank."""

import unicodedata
from dataclasses import dataclass, field

from casework.printing.fonts import VARIATION_SELECTORS, covered

# The geta mark, which printers have always set for a sort that they do not have.
GETA = "〓"


def missing_characters(text: str) -> list[str]:
    """The characters of `text` that no installed font has, each once, in order.

    Direction marks, joiners and variation selectors have no ink and are not counted.
    """
    scan = Scan()
    scan.text(text)
    return scan.missing


def code_point(character: str) -> str:
    """The code point as a clerk can look it up, such as U+2A6A5."""
    return f"U+{ord(character):04X}"


@dataclass
class Scan:
    """Walks data to print and collects in `missing` what cannot be printed."""

    missing: list[str] = field(default_factory=list)
    points: frozenset[int] = field(default_factory=covered)

    def value(self, value):
        """The same data with every unprintable character replaced by GETA."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, dict):
            return {key: self.value(entry) for key, entry in value.items()}
        if isinstance(value, list | tuple) and not _is_bytes(value):
            return [self.value(entry) for entry in value]
        return value

    def text(self, text: str) -> str:
        """One text without inkless marks, its missing characters replaced."""
        if text.isprintable() and self.points.issuperset(map(ord, text)):
            return text
        return "".join(self._character(ch) for ch in text)

    def _character(self, ch: str) -> str:
        if ch == "\n":
            return ch
        if _is_inkless(ch):
            return " " if ch.isspace() else ""
        if ord(ch) in self.points:
            return ch
        if ch.isspace():
            return " "
        if ch not in self.missing:
            self.missing.append(ch)
        return GETA


def _is_bytes(value) -> bool:
    """A picture as a list of byte values, thousands of them."""
    return bool(value) and isinstance(value[0], int)


def _is_inkless(ch: str) -> bool:
    """Format and control characters and variation selectors."""
    return unicodedata.category(ch) in ("Cf", "Cc") or ord(ch) in VARIATION_SELECTORS
