"""Electronic bills as OFD or XML: checked for shape, kept byte for byte.

Their worth is their signature, so nothing is rewritten; they are offered for download
only and never drawn by us. What is checked is that they are what they say and that
opening them is safe.
"""

import zipfile
from io import BytesIO
from xml.parsers import expat

from casework.uploads.refusal import refusal

MAX_ENTRIES = 2000
MAX_UNPACKED = 200 * 1024 * 1024
MAX_DEPTH = 100
MAX_ELEMENTS = 500_000
# Markup that a browser would run instead of download.
NOT_BILLS = {"html", "svg", "script"}


def check_ofd(data: bytes) -> None:
    """A whole, bounded ZIP whose OFD.xml says OFD (GB/T 33190-2016). Raises UploadRefused."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as package:
            entries = package.infolist()
            if not _is_bounded(entries) or package.testzip() is not None:
                raise refusal("ofd_broken")
            if _root_name(package.read("OFD.xml")) != "OFD":
                raise refusal("ofd_broken")
    except (zipfile.BadZipFile, KeyError, OSError, ValueError, EOFError, NotImplementedError):
        raise refusal("ofd_broken") from None
    except (RuntimeError, expat.ExpatError):  # encrypted entry; broken XML
        raise refusal("ofd_broken") from None


def check_xml(data: bytes) -> None:
    """Well-formed XML without a document type, not a web page. Raises UploadRefused."""
    try:
        name = _root_name(data)
    except (expat.ExpatError, ValueError, LookupError):
        raise refusal("xml_broken") from None
    if name.lower() in NOT_BILLS:
        raise refusal("xml_broken")


def is_ofd(data: bytes) -> bool:
    """Whether a ZIP has the entry that makes it an OFD."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as package:
            return "OFD.xml" in package.namelist()
    except (zipfile.BadZipFile, OSError, ValueError):
        return False


def _is_bounded(entries: list[zipfile.ZipInfo]) -> bool:
    if not entries or len(entries) > MAX_ENTRIES or min(e.header_offset for e in entries):
        return False
    if sum(entry.file_size for entry in entries) > MAX_UNPACKED:
        return False
    return not any(".." in e.filename.split("/") or e.filename.startswith("/") for e in entries)


class _Outline:
    """Root name, depth and number of elements; refuses document types and style sheets."""

    def __init__(self):
        self.root, self.depth, self.count = "", 0, 0

    def start(self, name, _attributes):
        self.root = self.root or name.rpartition(":")[2]
        self.depth += 1
        self.count += 1
        if self.depth > MAX_DEPTH or self.count > MAX_ELEMENTS:
            raise ValueError("too deep or too many elements")

    def end(self, _name):
        self.depth -= 1

    def refuse(self, *_details):
        raise ValueError("document type")

    def instruct(self, target, _text):
        if target == "xml-stylesheet":
            raise ValueError("style sheet")


def _root_name(data: bytes) -> str:
    outline, parser = _Outline(), expat.ParserCreate()
    parser.StartElementHandler = outline.start
    parser.EndElementHandler = outline.end
    parser.StartDoctypeDeclHandler = outline.refuse
    parser.ProcessingInstructionHandler = outline.instruct
    parser.Parse(data, True)
    return outline.root
