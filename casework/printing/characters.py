"""Characters that no font has: found before printing, never printed as a blank."""

import unicodedata
from dataclasses import dataclass, field

from casework.printing.fonts import covered

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
    """ "U+2A6A5", as a clerk can look it up."""
    return f"U+{ord(character):04X}"


@dataclass
class Scan:
    """Walks data to print and collects in `missing` what cannot be printed."""

    missing: list[str] = field(default_factory=list)

    def value(self, value):
        """The same data with every unprintable character replaced by GETA."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, dict):
            return {key: self.value(entry) for key, entry in value.items()}
        if isinstance(value, list | tuple):
            return [self.value(entry) for entry in value]
        return value

    def text(self, text: str) -> str:
        """One text without inkless marks, its missing characters replaced."""
        if text.isascii() and text.isprintable():
            return text
        points = covered()
        return "".join(self._character(ch, points) for ch in text)

    def _character(self, ch: str, points: frozenset[int]) -> str:
        if ch == "\n":
            return ch
        if _is_inkless(ch):
            return " " if ch.isspace() else ""
        if ord(ch) in points:
            return ch
        if ch.isspace():
            return " "
        if ch not in self.missing:
            self.missing.append(ch)
        return GETA


def _is_inkless(ch: str) -> bool:
    """Format and control characters and variation selectors."""
    return (
        unicodedata.category(ch) in ("Cf", "Cc")
        or 0xFE00 <= ord(ch) <= 0xFE0F
        or 0xE0100 <= ord(ch) <= 0xE01EF
    )
