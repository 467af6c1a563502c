"""The texts of QR codes in a photograph: tried plainly first, then with ever more help.

Bills come home folded, faded and photographed in the evening, so a picture that yields
nothing is read again with more contrast, enlarged, and sharpened (design.md). Each step is
only taken while there is time left.
"""

import time
import warnings
from collections.abc import Callable, Iterator
from io import BytesIO

import zxingcpp
from PIL import Image, ImageFilter, ImageOps

MAX_PIXELS = 60_000_000  # as for uploads
MAX_EDGE = 3200  # a code of 2 cm on A4 keeps some 200 pixels
SMALL_EDGE = 1600
SECONDS = 8.0
MAX_CODES = 20
FORMATS = ("JPEG", "PNG", "WEBP")
Image.init()  # Pillow knows WEBP only after this, and fails on its name before

Step = Callable[[Image.Image], Image.Image]


def texts_in_image(data: bytes, seconds: float = SECONDS) -> list[str]:
    """Every text of a QR code in these bytes of a picture, each once; never raises."""
    try:
        image = _open(data)
    except Exception:  # what Pillow raises on a stranger's bytes is an open list
        return []
    return texts_in_picture(image, seconds)


def texts_in_picture(image: Image.Image, seconds: float = SECONDS) -> list[str]:
    """The same of an opened picture. Stops at the first step that finds a code."""
    until = time.monotonic() + seconds
    for attempt in _attempts(image):
        texts = _decode(attempt)
        if texts:
            return texts
        if time.monotonic() > until:
            break
    return []


def _open(data: bytes) -> Image.Image:
    """The picture in grey, upright and of bounded size. Raises what Pillow raises."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        image = Image.open(BytesIO(data), formats=FORMATS)
    if image.width * image.height > MAX_PIXELS:
        raise ValueError("too many pixels")
    image.draft("L", (MAX_EDGE, MAX_EDGE))
    flat = image.convert("RGBA") if image.mode in ("P", "LA", "PA", "RGBA") else image
    if flat.mode == "RGBA":
        flat = Image.alpha_composite(Image.new("RGBA", flat.size, "white"), flat)
    grey = flat.convert("L")
    grey.thumbnail((MAX_EDGE, MAX_EDGE))
    return grey


def _attempts(image: Image.Image) -> Iterator[Image.Image]:
    """The picture plainly, then with ever more help."""
    grey = image if image.mode == "L" else image.convert("L")
    yield grey
    contrast = ImageOps.autocontrast(grey, cutoff=2)
    yield contrast
    yield contrast.filter(ImageFilter.UnsharpMask(radius=4, percent=250, threshold=2))
    large = _enlarged(contrast)
    yield large
    yield large.filter(ImageFilter.UnsharpMask(radius=8, percent=300, threshold=2))
    yield ImageOps.autocontrast(large.filter(ImageFilter.MedianFilter(5)), cutoff=5)
    yield ImageOps.equalize(contrast)


def _enlarged(image: Image.Image) -> Image.Image:
    """Twice as large, three times when small, never beyond MAX_EDGE."""
    edge = max(image.size)
    factor = min(3 if edge < SMALL_EDGE / 2 else 2, MAX_EDGE / edge)
    if factor <= 1:
        return image
    size = tuple(max(1, round(side * factor)) for side in image.size)
    return image.resize(size, Image.Resampling.BICUBIC)


def _decode(image: Image.Image) -> list[str]:
    """The texts of the QR codes that can be read as they are, each once."""
    try:
        codes = zxingcpp.read_barcodes(
            image, formats=zxingcpp.BarcodeFormat.QRCode, text_mode=zxingcpp.TextMode.Plain
        )
        return list(dict.fromkeys(code.text for code in codes[:MAX_CODES]))
    except (ValueError, RuntimeError, MemoryError):
        return []
