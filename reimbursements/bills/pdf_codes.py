"""Reads the QR codes of a PDF, in a process of its own with limits of its own.

pdfium is not safe in threads and a stranger's PDF may never end, so `qr.read_pdf` runs this
as `python -m reimbursements.bills.pdf_codes`: one line of JSON and the PDF in, one list of
texts as JSON out. (As a module, since a script's folder would hide Python's own `numbers`
and `warnings` behind ours.)
"""

import json
import resource
import sys
import time

import pypdfium2

from reimbursements.bills.pictures import MAX_EDGE, texts_in_picture

DOTS_PER_POINT = 200 / 72


def texts_in_pdf(data: bytes, max_pages: int, seconds: float) -> list[str]:
    """The texts of the QR codes on the first pages. Raises PdfiumError on a broken PDF."""
    until = time.monotonic() + seconds
    document = pypdfium2.PdfDocument(data)
    texts: dict[str, None] = {}
    for number in range(min(len(document), max_pages)):
        left = until - time.monotonic()
        if left <= 0:
            break
        page = document[number]
        scale = min(DOTS_PER_POINT, MAX_EDGE / (max(page.get_size()) or 1))
        image = page.render(scale=scale, grayscale=True).to_pil()
        texts.update(dict.fromkeys(texts_in_picture(image, left)))
    return list(texts)


def main() -> None:
    """One line of JSON and the PDF in; JSON out, an empty list when the PDF cannot be read."""
    task = json.loads(sys.stdin.buffer.readline())
    resource.setrlimit(resource.RLIMIT_CPU, (task["cpu_seconds"], task["cpu_seconds"]))
    resource.setrlimit(resource.RLIMIT_AS, (task["memory_bytes"], task["memory_bytes"]))
    data = sys.stdin.buffer.read()
    try:
        texts = texts_in_pdf(data, task["max_pages"], task["seconds"])
    except (pypdfium2.PdfiumError, MemoryError, ValueError):
        texts = []
    sys.stdout.write(json.dumps(texts))


if __name__ == "__main__":
    main()
