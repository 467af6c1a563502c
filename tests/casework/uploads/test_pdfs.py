"""PDFs in fair and bad weather."""

from io import BytesIO

import pikepdf
import pypdfium2
import pytest
from pikepdf import Array, Dictionary, Name

from casework.uploads import UploadRefused, accept, documents
from casework.uploads.pdf_rules import without_jpeg_metadata
from tests.casework.uploads.files import archive, arm, jpeg, pdf, picture, uploaded


def refused(data) -> str:
    with pytest.raises(UploadRefused) as caught:
        accept(uploaded(data, "证明.pdf", "application/pdf"))
    assert "请" in caught.value.message
    return caught.value.code


def text_of(data: bytes) -> str:
    document = pypdfium2.PdfDocument(data)
    return "".join(page.get_textpage().get_text_range() for page in document)


def everything_in(data: bytes) -> str:
    """All objects of a PDF as text, streams unpacked."""
    out = BytesIO()
    with pikepdf.open(BytesIO(data)) as document:
        document.save(out, qdf=True, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    return out.getvalue().decode("latin-1")


def test_a_pdf_keeps_its_pages_and_its_text():
    accepted = accept(uploaded(pdf(3)))
    assert (accepted.content_type, accepted.suffix, accepted.pages) == (
        "application/pdf",
        ".pdf",
        3,
    )
    assert "Residence permit 2026 3" in text_of(accepted.data)
    assert (accepted.width, accepted.kind, accepted.download_only) == (None, "pdf", False)


def test_the_same_pdf_gives_the_same_bytes():
    assert accept(uploaded(pdf())).sha256 == accept(uploaded(pdf())).sha256


def test_everything_that_acts_is_gone_and_the_page_still_reads():
    armed = pdf(change=arm)
    before = everything_in(armed)
    words = ["JavaScript", "app.alert", "Launch", "SubmitForm", "evil", "AcroForm", "OpenAction"]
    for word in words:
        assert word in before, "the test file must be armed"
    accepted = accept(uploaded(armed))
    after = everything_in(accepted.data)
    for word in [*words, "XFA", "EmbeddedFile", "/AA", "/Annots", "/URI", "Zhang San", "/JS"]:
        assert word not in after, word
    assert "Residence permit" in text_of(accepted.data)


def test_what_was_typed_into_a_form_stays_readable():
    assert "FIELDVALUE" in text_of(accept(uploaded(pdf(change=arm))).data)


def test_an_archive_behind_a_pdf_does_not_survive():
    data = pdf() + archive(evil__txt=b"payload" * 50) + b"\n%%EOF\n"
    assert b"PK\x03\x04" not in accept(uploaded(data)).data


def test_an_archive_before_a_pdf_is_refused():
    assert refused(archive(evil__txt=b"x") + pdf()) == "not_accepted"


def test_a_script_before_a_pdf_is_refused():
    assert refused(b"<script>alert(1)</script>\n" + pdf()) == "not_accepted"


@pytest.mark.parametrize("user", ["secret", ""])
def test_an_encrypted_pdf_is_refused(user):
    assert refused(pdf(encryption=pikepdf.Encryption(owner="own", user=user))) == "pdf_encrypted"


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_a_pdf_cut_short_is_refused(share):
    data = pdf(3)
    assert refused(data[: int(len(data) * share)]) == "pdf_broken"


def test_a_pdf_of_garbage_is_refused():
    assert refused(b"%PDF-1.7\n" + b"garbage " * 200 + b"\n%%EOF") in ("pdf_broken", "pdf_empty")


def test_a_pdf_whose_pages_cannot_be_unpacked_is_refused():
    def spoil(document):
        bad = document.make_stream(b"not a flate stream at all")
        bad.write(b"not a flate stream at all", filter=Name.FlateDecode)
        document.pages[0].Contents = bad

    assert refused(pdf(change=spoil)) == "pdf_broken"


def test_a_pdf_without_pages_is_refused():
    assert refused(pdf(0)) == "pdf_empty"


def test_a_pdf_of_too_many_pages_is_refused_and_says_how_many():
    with pytest.raises(UploadRefused, match="51 页") as caught:
        accept(uploaded(pdf(51)))
    assert caught.value.code == "pdf_too_many_pages"


def test_a_picture_of_too_many_pixels_in_a_pdf_is_refused():
    def add(document):
        image = document.make_stream(b"\0")
        image.stream_dict = Dictionary(
            Type=Name.XObject,
            Subtype=Name.Image,
            Width=60_000,
            Height=60_000,
            ColorSpace=Name.DeviceGray,
            BitsPerComponent=8,
        )
        document.pages[0].Resources.XObject = Dictionary(Im=image)

    assert refused(pdf(change=add)) == "too_many_pixels"


def test_a_content_bomb_is_refused():
    def inflate(document):
        document.pages[0].Contents = document.make_stream(b" " * 70_000_000)

    data = pdf(change=inflate, compress_streams=True)
    assert len(data) < 1_000_000
    assert refused(data) == "pdf_too_complex"


def test_a_pdf_that_takes_too_long_is_refused(monkeypatch):
    monkeypatch.setattr(documents, "MAX_PDF_SECONDS", 0.01)
    assert refused(pdf()) == "pdf_too_complex"


def test_a_worker_ended_by_its_cpu_limit_is_too_complex(monkeypatch):
    """Forms that draw each other ten at a time for nine levels: a billion marks."""
    monkeypatch.setattr(documents, "PDF_CPU_SECONDS", 1)

    def nest(document):
        below = None
        for _ in range(9):
            form = document.make_stream(b"/X Do " * 10 if below is not None else b"0 0 9 9 re f")
            form.stream_dict = Dictionary(
                Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 99, 99])
            )
            form.Resources = Dictionary()
            if below is not None:
                form.Resources.XObject = Dictionary(X=below)
            below = form
        document.pages[0].Resources.XObject = Dictionary(X=below)
        document.pages[0].Contents = document.make_stream(b"/X Do")

    assert refused(pdf(change=nest)) == "pdf_too_complex"


def test_photographs_inside_a_pdf_lose_their_position():
    exif = picture().getexif()
    exif[0x010F] = "SecretPhone"
    photo = jpeg(exif=exif)

    def add(document):
        image = document.make_stream(photo)
        image.write(photo, filter=Name.DCTDecode)
        for key, value in {"Type": Name.XObject, "Subtype": Name.Image, "Width": 400}.items():
            image[f"/{key}"] = value
        image.Height, image.ColorSpace, image.BitsPerComponent = 300, Name.DeviceRGB, 8
        document.pages[0].Resources.XObject = Dictionary(Im=image)
        document.pages[0].Contents = document.make_stream(b"q 400 0 0 300 0 0 cm /Im Do Q")

    data = pdf(change=add)
    assert b"SecretPhone" in data
    accepted = accept(uploaded(data))
    assert b"SecretPhone" not in accepted.data
    page = pypdfium2.PdfDocument(accepted.data)[0]
    assert page.render(scale=1).to_pil().convert("L").getpixel((10, 842 - 290)) < 60


def test_a_jpeg_of_unknown_shape_is_left_as_it_is():
    assert without_jpeg_metadata(b"no jpeg") == b"no jpeg"
    assert without_jpeg_metadata(b"\xff\xd8\xff\xe1\x00\x00rest") == b"\xff\xd8\xff\xe1\x00\x00rest"


def test_a_layer_switched_off_stays_off():
    def layer(document):
        hidden = document.make_indirect(Dictionary(Type=Name.OCG, Name="hidden"))
        document.Root.OCProperties = Dictionary(
            OCGs=Array([hidden]), D=Dictionary(OFF=Array([hidden]), Order=Array([]))
        )
        page = document.pages[0]
        page.Resources.Properties = Dictionary(L=hidden)
        page.Contents = document.make_stream(b"/OC /L BDC 0 0 595 842 re f EMC")

    page = pypdfium2.PdfDocument(accept(uploaded(pdf(change=layer))).data)[0]
    assert page.render(scale=0.2).to_pil().convert("L").getpixel((50, 50)) == 255
