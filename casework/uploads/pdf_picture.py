"""Draws one page of a stored PDF as a JPEG, in a process of its own.

Run by `documents` as `python -E pdf_picture.py`, like `pdf_worker`. pdfium is not safe
in threads, and the web server has many.
"""

import json
import resource
import sys
from io import BytesIO

import pypdfium2


def picture(data: bytes, page: int, max_px: int, quality: int) -> tuple[bytes, int]:
    """A JPEG of the page (from 0) with its long edge at `max_px`, and the page count."""
    document = pypdfium2.PdfDocument(data)
    if not 0 <= page < len(document):
        return b"", len(document)
    sheet = document[page]
    scale = max_px / (max(sheet.get_size()) or 1)
    image = sheet.render(scale=scale).to_pil().convert("RGB")
    out = BytesIO()
    image.save(out, "JPEG", quality=quality)
    return out.getvalue(), len(document)


def main() -> None:
    """One line of JSON and the PDF in; one line of JSON and the JPEG out."""
    task = json.loads(sys.stdin.buffer.readline())
    resource.setrlimit(resource.RLIMIT_CPU, (task["cpu_seconds"], task["cpu_seconds"]))
    resource.setrlimit(resource.RLIMIT_AS, (task["memory_bytes"], task["memory_bytes"]))
    data = sys.stdin.buffer.read()
    body, pages = picture(data, task["page"], task["max_px"], task["quality"])
    sys.stdout.buffer.write(json.dumps({"pages": pages}).encode() + b"\n" + body)


if __name__ == "__main__":
    main()
