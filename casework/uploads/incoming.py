"""Read what arrives, up to the limit and no further."""

from collections.abc import Iterator
from io import BytesIO

from casework.uploads.refusal import refusal, too_large

CHUNK = 256 * 1024


def read_bounded(file, limit: int) -> bytes:
    """All bytes of `file` (an UploadedFile, a binary file or bytes).

    Raises UploadRefused `empty` or `too_large`; of a file over the limit at most one
    chunk more than the limit is read, and nothing when its size is already known.
    """
    if isinstance(file, bytes | bytearray):
        size, chunks = len(file), iter([bytes(file)])
    else:
        size, chunks = getattr(file, "size", None), _chunks(file)
    if size is not None and size > limit:
        raise too_large(limit)
    out = BytesIO()
    for chunk in chunks:
        out.write(chunk)
        if out.tell() > limit:
            raise too_large(limit)
    if not out.tell():
        raise refusal("empty")
    return out.getvalue()


def _chunks(file) -> Iterator[bytes]:
    if hasattr(file, "seek"):
        file.seek(0)
    return iter(lambda: file.read(CHUNK), b"")
