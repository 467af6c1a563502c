"""Letters and promises."""

import pytest

from casework.printing import LETTER, PROMISE, Signed, render_pdf
from casework.signature import Signature
from tests.casework.printing.papers import (
    LONG_NAME,
    NUMBER,
    URL,
    collisions,
    letter,
    pages_of,
    promise,
    scanned,
)


def test_a_letter_holds_everything_it_must_say():
    pdf = render_pdf(LETTER, letter()).pdf
    (page,) = pages_of(pdf)
    for text in (
        *(
            "一次性告知（补正）通知书",
            "示医保补〔2026〕第000003号",
            NUMBER,
            "张秀兰：",
            "2026年11月23日",
        ),
        *(
            "1.居住证：照片模糊",
            "2.联系电话",
            "办理期限：请于2026年12月7日",
            "依据：《基本医疗保险",
        ),
        *(
            "救济途径：如不服本决定",
            "示例市医疗保险服务中心",
            "（盖章）",
            "送达回执",
            "签收人",
            "0471-12393",
        ),
    ):
        assert text in page, text
    assert scanned(pdf) == [URL]
    assert collisions(pdf) == []


def test_a_plain_letter_has_no_empty_headings():
    plain = letter(items=(), items_title="", deadline="", legal_basis="", remedy="")
    (page,) = pages_of(render_pdf(LETTER, plain).pdf)
    for heading in ("需要补正的内容", "办理期限", "依据", "救济途径"):
        assert heading not in page


def test_a_letter_without_receipt_or_address_leaves_them_out():
    pdf = render_pdf(LETTER, letter(with_receipt=False, verify_url="")).pdf
    assert "送达回执" not in pages_of(pdf)[0]
    assert scanned(pdf) == []


def test_a_long_list_goes_on_over_pages_that_are_counted():
    items = tuple(
        f"第{n}项材料：照片模糊，看不清有效期，请在光线充足处重新拍摄。" for n in range(1, 61)
    )
    pdf = render_pdf(LETTER, letter(items=items, addressee=LONG_NAME)).pdf
    pages = pages_of(pdf)
    assert len(pages) > 1
    assert all(f"第{n}页共{len(pages)}页" in page for n, page in enumerate(pages, 1))
    assert all(item in "".join(pages) for item in items)
    assert [collisions(pdf, n) for n in range(len(pages))] == [[]] * len(pages)


def test_a_promise_holds_text_signer_time_and_hash():
    pdf = render_pdf(PROMISE, promise()).pdf
    (page,) = pages_of(pdf)
    for text in (
        *("个人承诺书", "本人承诺所填信息真实。", "张秀兰", "2026年11月22日14:05:33"),
        *("就医地北京市", "SHA-256", promise().text_sha256, "示例市2026年第1版", NUMBER),
    ):
        assert text in page, text
    assert scanned(pdf) == [URL]
    assert collisions(pdf) == []


def test_a_blank_promise_keeps_its_text_and_names_nobody():
    (page,) = pages_of(render_pdf(PROMISE, promise(blank=True)).pdf)
    assert "本人承诺所填信息真实。" in page and "承诺人签字" in page
    for text in ("张秀兰", "北京市", NUMBER, "SHA-256"):
        assert text not in page


def test_a_long_typed_signature_does_not_collide():
    signed = Signed(Signature("typed", None, LONG_NAME), "2026年11月22日")
    pdf = render_pdf(PROMISE, promise(signed=signed, signer=LONG_NAME)).pdf
    assert pages_of(pdf)[0].count(LONG_NAME) == 2
    assert collisions(pdf) == []


@pytest.mark.parametrize(("template", "data"), [(LETTER, letter), (PROMISE, promise)])
def test_every_paper_can_carry_a_watermark(template, data):
    pdf = render_pdf(template, data(watermark="示例数据")).pdf
    assert "示例数据" in pages_of(pdf)[0]
