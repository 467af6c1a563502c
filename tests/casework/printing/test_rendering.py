"""The engine: rare characters, fonts, same bytes, no markup from data."""

import secrets
import threading
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest
import zxingcpp
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from PIL import ImageFilter

from casework.printing import (
    LETTER,
    FontsMissing,
    PrintingFailed,
    fonts,
    missing_characters,
    qr_svg,
    render_pdf,
)
from filings.printing import REGISTRATION_FORM
from tests.casework.printing.papers import collisions, form, letter, page_image, pages_of

HAS_NONE = "𪚥"  # U+2A6A5, four dragons: in no shipped font
RARE_BUT_THERE = "𱁬㛃䶮堃〇喆玥𬭎𫖮"


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    """No font that somebody laid into the working folder takes part in a test."""
    settings.VAR_DIR = tmp_path


def test_common_and_many_rare_characters_are_there():
    assert missing_characters("张秀兰·阿卜杜 Ab1，。（）《》①√✓" + RARE_BUT_THERE) == []


def test_a_character_that_no_font_has_is_reported_once_in_order():
    assert missing_characters(f"王{HAS_NONE}\U0002a6d6{HAS_NONE}") == [HAS_NONE, "\U0002a6d6"]


def test_marks_without_ink_are_not_counted():
    assert missing_characters("葛\U000e0100\ufe0f\u200b\u200d\u202e\ufeff\t\n 张") == []


def test_private_use_and_lone_surrogates_are_counted():
    assert missing_characters("\ue863") == ["\ue863"]
    assert missing_characters("\ud842") == ["\ud842"]


def test_a_missing_character_is_marked_and_named_on_the_paper():
    person = replace(form().person, name=f"王{HAS_NONE}")
    rendered = render_pdf(REGISTRATION_FORM, form(person=person))
    assert rendered.missing == [HAS_NONE]
    for page in pages_of(rendered.pdf):
        assert "王〓" in page
        assert "以下字符无法打印" in page and "U+2A6A5" in page
    assert collisions(rendered.pdf) == []


def test_a_paper_without_missing_characters_has_no_note():
    rendered = render_pdf(LETTER, letter(addressee="王𱁬"))
    assert rendered.missing == []
    assert "王𱁬：" in pages_of(rendered.pdf)[0]
    assert "无法打印" not in pages_of(rendered.pdf)[0]


def test_a_broken_text_still_prints():
    rendered = render_pdf(LETTER, letter(addressee="王\ud842\x00\x1b\u202e五\t\r\n六"))
    assert rendered.missing == ["\ud842"]
    assert "王〓五六：" in pages_of(rendered.pdf)[0]


def make_font(path: Path, character: str) -> None:
    """A font with one character, a filled square."""
    pen = TTGlyphPen(None)
    pen.moveTo((100, 0))
    for point in ((100, 800), (900, 800), (900, 0)):
        pen.lineTo(point)
    pen.closePath()
    square = pen.glyph()
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder([".notdef", "square"])
    builder.setupCharacterMap({ord(character): "square"})
    builder.setupGlyf({".notdef": square, "square": square})
    builder.setupHorizontalMetrics({".notdef": (1000, 100), "square": (1000, 100)})
    builder.setupHorizontalHeader(ascent=880, descent=-120)
    builder.setupNameTable(
        {
            "familyName": "Agency Rare",
            "styleName": "Regular",
            "fullName": "Agency Rare Regular",
            "psName": "AgencyRare-Regular",
            "uniqueFontIdentifier": "Agency Rare",
            "version": "Version 1.0",
        }
    )
    builder.setupOS2(sTypoAscender=880, usWinAscent=880, usWinDescent=120)
    builder.setupPost()
    path.parent.mkdir(parents=True)
    builder.save(path)


def test_a_font_laid_into_the_own_folder_is_used_without_a_restart(settings):
    before = render_pdf(LETTER, letter(addressee=f"王{HAS_NONE}"))
    make_font(Path(settings.VAR_DIR) / fonts.OWN_FOLDER / "rare.ttf", HAS_NONE)
    rendered = render_pdf(LETTER, letter(addressee=f"王{HAS_NONE}"))
    assert (before.missing, rendered.missing) == ([HAS_NONE], [])
    assert f"王{HAS_NONE}：" in pages_of(rendered.pdf)[0]
    assert "Agency Rare" in fonts.families()


def test_a_broken_font_in_the_own_folder_is_passed_over(settings):
    folder = Path(settings.VAR_DIR) / fonts.OWN_FOLDER
    folder.mkdir()
    (folder / "broken.ttf").write_bytes(b"no font")
    assert render_pdf(LETTER, letter(addressee=HAS_NONE)).missing == [HAS_NONE]


def test_without_fonts_one_chinese_line_says_what_to_run(settings, tmp_path):
    settings.NODE_DIR = tmp_path / "node_modules"
    with pytest.raises(FontsMissing) as caught:
        render_pdf(LETTER, letter())
    assert "npm ci" in str(caught.value) and "\n" not in str(caught.value)


def test_what_a_person_types_is_never_markup():
    text = '#panic("x") *粗* _斜_ $x^2$ \\ <tag> @ref [a] = 标题 // 注 {{name}}'
    page = pages_of(render_pdf(LETTER, letter(paragraphs=(text,))).pdf)[0]
    assert "".join(text.split()) in page


def test_the_same_data_gives_the_same_bytes_in_every_thread():
    results: list[bytes] = []

    def work():
        results.append(render_pdf(REGISTRATION_FORM, form()).pdf)

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 3 and len(set(results)) == 1
    assert render_pdf(REGISTRATION_FORM, form(case_number="1")).pdf != results[0]


def test_the_pdf_is_made_for_the_archive_and_dated_by_its_data():
    with pikepdf.open(pages_source()) as document, document.open_metadata() as metadata:
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("2", "B")
        assert metadata["xmp:CreateDate"].startswith("2026-11-22")
        assert metadata["dc:title"] == "基本医疗保险跨省异地就医登记备案表"


def pages_source():
    pdf = render_pdf(REGISTRATION_FORM, form()).pdf
    path = Path(fonts.settings.VAR_DIR) / "form.pdf"
    path.write_bytes(pdf)
    return path


def test_a_template_that_does_not_fit_its_data_fails_in_chinese():
    with pytest.raises(PrintingFailed, match=r"letter\.typ"):
        render_pdf(LETTER, {"title": "x", "dated": "2026-11-22"})


def test_the_square_is_small_plain_svg():
    svg = qr_svg("https://example.org/v/1")
    assert svg.startswith("<svg") and "<script" not in svg and len(svg) < 6000


def test_the_square_reads_for_every_token_even_when_printed_badly():
    for number in range(40):
        url = f"https://yibao.example.org/v/{secrets.token_urlsafe(16)}"
        pdf = render_pdf(LETTER, letter(verify_url=url, with_receipt=False)).pdf
        poor = page_image(pdf, scale=1.4).filter(ImageFilter.GaussianBlur(0.6))
        assert [code.text for code in zxingcpp.read_barcodes(poor)] == [url], number


def test_the_page_is_not_blank():
    assert page_image(render_pdf(LETTER, letter()).pdf).histogram()[0] > 1000
