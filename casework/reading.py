"""Texts of agencies as headings, lists and paragraphs; nothing in them is taken for HTML."""

import re
from dataclasses import dataclass, field

# How fast elderly people read Chinese on a phone; a rough value of our own.
SIGNS_A_MINUTE = 250
_NUMBERED = re.compile(r"^\d{1,2}[.、．]\s*")


@dataclass
class Block:
    """One piece of a text: kind is "heading", "list", "numbers" or "text"."""

    kind: str
    lines: list[str] = field(default_factory=list)


def blocks(text: str) -> list[Block]:
    """The pieces of a text that marks headings with "## ", points with "- " or "1. "."""
    found: list[Block] = []
    for raw in text.splitlines():
        line = raw.strip()
        if not line:
            found.append(Block("end"))
            continue
        kind, words = _kind_of(line)
        if kind == "heading" or not found or found[-1].kind != kind:
            found.append(Block(kind))
        found[-1].lines.append(words)
    return _joined([block for block in found])


def _kind_of(line: str) -> tuple[str, str]:
    if line.startswith("#"):
        return "heading", line.lstrip("#").strip()
    if line.startswith(("- ", "* ")):
        return "list", line[2:].strip()
    if _NUMBERED.match(line):
        return "numbers", _NUMBERED.sub("", line)
    return "text", line


def _joined(found: list[Block]) -> list[Block]:
    """Without the empty lines; points that only an empty line parts stay one list."""
    kept: list[Block] = []
    for block in found:
        if block.kind == "end":
            continue
        if kept and block.kind in ("list", "numbers") and kept[-1].kind == block.kind:
            kept[-1].lines += block.lines
        else:
            kept.append(block)
    return kept


def minutes(*texts: str) -> int:
    """About how many minutes it takes to read these texts; at least one."""
    return max(1, round(sum(len(text) for text in texts) / SIGNS_A_MINUTE))
