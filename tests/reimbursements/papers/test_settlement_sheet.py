"""The 结算单: every row of the engine with its rule, and sums that add up to the fen."""

from dataclasses import replace
from datetime import date

import pypdfium2
import pytest

from casework.letters import letter_bytes
from casework.printing import render_pdf
from reimbursements.models import Claim
from reimbursements.pages.explained import grouped
from reimbursements.printing import SETTLEMENT, SettlementSheet
from reimbursements.printing.sheet import CATALOGUE, Step, sheet_of
from tests.casework.printing.papers import LONG_FOREIGN, LONG_NAME, NUMBER, URL, collisions
from tests.reimbursements.claims.factories import (
    act,
    approval_claim,
    bill,
    insured,
    paid_claim,
    payable_claim,
    staff,
)
from tests.reimbursements.papers.test_letters import letter, text_of

LINES = [
    {"name": "阿莫西林", "class": "乙类", "amount": "1000.05", "self_first_ratio": "10%"},
    {"name": "营养餐", "class": "丙类", "amount": "99.95", "self_first_ratio": ""},
    {"name": "床位费", "class": "甲类", "amount": "18900.00", "self_first_ratio": ""},
]


def sheet(**changes) -> SettlementSheet:
    """A sheet with one row, to be changed."""
    whole = SettlementSheet(
        dated=date(2026, 11, 23),
        number=f"{NUMBER}-2",
        case_number=NUMBER,
        agency="示例市医疗保险服务中心",
        facts=(("参保人", "张秀兰"), ("证件号码", "5*************0048")),
        total_fen=100_00,
        parts=(("政策范围内", 100_00),),
        payers=(("基本医保统筹基金", 60_00), ("个人负担", 40_00)),
        steps=(Step("政策范围内费用 100.00 元。", "100.00", "60%", "60.00", "1"),),
        sources=("示例市；版本“一”；示医保发〔2024〕1号；示例",),
        due=(("这次就医各基金应付合计", 60_00),),
        payable_fen=60_00,
        verify_url=URL,
    )
    return replace(whole, **changes)


def pages(pdf: bytes) -> list[str]:
    return [page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(pdf)]


@pytest.mark.django_db
def test_every_row_stands_on_the_sheet_with_its_rule(monday):
    case = payable_claim(bills=[bill(in_scope="", lines=LINES)])
    row = Claim.objects.get(pk=case.pk).settlements.get()
    text = text_of(letter(case, "settlement"))
    for step in row.output["rows"]:
        if step["code"] == "policy_mark":
            continue
        assert "".join(step["text"].split()) in text, step["text"]
    rules = [step["rule"] for step in row.output["rows"] if step["rule"]]
    for rule in rules:
        assert "".join(f"版本“{rule['version']}”".split()) in text
        assert (rule["doc_no"] or "未注明文号") in text
    for said in (CATALOGUE, "示例数字，不是官方标准", "行政复议", "谁付了多少"):
        assert said in text, said


@pytest.mark.django_db
def test_the_sums_of_the_sheet_are_those_of_the_settlement_and_add_up(monday):
    case = payable_claim(bills=[bill("20000.00", in_scope="", lines=LINES)])
    claim = Claim.objects.get(pk=case.pk)
    row, case.claim = claim.settlements.get(), claim
    made = sheet_of(case, row, letter(case, "settlement"), "")
    assert sum(fen for _, fen in made.parts) == made.total_fen == row.total_fen == 20_000_00
    assert sum(fen for _, fen in made.payers) == row.total_fen
    assert sum(fen for _, fen in made.payers[:-1]) == row.paid_fen
    assert made.due == (("这次就医各基金应付合计", row.paid_fen),)
    assert made.payable_fen == row.paid_fen == claim.payable_fen
    text = text_of(letter(case, "settlement"))
    for fen in (row.total_fen, row.paid_fen, row.personal_fen):
        assert grouped(fen) in text


@pytest.mark.django_db
def test_a_late_bill_shows_what_was_settled_before_and_the_difference(monday):
    holding = insured()
    first = paid_claim(holding, bills=[bill("10000.00")])
    before = Claim.objects.get(pk=first.pk).settlements.get().paid_fen
    late = payable_claim(holding, bills=[bill("3000.00")])
    row = Claim.objects.get(pk=late.pk).settlements.get()
    text = text_of(letter(late, "settlement"))
    assert f"减：这次就医此前已结算-{grouped(before)}元" in text
    assert f"本次应支付{grouped(row.difference_fen)}元" in text
    assert row.difference_fen == row.paid_fen - before > 0


@pytest.mark.django_db
def test_an_adjustment_is_a_row_of_its_own_beside_the_computed_figure(monday):
    case = approval_claim()
    case = act(
        case,
        "propose_adjustment",
        staff("approval"),
        data={"amount": "-12345"},
        note="扣回重复的床位费",
    )
    pk = case.claim.adjustments.get().pk
    case = act(case, "confirm_adjustment", staff("supervisor"), data={"adjustment": pk})
    case = act(case, "approve", staff("supervisor"))
    claim = Claim.objects.get(pk=case.pk)
    row, text = claim.settlements.get(), text_of(letter(case, "settlement"))
    assert "人工调整：扣回重复的床位费-123.45元" in text
    assert f"这次就医各基金应付合计{grouped(row.paid_fen)}元" in text
    assert claim.payable_fen == row.paid_fen - 123_45
    assert f"本次应支付{grouped(claim.payable_fen)}元" in text


@pytest.mark.django_db
def test_the_account_is_masked_on_the_sheet(monday):
    text = text_of(letter(payable_claim(), "settlement"))
    assert "6222020000000000000" not in text and "收款账户" in text


@pytest.mark.parametrize(
    "wrong",
    [
        {"parts": (("政策范围内", 99_99),)},
        {"payers": (("个人负担", 100_01),)},
        {"due": (("这次就医各基金应付合计", 59_99),)},
    ],
)
def test_a_sheet_that_does_not_add_up_is_not_printed(wrong):
    with pytest.raises(ValueError, match="do not add up"):
        sheet(**wrong)


def test_many_long_rows_go_over_pages_with_the_head_on_each_and_nothing_cut():
    steps = []
    for n in range(1, 301):
        name = "阿莫西林克拉维酸钾片" * (n % 9 + 1) + (LONG_FOREIGN if n % 7 == 0 else "")
        steps.append(Step(f"第 {n} 项 {name}完。", "1.00", "10%", "0.10", "1"))
    facts = (
        ("参保人", LONG_NAME),
        ("医疗机构", "新疆维吾尔自治区克孜勒苏柯尔克孜自治州人民医院" * 3),
    )
    pdf = render_pdf(SETTLEMENT, sheet(steps=tuple(steps), facts=facts)).pdf
    found = pages(pdf)
    assert len(found) > 5
    for page in found[1:-1]:
        assert "序号" in page and "基数" in page
    text = "".join("".join(page.split()) for page in found)
    assert LONG_NAME in text and text.count("完。") == 300
    for step in steps:
        assert "".join(step.text.split()) in text
    assert collisions(pdf) == []


@pytest.mark.django_db
def test_an_ordinary_settlement_is_one_page(monday):
    pdf = letter_bytes(letter(payable_claim(), "settlement"))
    assert len(pages(pdf)) == 1


@pytest.mark.parametrize("count", range(9, 40))
def test_the_seal_is_never_alone_on_a_page(count):
    steps = tuple(
        Step(f"第 {n} 步，按规定计算。", "100.00", "60%", "60.00", "1") for n in range(count)
    )
    found = pages(render_pdf(SETTLEMENT, sheet(steps=steps, remedy="可以申请行政复议。")).pdf)
    assert "盖章" in found[-1]
    assert len(found) == 1 or f"第 {count - 1} 步" in found[-1]


def test_a_person_who_bears_all_and_one_who_owes_money_get_a_sheet_too():
    alone = sheet(
        payers=(("基本医保统筹基金", 0), ("个人负担", 100_00)), due=(("合计", 0),), payable_fen=0
    )
    assert "本次应支付" in pages(render_pdf(SETTLEMENT, alone).pdf)[0]
    owed = sheet(due=(("合计", 60_00), ("减：本申请此前已支付", -70_00)), payable_fen=-10_00)
    text = pages(render_pdf(SETTLEMENT, owed).pdf)[0]
    assert "应退回合计" in text and "-10.00 元" in text


@pytest.mark.django_db
def test_the_sheet_is_kept_as_issued(monday):
    case = payable_claim()
    one = letter(case, "settlement")
    data = letter_bytes(one)
    Claim.objects.filter(pk=case.pk).update(institution_name="改过的名称")
    assert letter_bytes(one) == data
