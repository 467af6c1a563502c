"""The name a person sees for a file. It is never part of a path."""

import re
import unicodedata
from pathlib import PurePosixPath

MAX_LENGTH = 60
UNNAMED = "未命名文件"


def display_name(name: str | None, suffix: str) -> str:
    """A safe name to show: last path part, no control or direction marks, short.

    `suffix` (".jpg") is what the file really is and replaces what the name claims.
    """
    last = re.split(r"[/\\]", name or "")[-1]
    text = unicodedata.normalize("NFC", last)
    visible = "".join(ch for ch in text if unicodedata.category(ch)[0] != "C" or ch in "\t\n")
    stem = PurePosixPath(" ".join(visible.split())).stem.strip(". ")
    limit = MAX_LENGTH - len(suffix)
    if len(stem) > limit:
        stem = stem[: limit - 1].rstrip() + "…"
    return (stem or UNNAMED) + suffix
