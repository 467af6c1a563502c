"""Photographs and scans: decoded within limits and written anew.

Nothing of the sender's bytes survives but the picture itself, so that EXIF, GPS,
comments, colour profiles and whatever was hung on the end are gone.
"""

import math
from dataclasses import dataclass
from io import BytesIO

import pillow_heif
from django.conf import settings
from PIL import ExifTags, Image, ImageCms, JpegImagePlugin

from casework.uploads.limits import (
    GRAPHIC_COLOURS,
    JPEG_QUALITY,
    MAX_AREA,
    MAX_EDGE,
    MIN_EDGE,
)
from casework.uploads.refusal import UploadRefused, refusal

pillow_heif.register_heif_opener()

PILLOW_FORMATS = {"jpeg": "JPEG", "png": "PNG", "webp": "WEBP", "heic": "HEIF"}
SRGB = ImageCms.createProfile("sRGB")
# How the camera was held (EXIF 2.32, tag 274) and what puts the picture upright.
UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
TURNS = {
    90: Image.Transpose.ROTATE_270,
    180: Image.Transpose.ROTATE_180,
    270: Image.Transpose.ROTATE_90,
}


@dataclass(frozen=True)
class CleanImage:
    """A picture written anew: its bytes, what they are, width and height in pixels."""

    data: bytes
    content_type: str
    suffix: str
    width: int
    height: int


def clean_image(data: bytes, kind: str) -> CleanImage:
    """The picture in `data`, upright, in sRGB on white, of bounded size.

    Raises UploadRefused: too_many_pixels (from the header, before decoding),
    too_small, image_animated, image_broken.
    """
    try:
        with Image.open(BytesIO(data), formats=(PILLOW_FORMATS[kind],)) as image:
            _check_header(image, kind)
            upright = _upright(image)
            drawing = kind in ("png", "webp") and _is_drawing(upright)
            return _write(upright, "PNG" if drawing else "JPEG")
    except UploadRefused:
        raise
    except Image.DecompressionBombError:
        raise refusal("too_many_pixels", size="") from None
    except Exception as error:
        # A decoder fed by strangers fails in every way (OSError, SyntaxError,
        # struct.error, ValueError, MemoryError…); to the sender they are one thing.
        raise refusal("image_broken") from error


def turn_image(data: bytes, kind: str, degrees: int) -> bytes:
    """A stored picture turned clockwise by 90, 180 or 270 degrees.

    A JPEG is written with its own quantisation tables, so that turning it again and
    again does not blur it.
    """
    with Image.open(BytesIO(data), formats=(PILLOW_FORMATS[kind],)) as image:
        image.load()
        turned = image.transpose(TURNS[degrees])
        out = BytesIO()
        if kind == "jpeg":
            sampling = JpegImagePlugin.get_sampling(image)
            turned.save(out, "JPEG", qtables=image.quantization, subsampling=sampling)
        else:
            turned.save(out, "PNG")
        return out.getvalue()


def shrink_image(data: bytes, kind: str, max_px: int) -> bytes:
    """A JPEG of a stored picture, no edge longer than `max_px`."""
    with Image.open(BytesIO(data), formats=(PILLOW_FORMATS[kind],)) as image:
        image.draft("RGB", (max_px, max_px))
        small = _on_white(image)
        small.thumbnail((max_px, max_px), reducing_gap=2.0)
        return _encode(small, "JPEG")


def _check_header(image: Image.Image, kind: str) -> None:
    width, height = image.size
    if width * height > settings.UPLOAD_MAX_PIXELS:
        raise refusal("too_many_pixels", size=f"（{width}×{height} 像素）")
    if min(width, height) < MIN_EDGE:
        raise refusal("too_small", width=width, height=height)
    # A HEIC burst or live photograph has a primary picture and a JPEG from a phone
    # may carry a second one; only true animations would lose what they show.
    if kind in ("png", "webp") and getattr(image, "is_animated", False):
        raise refusal("image_animated")


def _upright(image: Image.Image) -> Image.Image:
    """Decoded, reduced, in sRGB, turned as the camera meant, with no metadata."""
    target = _target_size(*image.size)
    # A JPEG decodes at a half or a quarter for almost nothing; a little under the
    # target will do, so that 48 megapixels (8,160 wide) come out at 4,080 at once.
    image.draft(None, (int(target[0] * 0.9), int(target[1] * 0.9)))
    turn = UPRIGHT.get(_orientation(image))
    profile = image.info.get("icc_profile")
    picture = _eight_bit(image)
    if picture.size != target and picture.width > target[0]:
        picture = picture.resize(target, Image.Resampling.LANCZOS, reducing_gap=2.0)
    picture = _on_white(_to_srgb(picture, profile))
    if turn is not None:
        picture = picture.transpose(turn)
    picture.info = {}
    return picture


def _orientation(image: Image.Image) -> int:
    """The EXIF orientation; a photograph is not refused for broken EXIF."""
    try:
        return image.getexif().get(ExifTags.Base.Orientation, 1)
    except Exception:
        return 1


def _target_size(width: int, height: int) -> tuple[int, int]:
    """Long edge at most MAX_EDGE; a strip (a long screenshot) is bounded by area."""
    long, short = max(width, height), min(width, height)
    if long <= 3 * short:
        factor = min(1.0, MAX_EDGE / long)
    else:
        factor = min(1.0, math.sqrt(MAX_AREA / (width * height)))
    return max(1, round(width * factor)), max(1, round(height * factor))


def _eight_bit(image: Image.Image) -> Image.Image:
    """16-bit greys are scaled; converting them directly would clip to white."""
    if not image.mode.startswith("I"):
        image.load()
        return image
    grey = image.convert("I")
    return grey.point(lambda value: value * (1 / 256)).convert("L")


def _to_srgb(picture: Image.Image, profile: bytes | None) -> Image.Image:
    """Through the picture's own colour profile where it has a usable one."""
    if not profile or picture.mode not in ("RGB", "CMYK", "L"):
        return picture
    try:
        source = ImageCms.ImageCmsProfile(BytesIO(profile))
        if "sRGB" in ImageCms.getProfileDescription(source) and picture.mode == "RGB":
            return picture
        return ImageCms.profileToProfile(picture, source, SRGB, outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError):
        return picture  # a broken profile: the plain values are the best there is


def _on_white(picture: Image.Image) -> Image.Image:
    """As grey or RGB; what was transparent becomes paper."""
    if picture.has_transparency_data:
        layer = picture.convert("RGBA")
        paper = Image.new("RGBA", layer.size, "white")
        return Image.alpha_composite(paper, layer).convert("RGB")
    if picture.mode in ("1", "L"):
        return picture.convert("L")
    return picture.convert("RGB")


def _is_drawing(picture: Image.Image) -> bool:
    return picture.getcolors(GRAPHIC_COLOURS) is not None


def _write(picture: Image.Image, pillow_format: str) -> CleanImage:
    content_type = f"image/{pillow_format.lower()}"
    suffix = ".png" if pillow_format == "PNG" else ".jpg"
    return CleanImage(_encode(picture, pillow_format), content_type, suffix, *picture.size)


def _encode(picture: Image.Image, pillow_format: str) -> bytes:
    out = BytesIO()
    options = {"quality": JPEG_QUALITY} if pillow_format == "JPEG" else {}
    picture.save(out, pillow_format, **options)
    return out.getvalue()
