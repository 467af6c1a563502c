"""Reads a stranger's PDF in a process of its own, with little memory and time.

Run by `documents` as `python -E pdf_worker.py`; the PDF comes on stdin after one line
of JSON with the limits. The answer on stdout is one line of JSON, then the bytes. A
reader that crashes or loops takes this process with it and nothing else.
"""

import json
import resource
import sys
import time
from io import BytesIO

import pdf_rules
import pikepdf
import pypdfium2

TEST_EDGE = 300
TEST_SECONDS = 5.0


def bound(cpu_seconds: int, memory_bytes: int) -> None:
    """What this process may use before the system ends it."""
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds))
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def clean(data: bytes, limits: dict) -> tuple[bytes, int]:
    """The cleaned PDF and its page count. Raises pdf_rules.Refused."""
    # A download that stopped half-way has lost its end.
    if b"%%EOF" not in data[-2048:]:
        raise pdf_rules.Refused("pdf_broken")
    try:
        with pikepdf.open(BytesIO(data)) as source:
            if source.is_encrypted:
                raise pdf_rules.Refused("pdf_encrypted")
            fresh = pdf_rules.clean(source, limits["max_pages"], limits["max_pixels"])
            out = BytesIO()
            fresh.save(out, deterministic_id=True, compress_streams=True)
    except pikepdf.PasswordError:
        raise pdf_rules.Refused("pdf_encrypted") from None
    except (pikepdf.PdfError, RuntimeError, ValueError, TypeError, KeyError, AttributeError):
        raise pdf_rules.Refused("pdf_broken") from None
    return out.getvalue(), check_renders(out.getvalue())


def check_renders(data: bytes) -> int:
    """Draw every page small, for at most TEST_SECONDS; return the number of pages."""
    try:
        document = pypdfium2.PdfDocument(data)
        end = time.monotonic() + TEST_SECONDS
        for index in range(len(document)):
            page = document[index]
            if time.monotonic() < end:
                edge = max(page.get_size()) or 1
                page.render(scale=min(1.0, TEST_EDGE / edge))
            page.close()
        return len(document)
    except pypdfium2.PdfiumError:
        raise pdf_rules.Refused("pdf_broken") from None


def main() -> None:
    """One PDF in, one answer out."""
    limits = json.loads(sys.stdin.buffer.readline())
    bound(limits["cpu_seconds"], limits["memory_bytes"])
    data = sys.stdin.buffer.read()
    answer, body = {}, b""
    try:
        body, answer["pages"] = clean(data, limits)
    except pdf_rules.Refused as refused:
        answer = {"refused": refused.code, "fields": refused.fields}
    except (MemoryError, RecursionError):
        answer = {"refused": "pdf_too_complex", "fields": {}}
    sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n" + body)


if __name__ == "__main__":
    main()
