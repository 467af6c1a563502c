"""Odd file names, and signed bills that stay as they are."""

import unicodedata

import pytest

from casework.uploads import E_BILLS, PROOF, UploadRefused, accept, display_name
from casework.uploads.ebills import MAX_DEPTH
from tests.casework.uploads.files import jpeg, ofd, pdf, uploaded

XML = b'<?xml version="1.0" encoding="UTF-8"?><EInvoice><Total>12.50</Total></EInvoice>'


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("居住证.HEIC", "居住证.jpg"),
        ("../../etc/passwd", "passwd.jpg"),
        ("..\\..\\windows\\system.ini", "system.jpg"),
        ("证明\u202egpj.exe", "证明gpj.jpg"),
        ("a\x00b\r\nc.png", "ab c.jpg"),
        ("😀证明.png", "😀证明.jpg"),
        (".htaccess", "htaccess.jpg"),
        ("..", "未命名文件.jpg"),
        ("", "未命名文件.jpg"),
        (None, "未命名文件.jpg"),
        ("  多  个 空格 .jpg", "多 个 空格.jpg"),
    ],
)
def test_an_odd_name_is_shown_clean(name, shown):
    assert display_name(name, ".jpg") == shown


def test_a_name_of_three_hundred_characters_is_cut():
    shown = display_name("长" * 300 + ".jpg", ".jpg")
    assert len(shown) <= 60 and shown.endswith("…jpg".replace("…", "….", 1))


@pytest.mark.parametrize("name", ["\u202e.jpg", "\ud800x.jpg", "\u200b\u2066.png", "\x7f\x1b[31m"])
def test_no_control_character_is_ever_shown(name):
    assert all(unicodedata.category(ch)[0] != "C" for ch in display_name(name, ".jpg"))


def test_the_type_of_the_browser_and_the_extension_are_ignored():
    accepted = accept(uploaded(jpeg(), "发票.pdf", "application/pdf"))
    assert (accepted.content_type, accepted.display_name) == ("image/jpeg", "发票.jpg")


def test_an_ofd_bill_is_kept_byte_for_byte_and_never_shown():
    data = ofd(Doc_0="票据".encode())
    accepted = accept(uploaded(data, "票据.ofd"), allow=E_BILLS, keep_original=True)
    assert accepted.original == data == accepted.data
    assert (accepted.suffix, accepted.pages, accepted.download_only) == (".ofd", None, True)
    assert accepted.sha256 == accepted.original_sha256


def test_an_xml_bill_is_kept_byte_for_byte():
    accepted = accept(uploaded(XML, "票据.xml"), allow=E_BILLS, keep_original=True)
    assert (accepted.original, accepted.content_type) == (XML, "application/xml")
    assert accepted.download_only


def test_a_signed_pdf_bill_is_kept_beside_its_clean_copy():
    data = pdf()
    accepted = accept(uploaded(data), allow=E_BILLS, keep_original=True)
    assert accepted.original == data != accepted.data
    assert not accepted.download_only


def test_signed_kinds_cannot_be_asked_for_without_their_original():
    with pytest.raises(ValueError, match="keep_original"):
        accept(uploaded(XML), allow=E_BILLS)


def test_an_ofd_is_refused_where_proof_is_wanted():
    with pytest.raises(UploadRefused, match="OFD"):
        accept(uploaded(ofd()), allow=PROOF)


@pytest.mark.parametrize(
    "data",
    [
        b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
        b'<?xml version="1.0"?><!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>',
        b'<?xml version="1.0"?><a><b></a>',
        b'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"/>',
        b'<?xml version="1.0"?><?xml-stylesheet href="x.xsl"?><a/>',
        b'<?xml version="1.0"?>' + b"<a>" * (MAX_DEPTH + 1) + b"</a>" * (MAX_DEPTH + 1),
        XML[:-8],
    ],
)
def test_xml_that_is_broken_or_acts_is_refused(data):
    with pytest.raises(UploadRefused) as caught:
        accept(uploaded(data), allow=E_BILLS, keep_original=True)
    assert caught.value.code == "xml_broken"


@pytest.mark.parametrize(
    "data",
    [
        ofd()[:-10] + b"\0" * 10,
        ofd(**{"../evil": b"x"}),
        ofd(OFD__xml=b"<html/>"),
        ofd(OFD__xml=b"<OFD>"),
        ofd(Big=b"\0" * 210_000_000),
    ],
    ids=["cut", "traversal", "other root", "broken root", "bomb"],
)
def test_an_ofd_that_is_broken_or_a_bomb_is_refused(data):
    with pytest.raises(UploadRefused) as caught:
        accept(uploaded(data), allow=E_BILLS, keep_original=True)
    assert caught.value.code in ("ofd_broken", "not_accepted")


def test_a_program_before_an_ofd_is_refused():
    with pytest.raises(UploadRefused):
        accept(uploaded(b"MZ" + ofd()), allow=E_BILLS, keep_original=True)
