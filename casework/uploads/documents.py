"""PDFs: cleaned, checked and drawn by processes of their own."""

import json
import subprocess
import sys
import threading
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import pikepdf
from django.conf import settings

from casework.uploads.limits import (
    JPEG_QUALITY,
    MAX_PDF_PAGES,
    MAX_PDF_SECONDS,
    PDF_CPU_SECONDS,
    PDF_MEMORY_BYTES,
)
from casework.uploads.refusal import refusal

HERE = Path(__file__).parent
# Each process may take PDF_MEMORY_BYTES; further uploads wait their turn.
AT_ONCE = threading.BoundedSemaphore(3)


@dataclass(frozen=True)
class CleanPdf:
    """A PDF that draws its pages and does nothing else."""

    data: bytes
    pages: int


def clean_pdf(data: bytes) -> CleanPdf:
    """The pages of `data` without anything that acts, attaches or tells.

    Raises UploadRefused: pdf_broken, pdf_encrypted, pdf_empty, pdf_too_many_pages,
    pdf_too_complex, too_many_pixels.
    """
    # A scan of A3 at 600 dpi is a picture of 70 million pixels, mostly black and white.
    task = {"max_pages": MAX_PDF_PAGES, "max_pixels": 2 * settings.UPLOAD_MAX_PIXELS}
    answer, body = _ask("pdf_worker.py", task, data)
    if "refused" in answer:
        raise refusal(answer["refused"], **answer["fields"])
    return CleanPdf(body, answer["pages"])


def picture_of_page(data: bytes, page: int, max_px: int) -> bytes:
    """A JPEG of one page (from 0) of a stored PDF; IndexError where there is none."""
    task = {"page": page, "max_px": max_px, "quality": JPEG_QUALITY}
    answer, body = _ask("pdf_picture.py", task, data)
    if not body:
        raise IndexError(f"page {page} of {answer['pages']}")
    return body


def turn_pdf(data: bytes, degrees: int) -> bytes:
    """Every page of a stored (already clean) PDF turned clockwise by 90, 180 or 270."""
    with pikepdf.open(BytesIO(data)) as pdf:
        for page in pdf.pages:
            page.rotate(degrees, relative=True)
        out = BytesIO()
        pdf.save(out, deterministic_id=True)
    return out.getvalue()


def _ask(script: str, task: dict, data: bytes) -> tuple[dict, bytes]:
    """Run a worker script; a crash is a broken file, a time-out one too complex."""
    task |= {"cpu_seconds": PDF_CPU_SECONDS, "memory_bytes": PDF_MEMORY_BYTES}
    # -E: no environment; the worker finds what it needs beside itself and in its venv.
    command = [sys.executable, "-E", str(HERE / script)]
    with AT_ONCE:
        try:
            done = subprocess.run(
                command,
                input=json.dumps(task).encode() + b"\n" + data,
                capture_output=True,
                timeout=MAX_PDF_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise refusal("pdf_too_complex") from None
    head, _, body = done.stdout.partition(b"\n")
    if done.returncode or not head:
        raise refusal(_code_of_death(done.returncode))
    return json.loads(head), body


def _code_of_death(returncode: int) -> str:
    """Ended by the CPU limit (SIGXCPU, SIGKILL): too complex; otherwise broken."""
    return "pdf_too_complex" if returncode in (-24, -9) else "pdf_broken"
