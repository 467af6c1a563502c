"""Signatures: drawn with a finger, typed, or neither."""

import base64
from io import BytesIO

import pytest
from PIL import Image, ImageDraw

from casework.signature import PREFIX, SignatureRefused, parse_signature
from tests.casework.uploads.files import encode, png_header

NAME = "阿卜杜热合曼·买买提"


def url(image: Image.Image, fmt="PNG") -> str:
    return PREFIX + base64.b64encode(encode(image, fmt)).decode()


def drawn(width=900, height=400, colour="black") -> Image.Image:
    image = Image.new("RGBA", (width, height), (0, 0, 0, 0))
    line = [(100, 300), (200, 80), (300, 300), (500, 100), (700, 320)]
    ImageDraw.Draw(image).line(line, fill=colour, width=8)
    return image


def refused(drawing, typed=None, name=NAME) -> SignatureRefused:
    with pytest.raises(SignatureRefused) as caught:
        parse_signature(drawing, typed, name)
    assert "请" in caught.value.message
    return caught.value


def test_a_drawn_signature_is_written_anew_trimmed_on_white():
    signature = parse_signature(url(drawn(2400, 1200)), "", NAME)
    assert (signature.kind, signature.text) == ("drawn", NAME)
    image = Image.open(BytesIO(signature.png))
    assert image.mode == "L" and image.width <= 640 and image.height <= 240
    assert image.getpixel((0, 0)) == 255
    assert image.getextrema()[0] < 40
    assert len(signature.png) < 20_000


def test_blue_ink_counts_as_ink():
    assert parse_signature(url(drawn(colour="#0A5FA8")), None, NAME).kind == "drawn"


@pytest.mark.parametrize(
    "typed",
    [
        NAME,
        " 阿卜杜热合曼 · 买买提 ",
        "阿卜杜热合曼•买买提",
        "阿卜杜热合曼.买买提",
        "阿卜杜热合曼．买买提",
    ],
)
def test_the_own_name_is_taken_however_the_keyboard_writes_the_dot(typed):
    signature = parse_signature("", typed, NAME)
    assert (signature.kind, signature.png, signature.text) == ("typed", None, NAME)


def test_another_name_is_refused_and_names_the_signer():
    refusal = refused(None, "张三")
    assert refusal.code == "other_name" and NAME in refusal.message


def test_nothing_at_all_is_refused():
    assert refused("", " ").code == "missing"


def test_an_empty_field_is_refused_but_gives_way_to_a_typed_name():
    blank = url(Image.new("RGBA", (600, 300), (0, 0, 0, 0)))
    assert refused(blank).code == "no_ink"
    assert parse_signature(blank, NAME, NAME).kind == "typed"


@pytest.mark.parametrize(
    "image",
    [
        Image.new("RGB", (600, 300), "black"),
        Image.new("RGB", (600, 300), "#EEEEEE"),
        drawn().crop((96, 296, 104, 304)),
    ],
    ids=["all ink", "pale", "a tap"],
)
def test_what_is_no_handwriting_is_refused(image):
    assert refused(url(image)).code == "no_ink"


def test_a_dot_in_a_large_field_is_refused():
    dot = Image.new("RGB", (600, 300), "white")
    ImageDraw.Draw(dot).ellipse((300, 150, 315, 165), fill="black")
    assert refused(url(dot)).code == "no_ink"


@pytest.mark.parametrize(
    "text",
    [
        "data:image/svg+xml;base64,PHN2Zy8+",
        "https://evil.example/sign.png",
        PREFIX + "!!!not base64!!!",
        PREFIX + base64.b64encode(b"<html>").decode(),
        PREFIX + base64.b64encode(encode(drawn(), "PNG")[:300]).decode(),
        url(drawn().convert("RGB"), "JPEG"),
    ],
)
def test_anything_but_a_whole_png_is_refused(text):
    assert refused(text).code == "broken"


@pytest.mark.parametrize(
    "data", [b"\0" * 600_000, png_header(20_000, 20_000), png_header(5_000, 5_000)]
)
def test_too_large_a_drawing_is_refused(data):
    assert refused(PREFIX + base64.b64encode(data).decode()).code == "too_large"
