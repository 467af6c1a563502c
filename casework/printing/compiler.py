"""Data and a template in, a PDF out.

Data travels only as JSON in `sys_inputs`: what a person typed is a string to typst and
can never become markup. One compiler lives in each thread; the fonts are shared.
"""

import json
import os
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

# One thread for each paper: typst would start one for each processor, which costs more
# than a page takes, and a server prints several papers at once. Read at its first use.
os.environ.setdefault("RAYON_NUM_THREADS", "1")

import typst
from django.conf import settings

from casework.printing.characters import Scan, code_point
from casework.printing.fonts import families, loaded_fonts

# Archivable (ISO 19005-2): fonts inside, no outside references, a date. Costs nothing.
STANDARD = "a-2b"
_own = threading.local()


class Printable(Protocol):
    """Data of one template; `to_json` gives what the template reads."""

    def to_json(self) -> dict: ...


class PrintingFailed(Exception):
    """A template and its data do not fit: a defect of ours, told in one Chinese line."""


@dataclass(frozen=True)
class Rendered:
    """A PDF, and the characters in it that no font has (printed as 〓 with a note)."""

    pdf: bytes
    missing: list[str]


def render_pdf(template: Path | str, data: Printable | dict) -> Rendered:
    """Print `data` through a typst template (a path, or one relative to the project).

    The same data gives the same bytes. `data` has at least `title` and `dated`
    (YYYY-MM-DD, the date inside the document). Raises FontsMissing where the fonts are
    not installed, PrintingFailed where the template refuses the data.
    """
    content = data if isinstance(data, dict) else data.to_json()
    scan = Scan()
    content = scan.value(content)
    content["missing_characters"] = [code_point(ch) for ch in scan.missing]
    path = Path(settings.BASE_DIR) / template
    try:
        pdf = _compiler().compile(
            str(path), format="pdf", sys_inputs=_inputs(content), pdf_standards=STANDARD
        )
    except typst.TypstError as error:
        raise PrintingFailed(f"打印失败：{path.name} 无法排版，请联系系统管理员。") from error
    return Rendered(pdf, scan.missing)


def _inputs(content: dict) -> dict[str, str]:
    return {
        "data": json.dumps(content, ensure_ascii=False),
        "families": json.dumps(list(dict.fromkeys(families())), ensure_ascii=False),
    }


def _compiler() -> typst.Compiler:
    """This thread's compiler; a new one when fonts were added meanwhile."""
    fonts = loaded_fonts()
    if getattr(_own, "fonts", None) is not fonts:
        _own.fonts = fonts
        _own.compiler = typst.Compiler(root=str(settings.BASE_DIR), font_paths=fonts)
    return _own.compiler
