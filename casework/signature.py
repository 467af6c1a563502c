"""A person's hand under a promise or an application: drawn with a finger, or typed."""

import base64
import binascii
import re
import unicodedata
from dataclasses import dataclass
from io import BytesIO
from typing import Literal

from PIL import Image

PREFIX = "data:image/png;base64,"
# signature_pad on a large phone in landscape at threefold density stays under this.
MAX_BYTES = 512 * 1024
MAX_PIXELS = 8_000_000
# Stored width and height in pixels: 4 cm on paper at 400 dpi.
STORED_SIZE = (640, 240)
MARGIN = 8
# A grey under this is ink.
INK_LEVEL = 160
# A tap or a slip of the finger is smaller than this share of the field.
MIN_INK_PIXELS = 120
MIN_SPAN = 24
DOTS = "·•・‧∙⋅.．｡"  # every way a keyboard writes the dot inside a name

MESSAGES = {
    "missing": "请在框内手写签名；不方便手写时，可以改为输入姓名。",
    "too_large": "签名图片太大。请清除后重新签一次，或改为输入姓名。",
    "broken": "签名没有传完整。请清除后重新签一次，或改为输入姓名。",
    "no_ink": "签名太少，看不清。请清除后在框内写出全名，或改为输入姓名。",
    "other_name": "输入的姓名与签名人“{name}”不一致。请输入签名人本人的姓名。",
}


class SignatureRefused(Exception):
    """A signature that is not taken; `message` is shown to the person as it stands."""

    def __init__(self, code: str, **fields: str):
        self.code = code
        self.message = MESSAGES[code].format(**fields)
        super().__init__(self.message)


@dataclass(frozen=True)
class Signature:
    """`png` is the drawn signature, black on white and trimmed; `text` the signer's name."""

    kind: Literal["drawn", "typed"]
    png: bytes | None
    text: str


def parse_signature(drawn: str | None, typed: str | None, expected_name: str) -> Signature:
    """The signature from what a form sent: a PNG data URL, or a typed name.

    A drawn one wins; an untouched field with a typed name is a typed one. Raises
    SignatureRefused with a Chinese message: missing, too_large, broken, no_ink,
    other_name.
    """
    typed = (typed or "").strip()
    if drawn:
        try:
            return Signature("drawn", _clean_drawing(_decode(drawn)), expected_name)
        except SignatureRefused as refused:
            if not typed or refused.code != "no_ink":
                raise
    if not typed:
        raise SignatureRefused("missing")
    if _plain(typed) != _plain(expected_name):
        raise SignatureRefused("other_name", name=expected_name)
    return Signature("typed", None, expected_name)


def _decode(url: str) -> bytes:
    if len(url) > MAX_BYTES * 4 // 3 + len(PREFIX) + 4:
        raise SignatureRefused("too_large")
    if not url.startswith(PREFIX):
        raise SignatureRefused("broken")
    try:
        return base64.b64decode(url.removeprefix(PREFIX), validate=True)
    except (binascii.Error, ValueError):
        raise SignatureRefused("broken") from None


def _clean_drawing(data: bytes) -> bytes:
    """Decoded, laid on white, trimmed to its ink, made small, written anew."""
    try:
        with Image.open(BytesIO(data), formats=("PNG",)) as image:
            if image.width * image.height > MAX_PIXELS:
                raise SignatureRefused("too_large")
            grey = _on_white(image)
    except (SignatureRefused, Image.DecompressionBombError) as error:
        raise SignatureRefused("too_large") from error
    except Exception as error:  # a decoder fed by strangers fails in every way
        raise SignatureRefused("broken") from error
    return _encode(grey.crop(_ink_box(grey)))


def _on_white(image: Image.Image) -> Image.Image:
    layer = image.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", layer.size, "white"), layer).convert("L")


def _ink_box(grey: Image.Image) -> tuple[int, int, int, int]:
    """The box around the ink with a margin. Raises SignatureRefused `no_ink`."""
    ink = grey.point(lambda level: 255 if level < INK_LEVEL else 0)
    box = ink.getbbox()
    inked = ink.histogram()[255]
    if box is None or not MIN_INK_PIXELS <= inked <= grey.width * grey.height // 2:
        raise SignatureRefused("no_ink")
    left, top, right, bottom = box
    if max(right - left, bottom - top) < MIN_SPAN:
        raise SignatureRefused("no_ink")
    return (
        max(0, left - MARGIN),
        max(0, top - MARGIN),
        min(grey.width, right + MARGIN),
        min(grey.height, bottom + MARGIN),
    )


def _encode(grey: Image.Image) -> bytes:
    small = grey.copy()
    small.thumbnail(STORED_SIZE, Image.Resampling.LANCZOS)
    # Sixteen greys are enough for a smooth line and save half of the bytes.
    small = small.point(lambda level: round(level / 17) * 17)
    small.info = {}
    out = BytesIO()
    small.save(out, "PNG", optimize=True)
    return out.getvalue()


def _plain(name: str) -> str:
    """A name for comparing: width and case folded, no blanks, one kind of dot."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    folded = re.sub(f"[{re.escape(DOTS)}]", "·", folded)
    return "".join(folded.split())
