"""The registration form: two copies, readable, whole, genuine."""

from datetime import date

import pytest

from casework.printing import Signed, render_pdf
from casework.signature import Signature
from filings.printing import CATEGORIES, REGISTRATION_FORM, InsuredPerson, Proxy
from tests.casework.printing.papers import (
    LONG_ADDRESS,
    LONG_CITY,
    LONG_FOREIGN,
    LONG_NAME,
    NUMBER,
    URL,
    collisions,
    form,
    long_form,
    page_image,
    pages_of,
    scanned,
)


def printed(data) -> bytes:
    return render_pdf(REGISTRATION_FORM, data).pdf


def test_the_form_has_two_copies_that_differ_only_in_who_keeps_them():
    first, second = pages_of(printed(form()))
    assert "第一联（经办机构留存）" in first and "第二联（本人留存）" in second
    assert first.replace("第一联（经办机构留存）", "") == second.replace("第二联（本人留存）", "")


def test_every_value_can_be_read_from_the_page():
    page = pages_of(printed(form(locked_until=date(2027, 5, 22), promise=True)))[0]
    for text in (
        *("基本医疗保险跨省异地就医登记备案表", NUMBER, "张秀兰", "530902195803120048"),
        *("云南省临沧市临翔区", "职工基本医疗保险", "13800000001", "人民南路三段20号"),
        *("李明", "母子", "530902198501010017", "四川省成都市", "1.居民身份证；2.医保电子凭证"),
        *("自2026年11月22日起，至2027年02月22日止（含当日）", "2027年05月22日（含当日）"),
        *("同意备案。", "经办员甲", "（盖章）", "签收人：", "温馨提示", "✓个人承诺书"),
    ):
        assert text in page, text


@pytest.mark.parametrize("scope", list(CATEGORIES))
def test_exactly_the_chosen_category_is_ticked(scope):
    for code, label in [item for _, items in CATEGORIES[scope] for item in items]:
        page = pages_of(printed(form(scope=scope, category=code)))[0]
        assert page.count("✓") == 1
        assert f"✓{label}" in page


def test_a_category_of_the_other_form_is_refused():
    with pytest.raises(ValueError, match="INTRA-BIRTH"):
        form(category="INTRA-BIRTH")


def test_a_filing_without_end_is_printed_as_long_term():
    page = pages_of(printed(form(valid_to=None)))[0]
    assert "自2026年11月22日起，长期有效" in page


def test_the_square_on_both_copies_leads_to_the_case():
    pdf = printed(form())
    assert scanned(pdf, 0) == scanned(pdf, 1) == [URL]


def test_a_square_under_a_watermark_still_reads():
    assert scanned(printed(form(watermark="未生效"))) == [URL]


@pytest.mark.parametrize("word", ["未生效", "已失效", "示例数据"])
def test_a_copy_that_is_not_in_force_says_so_across_every_page(word):
    pdf = printed(form(watermark=word))
    assert all(word in page for page in pages_of(pdf))
    plain = page_image(printed(form()))
    marked = page_image(pdf)
    assert sum(marked.histogram()[200:240]) > 2 * sum(plain.histogram()[200:240])


def test_a_form_in_force_has_no_watermark():
    assert not any(word in pages_of(printed(form()))[0] for word in ("未生效", "已失效"))


@pytest.mark.parametrize("scope", list(CATEGORIES))
def test_long_names_and_addresses_wrap_and_nothing_collides(scope):
    pdf = printed(long_form(scope=scope, watermark="未生效"))
    pages = pages_of(pdf)
    assert len(pages) == 2
    for number, page in enumerate(pages):
        for text in (LONG_NAME, LONG_ADDRESS, LONG_CITY, LONG_FOREIGN, "证明之六", "签收人"):
            assert text in page, text
        assert collisions(pdf, number) == []


def test_the_ordinary_form_has_no_collisions_either():
    assert collisions(printed(form())) == []


@pytest.mark.parametrize("extra", ["", "国"])
def test_a_form_whose_lines_are_just_full_stays_on_its_page(extra):
    """At the edge of what the template takes for an ordinary form, and beyond it."""
    wide = "国" * 14 + extra
    whole = form(
        scope="intra_province",
        person=InsuredPerson(*[wide] * 8, address="国" * 36),
        proxy=Proxy(*[wide] * 4),
        destination_province="国" * 17,
        destination_city="国" * 17,
        documents=("国" * 6,) * 4,
        declaration="国" * 38,
        opinion="国" * 26,
        agency="国" * 21,
        clerk="国" * 12,
        tips=("国" * 54,) * 3,
    )
    pdf = printed(whole)
    assert len(pages_of(pdf)) == 2
    assert collisions(pdf) == []


def test_more_than_a_page_can_hold_goes_on_instead_of_being_cut():
    pdf = printed(long_form(documents=tuple(f"第{n}号证明材料" * 6 for n in range(60))))
    text = "".join(pages_of(pdf))
    assert text.count("第59号证明材料") == 12
    assert len(pages_of(pdf)) > 2


def test_the_blank_form_holds_nobody_and_no_square():
    pdf = printed(form(blank=True))
    page = pages_of(pdf)[0]
    for text in ("张秀兰", "李明", NUMBER, "四川", "✓", "2026", "经办员甲"):
        assert text not in page, text
    for text in ("姓名", "社会保障号码", "长期有效", "年月日", "申请人（代办人）签字："):
        assert text in page, text
    assert scanned(pdf) == []
    assert len(pages_of(pdf)) == 2


def test_a_drawn_signature_is_on_the_paper_and_a_typed_one_says_how():
    with_ink = page_image(printed(form())).histogram()[0]
    without = page_image(printed(form(signed=Signed(None, "2026年11月22日")))).histogram()[0]
    assert with_ink > without + 100
    typed = Signed(Signature("typed", None, "张秀兰"), "2026年11月22日")
    assert "张秀兰（输入姓名确认）" in pages_of(printed(form(signed=typed)))[0]
