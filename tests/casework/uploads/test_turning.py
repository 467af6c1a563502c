"""Turning and previewing what was stored."""

from io import BytesIO

import pypdfium2
import pytest
from PIL import Image

from casework.uploads import accept, preview, rotate
from tests.casework.uploads.files import encode, jpeg, pdf, picture, uploaded


def dark_corner(data: bytes) -> tuple[str, tuple[int, int]]:
    image = Image.open(BytesIO(data)).convert("L")
    width, height = image.size
    corners = {
        "tl": (9, 9),
        "tr": (width - 9, 9),
        "br": (width - 9, height - 9),
        "bl": (9, height - 9),
    }
    return min(corners, key=lambda name: image.getpixel(corners[name])), image.size


@pytest.mark.parametrize(
    ("degrees", "corner", "size"),
    [
        (90, "tr", (300, 400)),
        (180, "br", (400, 300)),
        (270, "bl", (300, 400)),
        (-90, "bl", (300, 400)),
        (360, "tl", (400, 300)),
    ],
)
@pytest.mark.parametrize("fmt", ["JPEG", "PNG"])
def test_a_picture_turns_clockwise(degrees, corner, size, fmt):
    assert dark_corner(rotate(encode(picture(), fmt), degrees)) == (corner, size)


def test_turning_four_times_does_not_blur():
    first = accept(uploaded(jpeg())).data
    data = first
    for _ in range(8):
        data = rotate(data, 90)
    pairs = zip(
        Image.open(BytesIO(first)).convert("L").tobytes(),
        Image.open(BytesIO(data)).convert("L").tobytes(),
        strict=True,
    )
    assert sum(abs(a - b) for a, b in pairs) / (400 * 300) < 1.0


def test_a_pdf_turns_clockwise():
    turned = pypdfium2.PdfDocument(rotate(accept(uploaded(pdf())).data, 90))
    assert turned[0].get_size() == (842, 595)


@pytest.mark.parametrize(("data", "degrees"), [(jpeg(), 45), (b"no picture", 90)])
def test_what_cannot_be_turned_says_so(data, degrees):
    with pytest.raises(ValueError):
        rotate(data, degrees)


def test_a_preview_is_a_small_jpeg():
    small = preview(jpeg((2000, 1500)), "image/jpeg", max_px=200)
    assert Image.open(BytesIO(small)).size == (200, 150)


def test_a_preview_of_a_page_shows_that_page():
    data = accept(uploaded(pdf(2))).data
    first, second = (preview(data, "application/pdf", page, 600) for page in (0, 1))
    assert first != second
    image = Image.open(BytesIO(second))
    assert max(image.size) == 600 and image.format == "JPEG"


@pytest.mark.parametrize(
    ("content_type", "data"), [("application/pdf", pdf()), ("image/jpeg", jpeg())]
)
def test_there_is_no_page_beyond_the_last(content_type, data):
    with pytest.raises(IndexError):
        preview(data, content_type, page=1)


def test_a_signed_bill_is_never_drawn():
    with pytest.raises(ValueError):
        preview(b"PK", "application/ofd")
