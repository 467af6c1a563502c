"""Photographs in fair and bad weather."""

from io import BytesIO

import pytest
from PIL import Image, ImageCms

from casework.uploads import UploadRefused, accept
from tests.casework.uploads.files import (
    HTML_TAIL,
    archive,
    encode,
    jpeg,
    pdf,
    picture,
    png_header,
    uploaded,
)

GPS, ORIENTATION, MAKER = 0x8825, 0x0112, 0x010F


def opened(accepted) -> Image.Image:
    return Image.open(BytesIO(accepted.data))


def refused(data, **options) -> UploadRefused:
    with pytest.raises(UploadRefused) as caught:
        accept(uploaded(data), **options)
    return caught.value


def test_a_photograph_comes_out_as_a_jpeg_with_its_size_and_hash():
    accepted = accept(uploaded(jpeg((640, 480))))
    assert (accepted.content_type, accepted.suffix, accepted.kind) == ("image/jpeg", ".jpg", "jpeg")
    assert (accepted.width, accepted.height, accepted.pages) == (640, 480, 1)
    assert opened(accepted).size == (640, 480)
    assert len(accepted.sha256) == 64
    assert accepted.original is None


@pytest.mark.parametrize("fmt", ["PNG", "WEBP", "HEIF"])
def test_a_photograph_in_another_format_becomes_a_jpeg(fmt):
    accepted = accept(uploaded(encode(picture(), fmt)))
    assert accepted.content_type == "image/jpeg"
    assert opened(accepted).size == (400, 300)
    assert max(opened(accepted).convert("L").getpixel((10, 10)), 0) < 40


def test_a_drawing_in_png_stays_a_png():
    drawing = Image.new("RGB", (300, 200), "white")
    accepted = accept(uploaded(encode(drawing, "PNG")))
    assert (accepted.content_type, accepted.suffix) == ("image/png", ".png")


def test_gps_maker_comment_and_profile_are_gone():
    exif = Image.Exif()
    exif[MAKER] = "SecretPhone"
    exif.get_ifd(GPS)[1] = "N"
    exif.get_ifd(GPS)[2] = (39.0, 54.0, 20.0)
    exif[GPS] = exif.get_ifd(GPS)
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    data = jpeg(exif=exif, comment=b"taken at home", icc_profile=profile)
    assert Image.open(BytesIO(data)).getexif().get_ifd(GPS), "the test file must have a position"
    accepted = accept(uploaded(data))
    clean = opened(accepted)
    assert not clean.getexif() and not clean.getexif().get_ifd(GPS)
    assert not clean.info.keys() & {"exif", "icc_profile", "comment", "xmp", "photoshop"}
    for word in (b"SecretPhone", b"taken at home", b"Exif"):
        assert word not in accepted.data


def test_text_chunks_and_exif_of_a_drawing_are_gone():
    exif = Image.Exif()
    exif[MAKER] = "SecretPhone"
    data = encode(Image.new("RGB", (60, 60), "white"), "PNG", exif=exif, dpi=(300, 300))
    assert b"SecretPhone" not in accept(uploaded(data)).data


@pytest.mark.parametrize("turn", range(2, 9))
def test_the_picture_stands_as_the_camera_meant(turn):
    """The dark corner of the upright picture is top left whatever the camera wrote."""
    undo = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }[turn]
    exif = Image.Exif()
    exif[ORIENTATION] = turn
    accepted = accept(uploaded(encode(picture().transpose(undo), "JPEG", exif=exif)))
    upright = opened(accepted).convert("L")
    assert upright.size == (400, 300) == (accepted.width, accepted.height)
    corners = [upright.getpixel(at) for at in ((20, 20), (380, 20), (20, 280), (380, 280))]
    assert corners[0] < 30 < min(corners[1:])


@pytest.mark.parametrize("mode", ["CMYK", "L", "1", "P", "RGBA", "LA"])
def test_every_colour_mode_comes_out_readable(mode):
    fmt = "JPEG" if mode == "CMYK" else "PNG"
    accepted = accept(uploaded(encode(picture(mode=mode), fmt)))
    assert opened(accepted).mode in ("RGB", "L")
    grey = opened(accepted).convert("L")
    assert grey.getpixel((10, 10)) < 60 < grey.resize((1, 1)).getpixel((0, 0))


def test_sixteen_bit_grey_is_scaled_and_not_clipped_to_white():
    dark = Image.new("I;16", (100, 100), 0x3000)
    accepted = accept(uploaded(encode(dark, "PNG")))
    assert 0x2E <= opened(accepted).convert("L").getpixel((50, 50)) <= 0x32


def test_what_was_transparent_becomes_white_paper():
    accepted = accept(uploaded(encode(Image.new("RGBA", (80, 80), (0, 0, 0, 0)), "PNG")))
    assert opened(accepted).convert("RGB").getpixel((40, 40)) == (255, 255, 255)


def test_a_large_photograph_is_reduced_and_a_long_screenshot_keeps_its_width():
    assert max(accept(uploaded(jpeg((5000, 3000)))).width, 0) == 4096
    strip = accept(uploaded(jpeg((720, 9000))))
    assert (strip.width, strip.height) == (720, 9000)


def test_html_behind_a_jpeg_does_not_survive():
    accepted = accept(uploaded(jpeg() + HTML_TAIL))
    assert b"script" not in accepted.data


def test_an_archive_behind_a_png_does_not_survive():
    accepted = accept(uploaded(encode(picture(), "PNG") + archive(evil=b"x" * 100)))
    assert b"PK\x03\x04" not in accepted.data


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"GIF89a" + b"\0" * 20 + archive(A__class=b"\xca\xfe\xba\xbe"), "GIF"),
        (archive(word__xml=b"<w/>"), "压缩包"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 100, "Word"),
        (b"MZ\x90\x00" + b"\0" * 100, "程序"),
        (b"<!DOCTYPE html><script>1</script>", "网页"),
        (b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>', "SVG"),
        (b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom", "视频"),
        (b"\0\0\0\x1cftypavif\0\0\0\0avifmif1", "AVIF"),
        (b"\0\0\0\x1cftypmif1\0\0\0\0mif1avif", "AVIF"),
        (b"II*\x00" + b"\0" * 100, "TIFF"),
        (b'<?xml version="1.0"?><bill/>', "XML"),
    ],
)
def test_a_file_of_a_wrong_kind_is_named_whatever_its_name_claims(data, word):
    refusal = refused(data)
    assert refusal.code == "not_accepted"
    assert word in refusal.message and "JPG、PNG" in refusal.message


def test_a_text_file_called_jpg_is_not_known():
    assert refused("我的居住证".encode()).code == "unknown_type"


def test_a_pdf_is_refused_where_only_pictures_are_taken():
    refusal = refused(pdf(), allow=frozenset({"jpeg", "png"}))
    assert (refusal.code, "JPG、PNG 格式" in refusal.message) == ("not_accepted", True)


def test_zero_bytes_are_refused():
    refusal = refused(b"")
    assert (refusal.code, "0 字节" in refusal.message) == ("empty", True)


class Endless:
    """A file of unknown size that counts what was read of it."""

    name = "大.jpg"
    taken = 0

    def read(self, size: int) -> bytes:
        self.taken += size
        return b"\xff" * size


def test_fifty_megabytes_are_refused_unread_when_the_size_is_known():
    class Large(Endless):
        size = 50 * 1024 * 1024

    with pytest.raises(UploadRefused) as caught:
        accept(Large())
    assert (caught.value.code, Large.taken) == ("too_large", 0)
    assert "20 MB" in caught.value.message


def test_an_endless_file_is_read_to_the_limit_only(settings):
    settings.UPLOAD_MAX_BYTES = 1024 * 1024
    file = Endless()
    with pytest.raises(UploadRefused) as caught:
        accept(file)
    assert caught.value.code == "too_large"
    assert file.taken <= settings.UPLOAD_MAX_BYTES + 256 * 1024


@pytest.mark.parametrize(("width", "height"), [(20_000, 20_000), (8_000, 8_000), (65_000, 65_000)])
def test_too_many_pixels_are_refused_from_the_header(width, height, monkeypatch):
    monkeypatch.setattr(Image.Image, "load", lambda *_: pytest.fail("decoded"))
    refusal = refused(png_header(width, height))
    assert (refusal.code, "像素" in refusal.message) == ("too_many_pixels", True)


def test_a_jpeg_header_of_twenty_thousand_squared_is_refused():
    data = bytearray(jpeg())
    at = data.index(b"\xff\xc0")
    data[at + 5 : at + 9] = (20_000).to_bytes(2, "big") * 2
    assert refused(bytes(data)).code == "too_many_pixels"


def test_a_bomb_in_png_is_not_unpacked():
    bomb = png_header(7_000, 7_000, b"\0" * 20_000_000)
    assert len(bomb) < 100_000
    assert refused(bomb).code == "image_broken"


@pytest.mark.parametrize("fmt", ["JPEG", "PNG", "WEBP", "HEIF"])
@pytest.mark.parametrize("share", [0.02, 0.5, 0.95])
def test_a_picture_cut_short_is_refused(fmt, share):
    data = encode(picture(), fmt)
    assert refused(data[: int(len(data) * share)]).code in ("image_broken", "unknown_type")


def test_an_animation_is_refused():
    frames = [Image.new("RGB", (64, 64), colour) for colour in ("red", "blue")]
    for fmt in ("PNG", "WEBP"):
        data = encode(frames[0], fmt, save_all=True, append_images=frames[1:])
        assert refused(data).code == "image_animated"


def test_a_speck_is_refused():
    assert refused(encode(Image.new("RGB", (4, 4)), "PNG")).code == "too_small"


def test_broken_exif_does_not_refuse_a_good_photograph():
    data = jpeg(exif=b"Exif\0\0MM\0*garbage")
    assert accept(uploaded(data)).width == 400


def test_every_refusal_says_what_to_do():
    for data in (b"", b"x", jpeg()[:500], png_header(20_000, 20_000), b"GIF89a"):
        assert "请" in refused(data).message
