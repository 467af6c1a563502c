"""The one way a file comes in, and what may be done with it afterwards."""

import hashlib
from dataclasses import dataclass

from django.conf import settings

from casework.uploads.documents import clean_pdf, picture_of_page, turn_pdf
from casework.uploads.ebills import check_ofd, check_xml, is_ofd
from casework.uploads.images import clean_image, shrink_image, turn_image
from casework.uploads.incoming import read_bounded
from casework.uploads.names import display_name
from casework.uploads.refusal import refusal, wrong_kind
from casework.uploads.sniff import kind_of

IMAGES = frozenset({"jpeg", "png", "webp", "heic"})
# What proves something: a photograph, a scan or a PDF.
PROOF = IMAGES | {"pdf"}
# Bills also come as signed files, which are kept as they are.
E_BILLS = PROOF | {"ofd", "xml"}
UNTOUCHED = {
    "ofd": (check_ofd, "application/ofd", ".ofd"),
    "xml": (check_xml, "application/xml", ".xml"),
}
PREVIEW_PX = 1600


@dataclass(frozen=True)
class Accepted:
    """A file fit to be stored.

    `data` is the clean copy for viewing; `sha256` (hex), `content_type` and `suffix`
    describe it. `kind` is what arrived (jpeg png webp heic pdf ofd xml). Width and
    height are pixels, None for documents; `pages` is 1 for a picture, None for a file
    that is never drawn. `original` is what arrived, byte for byte, where it was asked
    for. `download_only` marks files that no page may show inline.
    """

    data: bytes
    sha256: str
    content_type: str
    suffix: str
    kind: str
    display_name: str
    width: int | None = None
    height: int | None = None
    pages: int | None = 1
    original: bytes | None = None
    original_sha256: str = ""
    download_only: bool = False

    @property
    def size(self) -> int:
        """Bytes of the clean copy."""
        return len(self.data)


def accept(file, *, allow: frozenset[str] = PROOF, keep_original: bool = False) -> Accepted:
    """Check and clean one file; nothing is stored here.

    `file` is an UploadedFile, a binary file or bytes. `allow` is PROOF or E_BILLS;
    signed kinds need `keep_original`, since their worth is their bytes. Raises
    UploadRefused with a code and a Chinese message that says how to put it right.
    """
    if allow & UNTOUCHED.keys() and not keep_original:
        raise ValueError("OFD and XML are only kept as they are: keep_original=True")
    data = read_bounded(file, settings.UPLOAD_MAX_BYTES)
    kind = _kind(data)
    if kind not in allow:
        raise wrong_kind(kind, allow)
    fields = _clean(data, kind)
    if keep_original:
        fields |= {"original": data, "original_sha256": hashlib.sha256(data).hexdigest()}
    return Accepted(
        kind=kind,
        sha256=hashlib.sha256(fields["data"]).hexdigest(),
        display_name=display_name(getattr(file, "name", ""), fields["suffix"]),
        **fields,
    )


def rotate(data: bytes, degrees: int) -> bytes:
    """A stored picture or PDF turned clockwise; `degrees` is a multiple of 90.

    The answer is a new file of the same type: store it under a new name. Raises
    ValueError for other degrees and for files that cannot be turned.
    """
    if degrees % 90:
        raise ValueError("degrees must be a multiple of 90")
    kind, degrees = kind_of(data), degrees % 360
    if not degrees:
        return data
    if kind == "pdf":
        return turn_pdf(data, degrees)
    if kind not in ("jpeg", "png"):
        raise ValueError(f"cannot rotate {kind}")
    return turn_image(data, kind, degrees)


def preview(data: bytes, content_type: str, page: int = 0, max_px: int = PREVIEW_PX) -> bytes:
    """A JPEG of a stored picture, or of one page (from 0) of a stored PDF.

    No edge is longer than `max_px`. Raises IndexError for a page that is not there,
    ValueError for types that are never drawn, UploadRefused where drawing fails.
    """
    if content_type == "application/pdf":
        return picture_of_page(data, page, max_px)
    if content_type not in ("image/jpeg", "image/png"):
        raise ValueError(f"no preview of {content_type}")
    if page:
        raise IndexError(f"page {page} of 1")
    return shrink_image(data, content_type.removeprefix("image/"), max_px)


def _kind(data: bytes) -> str | None:
    kind = kind_of(data)
    return "ofd" if kind == "zip" and is_ofd(data) else kind


def _clean(data: bytes, kind: str) -> dict:
    if kind in IMAGES:
        return vars(clean_image(data, kind)).copy()
    if kind == "pdf":
        clean = clean_pdf(data)
        return {
            "data": clean.data,
            "pages": clean.pages,
            "content_type": "application/pdf",
            "suffix": ".pdf",
        }
    if kind in UNTOUCHED:
        check, content_type, suffix = UNTOUCHED[kind]
        check(data)
        return {
            "data": data,
            "pages": None,
            "content_type": content_type,
            "suffix": suffix,
            "download_only": True,
        }
    raise refusal("unknown_type", allowed="JPG、PNG、PDF 格式的文件")
