"""QR codes of bills: known layouts are read, nonsense is told, spoilt pictures are tried again."""

import os
import time
import zlib
from io import BytesIO

import pytest
import typst
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageOps

from reimbursements.bills import pictures
from reimbursements.bills.found import read_amount, read_day
from reimbursements.bills.numbers import KIND_LABELS
from reimbursements.bills.qr import read_image, read_pdf, read_text, why_nothing
from reimbursements.bills.qrtext import MAX_LENGTH
from reimbursements.settlement.money import yuan
from tests.reimbursements.bills.codes import DIGITAL, VAT, code, saved, sheet, slanted, spoilt
from tests.reimbursements.bills.tables import each_row

REASONS = {"网址": "查验网址", "红字": "红字", "不是票据": "不是票据信息", "没有内容": "没有内容"}


@each_row("qr.csv", lambda row: row["说明"])
def test_every_row_of_the_table(row):
    text = row["二维码内容"]
    found, why = read_text(text), why_nothing(text)
    if row["种类"] == "没有读到":
        assert found is None
        assert REASONS[row["是否可靠"]] in why and why.endswith("。")
        return
    assert why == ""
    assert KIND_LABELS[found.kind] == row["种类"]
    assert (found.code, found.number, found.check_code) == (row["代码"], row["号码"], row["校验码"])
    assert (found.issued_on.isoformat() if found.issued_on else "") == row["日期"]
    assert (yuan(found.amount) if found.amount is not None else "") == row["金额（元）"]
    assert ("不含税" if found.tax_exclusive else "") == row["金额是否不含税"]
    assert ("可靠" if found.certain else "请核对") == row["是否可靠"]


def test_a_text_longer_than_any_bill_is_nonsense():
    assert read_text(VAT + "0" * MAX_LENGTH) is None


@given(st.text())
def test_any_text_gives_a_bill_or_a_reason(text):
    assert (read_text(text) is None) == bool(why_nothing(text))


@given(
    st.lists(st.sampled_from(["01", "10", "32", "", "37060124", "0136427183", "2024"]) | st.text())
)
def test_any_fields_give_a_bill_or_a_reason(fields):
    for text in (",".join(fields), "&".join(["CZ-EI", *fields])):
        assert (read_text(text) is None) == bool(why_nothing(text))


@given(st.text(), st.text(alphabet="0123456789.-,/年月日"))
def test_days_and_amounts_of_any_text_never_raise(text, near):
    for each in (text, near):
        assert read_day(each) is None or read_day(each).year // 100 == 20
        assert read_amount(each) is None or read_amount(each) >= 0


# pictures

PICTURES = {
    "as it is": {},
    "turned a little": {"turned": 13},
    "on its side": {"turned": 90},
    "upside down": {"turned": 180},
    "out of focus": {"blur": 3.0},
    "faded": {"grey": (205, 220)},
    "in the dark": {"grey": (10, 60)},
    "turned, blurred and faded": {"turned": 31, "blur": 2.0, "grey": (110, 160)},
}


@pytest.mark.parametrize("spoil", PICTURES.values(), ids=PICTURES)
def test_a_spoilt_code_is_read(spoil):
    assert read_image(saved(spoilt(code(), **spoil), quality=75)) == [read_text(VAT)]


@pytest.mark.parametrize("spoil", [{"blur": 4.5}, {"size": 0.25, "blur": 1.0}])
def test_a_code_that_is_not_read_at_first_is_read_with_help(spoil):
    from_bare = spoilt(code(), **spoil)
    assert read_image(saved(from_bare, quality=75)) == [read_text(VAT)]


def test_a_code_photographed_from_the_side_is_read():
    page = slanted(sheet(code()))
    assert read_image(saved(spoilt(page, turned=4, blur=1.0))) == [read_text(VAT)]


def test_reading_stops_when_its_time_is_over(monkeypatch):
    tried = []
    monkeypatch.setattr(pictures, "_decode", lambda image: tried.append(image) or [])
    assert pictures.texts_in_image(saved(code()), seconds=0) == [] and len(tried) == 1
    assert pictures.texts_in_image(saved(code())) == [] and len(tried) > 5


@pytest.mark.parametrize("fmt", ["PNG", "WEBP", "JPEG"])
def test_every_stored_format_is_read(fmt):
    assert read_image(saved(code(), fmt)) == [read_text(VAT)]


def test_a_transparent_picture_is_read_on_white():
    dark = ImageOps.invert(code())  # opaque where the code is dark, clear elsewhere
    clear = Image.merge("RGBA", [Image.new("L", dark.size, 0)] * 3 + [dark])
    out = BytesIO()
    clear.save(out, "PNG")
    assert read_image(out.getvalue()) == [read_text(VAT)]


def test_two_bills_on_one_photograph_are_two_bills():
    both = read_image(saved(sheet(code(VAT), code(DIGITAL))))
    assert sorted(bill.number for bill in both) == ["23442000000014209621", "80100798"]


def test_the_same_bill_twice_is_one():
    assert len(read_image(saved(sheet(code(VAT), code(VAT, scale=6))))) == 1


def test_a_code_that_is_no_bill_is_left_out():
    assert read_image(saved(code("https://example.gov.cn/check"))) == []


def test_a_picture_of_a_whole_page_is_read_within_its_time():
    page = sheet(code(scale=5), size=(3000, 4000))
    began = time.monotonic()
    assert read_image(saved(spoilt(page, turned=3, grey=(60, 200)))) == [read_text(VAT)]
    assert time.monotonic() - began < 30


@given(st.binary(max_size=300))
def test_any_bytes_are_no_picture_and_no_harm(data):
    for start in (b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF\x00\x00\x00\x00WEBP"):
        assert read_image(start + data) == []


def test_a_picture_cut_short_is_no_harm():
    whole = saved(code())
    assert all(read_image(whole[:size]) == [] for size in (0, 10, 200))


def test_a_picture_of_too_many_pixels_is_not_opened():
    width = height = 20_000
    chunk = b"IHDR" + width.to_bytes(4, "big") + height.to_bytes(4, "big") + b"\x08\x00\x00\x00\x00"
    head = len(chunk[4:]).to_bytes(4, "big") + chunk + zlib.crc32(chunk).to_bytes(4, "big")
    assert read_image(b"\x89PNG\r\n\x1a\n" + head) == []


# PDFs


def bill_pdf(tmp_path) -> bytes:
    """A bill as a hospital prints it: words, and the code in a corner, on the second page."""
    (tmp_path / "code.png").write_bytes(saved(code(DIGITAL), "PNG"))
    (tmp_path / "bill.typ").write_text(
        '#set page("a5", flipped: true)\ninvoice\n#pagebreak()\n'
        '#place(top + left, image("code.png", width: 2.2cm))\n112.00'
    )
    return typst.compile(str(tmp_path / "bill.typ"))


def test_a_bill_in_a_pdf_is_read(tmp_path):
    assert read_pdf(bill_pdf(tmp_path)) == [read_text(DIGITAL)]


def test_a_scan_in_a_pdf_is_read():
    page = spoilt(sheet(code(scale=4)), turned=2, grey=(40, 190))
    assert read_pdf(saved(page, "PDF", resolution=150)) == [read_text(VAT)]


@pytest.mark.parametrize("data", [b"", b"%PDF-", b"%PDF-1.7\n" + os.urandom(2000), b"no pdf"])
def test_a_broken_pdf_is_no_harm(data):
    assert read_pdf(data) == []
