"""What a file is, told from its first bytes and from nothing else.

The browser's content type and the extension are both the sender's word; sniffing
libraries mistake HEIC and OFD. The table is short, so it is ours.
"""

import re

HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
SIGNATURES = (
    (b"\xff\xd8\xff", "jpeg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"BM", "bmp"),
    (b"II*\x00", "tiff"),
    (b"MM\x00*", "tiff"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),
    (b"Rar!\x1a\x07", "archive"),
    (b"7z\xbc\xaf\x27\x1c", "archive"),
    (b"\x1f\x8b", "archive"),
    (b"MZ", "program"),
    (b"\x7fELF", "program"),
    (b"#!", "program"),
    (b"\x1aE\xdf\xa3", "video"),
)
UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")


def kind_of(data: bytes) -> str | None:
    """The kind of a file, or None when it is none that we know.

    Kinds: jpeg png webp heic pdf xml zip (which may be an OFD), and those that are
    only known in order to be refused by name.
    """
    for signature, kind in SIGNATURES:
        if data.startswith(signature):
            return kind
    if data[:4] == b"RIFF":
        return "webp" if data[8:12] == b"WEBP" else "video"
    if data[4:8] == b"ftyp":
        return _iso_media(data)
    return _text(data)


def _iso_media(data: bytes) -> str:
    """HEIC, AVIF and films share one container; the brands tell them apart."""
    length = min(int.from_bytes(data[:4], "big"), 256)
    brands = {data[8:12]} | {data[i : i + 4] for i in range(16, length, 4)}
    if brands & {b"avif", b"avis"}:
        return "avif"
    return "heic" if data[8:12] in HEIC_BRANDS and brands & HEIC_BRANDS else "video"


def _text(data: bytes) -> str | None:
    """PDF and markup, which may stand behind a byte order mark and blanks only.

    Readers allow any junk before %PDF-; a file that is two things at once needs it,
    an honest one does not.
    """
    head = data[:2048].lstrip(b"\xef\xbb\xbf \t\r\n\x00")
    if head.startswith(b"%PDF-"):
        return "pdf"
    if data.startswith(UTF16_MARKS):
        return "xml" if b"<\x00?" in head[:8] or b"\x00<\x00?" in head[:8] else None
    lowered = head.lower()
    if re.match(rb"<!doctype\s+html|<html|<head|<body|<script", lowered):
        return "html"
    if lowered.startswith(b"<svg") or (lowered.startswith(b"<?xml") and b"<svg" in lowered):
        return "svg"
    return "xml" if lowered.startswith(b"<?xml") else None
