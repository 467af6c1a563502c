"""What of a stranger's PDF is kept, and what is cut away.

Runs in the separate process of `pdf_worker`: no Django, no settings. The way is to
keep by list and not to strike by list: of the catalogue only the pages and the layers,
of a page only what is needed to draw it. Scripts, actions, forms, attached files,
outlines, metadata and whatever the next version of the format brings are left behind.
"""

import contextlib
import zlib

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream

ROOT_KEYS = {"/Type", "/Pages", "/OCProperties"}
PAGE_KEYS = {
    *("/Type", "/Parent", "/Contents", "/Resources", "/Rotate", "/UserUnit", "/Group"),
    *("/MediaBox", "/CropBox", "/BleedBox", "/TrimBox", "/ArtBox"),
}
# On a stream these point outside the file, import other files or carry metadata.
STREAM_KEYS = {
    *("/F", "/FFilter", "/FDecodeParms", "/Ref", "/OPI", "/PS", "/PieceInfo", "/Metadata"),
    *("/AF", "/StructParent", "/StructParents", "/Measure", "/PtData", "/LastModified"),
}
ACTIONS = {
    *("/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/ResetForm", "/URI"),
    *("/GoToR", "/GoToE", "/GoTo3DView", "/Rendition", "/Movie", "/Sound", "/Trans"),
    *("/Hide", "/Named", "/SetOCGState", "/RichMediaExecute"),
}
FILES = {"/Filespec", "/EmbeddedFile"}
# Drawing instructions of one page, unpacked; a dense map has some ten million bytes.
MAX_CONTENT = 64 * 1024 * 1024


class Refused(Exception):
    """Carries one code of `refusal.MESSAGES` and its fields."""

    def __init__(self, code: str, **fields):
        super().__init__(code)
        self.code = code
        self.fields = fields


def clean(source: pikepdf.Pdf, max_pages: int, max_pixels: int) -> pikepdf.Pdf:
    """A new PDF that draws the same pages and does nothing else. Raises Refused."""
    pages = len(source.pages)
    if not pages:
        raise Refused("pdf_empty")
    if pages > max_pages:
        raise Refused("pdf_too_many_pages", pages=pages)
    flatten(source)
    fresh = pikepdf.new()
    fresh.pages.extend(source.pages)
    keep_layers(source, fresh)
    for page in fresh.pages:
        keep_only(page.obj, PAGE_KEYS)
    keep_only(fresh.Root, ROOT_KEYS)
    disarm(fresh, max_pixels)
    for page in fresh.pages:
        check_contents(page)
    return fresh


def flatten(source: pikepdf.Pdf) -> None:
    """Draw field values, seals and notes into the page before the fields go."""
    # A form that cannot draw its own fields is no reason to refuse the pages.
    with contextlib.suppress(pikepdf.PdfError, ValueError, RuntimeError):
        source.generate_appearance_streams()
    with contextlib.suppress(pikepdf.PdfError, ValueError, RuntimeError):
        source.flatten_annotations("all")


def keep_layers(source: pikepdf.Pdf, fresh: pikepdf.Pdf) -> None:
    """Without its layer list a PDF shows what its author had switched off."""
    layers = source.Root.get("/OCProperties")
    if isinstance(layers, Dictionary):
        fresh.Root.OCProperties = fresh.copy_foreign(source.make_indirect(layers))


def keep_only(dictionary: Dictionary, keys: set[str]) -> None:
    """Delete every key of a dictionary that is not in the list."""
    for key in list(dictionary.keys()):
        if key not in keys:
            del dictionary[key]


def disarm(pdf: pikepdf.Pdf, max_pixels: int) -> None:
    """Second lock behind the list: no action, file or foreign stream is left anywhere."""
    waiting = list(pdf.objects)
    while waiting:
        item = waiting.pop()
        if isinstance(item, Stream):
            disarm_stream(item, max_pixels)
        if isinstance(item, Stream | Dictionary):
            waiting.extend(disarm_entries(item))
        elif isinstance(item, Array):
            waiting.extend(child for child in item if is_direct_container(child))


def disarm_entries(item: Dictionary | Stream) -> list:
    """Delete entries that act or attach; return the direct containers that stay."""
    inside = []
    for key in list(item.keys()):
        value = item[key]
        if is_active(value) or (key == "/JS" and isinstance(value, pikepdf.String | Stream)):
            del item[key]
        elif is_direct_container(value):
            inside.append(value)
    return inside


def is_direct_container(value) -> bool:
    """A dictionary or list written in place; indirect ones are walked by themselves."""
    return isinstance(value, Dictionary | Array) and not value.is_indirect


def is_active(value) -> bool:
    """An action, a file specification or an attached file."""
    if not isinstance(value, Dictionary | Stream):
        return False
    if str(value.get("/Type", "")) in FILES or "/EF" in value:
        return True
    return str(value.get("/S", "")) in ACTIONS


def disarm_stream(stream: Stream, max_pixels: int) -> None:
    """No outside references; of photographs no EXIF; no picture beyond the limit."""
    for key in STREAM_KEYS & set(stream.keys()):
        del stream[key]
    subtype = stream.get("/Subtype")
    if subtype == Name.PS:
        stream.write(b"")
    if subtype != Name.Image:
        return
    width, height = int(stream.get("/Width", 0)), int(stream.get("/Height", 0))
    if width * height > max_pixels:
        raise Refused("too_many_pixels", size=f"（{width}×{height} 像素）")
    if stream.get("/Filter") == Name.DCTDecode:
        raw = stream.read_raw_bytes()
        bare = without_jpeg_metadata(raw)
        if len(bare) < len(raw):
            stream.write(bare, filter=Name.DCTDecode, decode_parms=stream.get("/DecodeParms"))


def without_jpeg_metadata(raw: bytes) -> bytes:
    """A JPEG without its APPn and comment segments, the picture untouched.

    Kept are APP0 (JFIF), APP2 (colour profile) and APP14 (Adobe: how to read CMYK).
    Anything unexpected returns the input.
    """
    if raw[:2] != b"\xff\xd8":
        return raw
    out, at = [raw[:2]], 2
    while raw[at : at + 1] == b"\xff" and raw[at + 1 : at + 2] != b"\xda":
        marker = raw[at + 1]
        size = int.from_bytes(raw[at + 2 : at + 4], "big")
        if size < 2:
            return raw
        drop = marker == 0xFE or (0xE1 <= marker <= 0xEF and marker not in (0xE2, 0xEE))
        if not drop:
            out.append(raw[at : at + 2 + size])
        at += 2 + size
    return b"".join([*out, raw[at:]])


def check_contents(page: pikepdf.Page) -> None:
    """Every content stream of a page can be unpacked and stays within MAX_CONTENT.

    Raises Refused `pdf_too_complex`, or pikepdf.PdfError where it cannot be unpacked.
    """
    contents = page.obj.get("/Contents")
    streams = contents if isinstance(contents, Array) else [contents]
    for stream in streams:
        if isinstance(stream, Stream):
            refuse_bomb(stream)
            stream.read_bytes()


def refuse_bomb(stream: Stream) -> None:
    """Unpack no further than the limit before anything unpacks the whole."""
    if stream.get("/Filter") != Name.FlateDecode:
        return
    unpacked = b""
    with contextlib.suppress(zlib.error):  # a broken stream is told apart afterwards
        unpacked = zlib.decompressobj().decompress(stream.read_raw_bytes(), MAX_CONTENT)
    if len(unpacked) >= MAX_CONTENT:
        raise Refused("pdf_too_complex")
