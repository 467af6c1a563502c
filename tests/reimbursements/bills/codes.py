"""QR codes of bills, drawn and then spoilt as bills in a drawer are."""

from io import BytesIO

import segno
from PIL import Image, ImageFilter

VAT = "01,10,011001605111,80100798,64.9,20161018,85342965681116380258,"
DIGITAL = "01,32,,23442000000014209621,112,20230215,,74AE"


def code(text: str = VAT, scale: int = 8) -> Image.Image:
    """A QR code in grey, with its quiet zone."""
    out = BytesIO()
    segno.make(text, error="m", micro=False).save(out, kind="png", scale=scale, border=4)
    out.seek(0)
    return Image.open(out).convert("L")


def sheet(*codes: Image.Image, size=(1240, 1754)) -> Image.Image:
    """A white page with the codes below each other."""
    page, top = Image.new("L", size, 255), 100
    for each in codes:
        page.paste(each, (120, top))
        top += each.height + 60
    return page


def spoilt(image: Image.Image, turned=0, blur=0.0, grey=(0, 255), size=1.0) -> Image.Image:
    """The picture turned, out of focus, between two greys, and made smaller."""
    image = image.rotate(turned, expand=True, fillcolor=255)
    image = image.filter(ImageFilter.GaussianBlur(blur)) if blur else image
    low, high = grey
    image = image.point([low + (high - low) * value // 255 for value in range(256)])
    smaller = tuple(round(side * size) for side in image.size)
    return image.resize(smaller, Image.Resampling.BILINEAR)


def slanted(image: Image.Image, lean=0.12) -> Image.Image:
    """The picture as photographed from the side: a square becomes a trapezium."""
    wide, high = image.size
    inset = round(wide * lean)
    corners = (0, 0, inset, high, wide - inset, high, wide, 0)
    return image.transform(image.size, Image.Transform.QUAD, corners, fillcolor=255)


def saved(image: Image.Image, fmt: str = "JPEG", **options) -> bytes:
    out = BytesIO()
    image.convert("RGB").save(out, fmt, **options)
    return out.getvalue()
