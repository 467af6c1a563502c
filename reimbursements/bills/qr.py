"""QR codes of bills: from a text, a photograph or a PDF to `Found`.

Called by the worker after an upload. What is read is only proposed to the resident, who
confirms each field.
"""

import json
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from reimbursements.bills.found import Found
from reimbursements.bills.pictures import texts_in_image
from reimbursements.bills.qrtext import read_text, why_nothing

__all__ = [
    "Found",
    "bills_in",
    "read_image",
    "read_pdf",
    "read_text",
    "texts_in_image",
    "texts_in_pdf",
    "why_nothing",
]

ROOT = Path(__file__).resolve().parents[2]
MAX_BYTES = 20 * 1024 * 1024  # as for uploads
MAX_PAGES = 5  # the code of a bill is on its first page; a scan may hold several bills
PDF_SECONDS = 15
_TASK = {
    "max_pages": MAX_PAGES,
    "seconds": PDF_SECONDS - 4,
    "cpu_seconds": PDF_SECONDS,
    "memory_bytes": 1536 * 1024 * 1024,
}


def read_image(data: bytes) -> list[Found]:
    """The bills told of by QR codes in a JPEG, PNG or WebP; never raises, at most 8 s or so."""
    return bills_in(texts_in_image(data)) if len(data) <= MAX_BYTES else []


def read_pdf(data: bytes) -> list[Found]:
    """The bills told of by QR codes on the first pages of a PDF; never raises, at most 15 s."""
    return bills_in(texts_in_pdf(data))


def bills_in(texts: Iterable[str]) -> list[Found]:
    """What these texts of QR codes tell of, nonsense left out, each bill once."""
    found = (read_text(text) for text in texts)
    return list(dict.fromkeys(bill for bill in found if bill is not None))


def texts_in_pdf(data: bytes) -> list[str]:
    """The texts of the QR codes of a PDF; [] when it cannot be read in time."""
    if not data.startswith(b"%PDF-") or len(data) > MAX_BYTES:
        return []
    try:
        done = subprocess.run(
            [sys.executable, "-E", "-m", "reimbursements.bills.pdf_codes"],
            input=json.dumps(_TASK).encode() + b"\n" + data,
            capture_output=True,
            timeout=PDF_SECONDS,
            cwd=ROOT,
            check=True,
        )
        return json.loads(done.stdout)
    except (subprocess.SubprocessError, OSError, ValueError):
        return []
