"""The bills on the case page: looked at, accepted, cut, opened again, classified."""

import html
import json
import re

import pytest

from casework.actors import Actor
from casework.models import Case
from casework.reviewing import review
from reimbursements.models import Bill, BillScan
from reimbursements.service import save, submit_claim
from tests.casework.desk_helpers import QUEUE
from tests.factories import add_document
from tests.reimbursements.claims.factories import (
    accepted_claim,
    act,
    bill,
    bills_of,
    decided_claim,
    draft_claim,
    insured,
    paid_claim,
    queued_claim,
    second_claim,
    staff,
)
from tests.reimbursements.desk.helpers import desk_of, page_of, post

pytestmark = pytest.mark.django_db


LINES = [
    {"name": "头孢", "class": "甲类", "amount": "60.00"},
    {"name": "自费耗材", "class": "自费", "amount": "40.00"},
]


@pytest.fixture
def first():
    return desk_of("first")[1]


def payable(page: str) -> str:
    """What the page says would be paid."""
    return re.search(r"应支付</span> <strong>([\d.-]+)</strong>", page).group(1)


def refresh(row: Bill) -> Bill:
    return Bill.objects.get(pk=row.pk)


def test_the_page_lists_every_bill_and_opens_the_first_undecided_one(first):
    case = accepted_claim(bills=[bill("100.00"), bill("200.00")])
    one, two = bills_of(case)
    page = page_of(first, case)
    assert "票据审核（2 张，未审 2 张）" in page
    assert f"第 1 张：{one.number}" in page
    post(first, case, "accept_bill", bill=one.pk)
    page = page_of(first, case)
    assert "未审 1 张" in page and f"第 2 张：{two.number}" in page


def test_a_bill_is_accepted_and_the_page_comes_back_to_it(first):
    case = accepted_claim(bills=[bill("100.00"), bill("200.00")])
    one, two = bills_of(case)
    answer = post(first, case, "accept_bill", "?tab=mine", bill=one.pk)
    assert answer.url == f"{QUEUE}{case.pk}/change/?tab=mine&at={one.pk}#bill"
    assert refresh(one).decision == "accepted"
    answer = post(first, case, "accept_bill", bill=one.pk, next="1")
    assert answer.url.endswith(f"?at={two.pk}#bill")


def test_cutting_changes_the_computed_settlement_at_once(first, reasons):
    case = accepted_claim()
    row = bills_of(case)[0]
    post(first, case, "accept_bill", bill=row.pk)
    before = payable(page_of(first, case))
    post(first, case, "cut_bill", bill=row.pk, amount="5000", reason="cut_over_price")
    page = page_of(first, case, at=row.pk)
    assert float(payable(page)) < float(before)
    assert "核减 5000.00 元，理由：02 超过参保地规定的价格或限量" in page
    row = refresh(row)
    assert (row.decision, row.cut_fen, row.cut_reason) == ("cut", 500_000, "cut_over_price")


def test_the_reasons_for_cutting_are_numbered(first, reasons):
    page = page_of(first, accepted_claim())
    listed = page.split('name="reason"')[1].split("</select>")[0]
    assert re.findall(r">(0\d) ", listed) == ["01", "02", "03", "04", "05", "06", "07"]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"amount": "abc", "reason": "cut_repeated"}, "请写成元"),
        ({"amount": "12.345", "reason": "cut_repeated"}, "请写成元"),
        ({"amount": "", "reason": "cut_repeated"}, "请填写核减金额"),
        ({"amount": "10", "reason": ""}, "请选择核减的理由"),
        ({"amount": "10", "reason": "other", "note": ""}, "请写明具体理由"),
        ({"amount": "99999", "reason": "cut_repeated"}, "不超过票据金额"),
        ({"amount": "10", "reason": "nonsense"}, "已停用或不存在"),
    ],
)
def test_a_refused_cut_says_why_keeps_what_was_typed_and_changes_nothing(
    first, reasons, typed, said
):
    case = accepted_claim()
    row = bills_of(case)[0]
    answer = post(first, case, "cut_bill", bill=row.pk, in_scope="123.45", **typed)
    page = answer.content.decode()
    assert answer.status_code == 422 and said in page
    assert f'name="amount" value="{typed["amount"]}"' in page
    assert 'name="in_scope" value="123.45"' in page
    assert refresh(row).decision == "open" and refresh(row).in_scope_fen == 2_000_000


def test_a_stale_page_keeps_what_was_typed(first, reasons):
    case = accepted_claim()
    row = bills_of(case)[0]
    typed = {"amount": "10", "reason": "cut_repeated", "note": "第三页"}
    answer = post(first, case, "cut_bill", bill=row.pk, version=case.version - 1, **typed)
    page = answer.content.decode()
    assert answer.status_code == 409 and "不是最新内容" in page
    assert 'value="10"' in page and 'value="第三页"' in page
    assert refresh(row).decision == "open"


def test_an_amount_to_cut_is_never_lost_by_accepting(first, reasons):
    case = accepted_claim()
    row = bills_of(case)[0]
    answer = post(first, case, "accept_bill", bill=row.pk, amount="10")
    assert answer.status_code == 422 and "要核减请点“核减”" in answer.content.decode()
    assert refresh(row).decision == "open"


def test_a_bill_is_cut_whole_and_opened_again(first, reasons):
    case = accepted_claim(bills=[bill("100.00"), bill("200.00")])
    row = bills_of(case)[0]
    post(first, case, "cut_bill", bill=row.pk, whole="1", amount="", reason="cut_not_this_stay")
    assert refresh(row).cut_fen == 10_000
    post(first, case, "open_bill", bill=row.pk)
    assert (refresh(row).decision, refresh(row).cut_fen) == ("open", 0)


def test_parts_are_typed_and_the_rest_counts_as_in_scope(first):
    case = accepted_claim(bills=[bill("100.00", in_scope="")])
    row = bills_of(case)[0]
    answer = post(first, case, "accept_bill", bill=row.pk, own_expense="", in_scope="")
    assert answer.status_code == 422 and "政策范围内的金额" in answer.content.decode()
    parts = {"own_expense": "10", "over_limit": "", "self_first": "5.50", "in_scope": ""}
    post(first, case, "accept_bill", bill=row.pk, rest="1", **parts)
    row = refresh(row)
    assert (row.own_expense_fen, row.over_limit_fen, row.self_first_fen) == (1000, None, 550)
    assert (row.in_scope_fen, row.decision) == (8450, "accepted")


def test_parts_beyond_the_bill_are_refused_beside_the_field(first):
    case = accepted_claim(bills=[bill("100.00", in_scope="")])
    row = bills_of(case)[0]
    parts = {"own_expense": "101", "over_limit": "", "self_first": "", "in_scope": ""}
    page = post(first, case, "accept_bill", bill=row.pk, rest="1", **parts).content.decode()
    assert 'id="error-in_scope">其他三类之和已经超过票据金额' in page
    assert refresh(row).decision == "open"


def test_lines_are_cut_one_by_one_and_classified(first, reasons):
    case = accepted_claim(bills=[bill("100.00", in_scope="", lines=LINES)])
    row = bills_of(case)[0]
    page = page_of(first, case)
    assert "按明细逐项归类计算" in page and "自费耗材" in page
    typed = {"line-1": "20", "line-2": "", "amount": "", "reason": "cut_repeated"}
    post(first, case, "cut_bill", bill=row.pk, **typed)
    assert refresh(row).cut_fen == 2000 and row.lines.get(nth=1).cut_fen == 2000
    different = {**typed, "amount": "21"}
    page = post(first, case, "cut_bill", bill=row.pk, **different).content.decode()
    assert "与各项明细的核减之和不同" in page
    classed = {"line": "2", "class": "乙类", "share": "7.5"}
    post(first, case, "classify_line", bill=row.pk, **classed)
    line = row.lines.get(nth=2)
    assert (line.cls, line.self_first_bp) == ("乙类", 750)
    assert refresh(row).decision == "open"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"line": "9", "class": "乙类", "share": ""}, "请选择明细"),
        ({"line": "1", "class": "乙类", "share": "一成"}, "请写成百分数"),
        ({"line": "1", "class": "乙类", "share": "120"}, "请写成百分数"),
    ],
)
def test_a_class_that_does_not_fit_is_refused_and_kept(first, typed, said):
    case = accepted_claim(bills=[bill("100.00", in_scope="", lines=LINES)])
    page = post(first, case, "classify_line", bill=bills_of(case)[0].pk, **typed).content.decode()
    assert said in page and f'name="line" value="{typed["line"]}"' in page
    assert "<option selected>乙类</option>" in page


def claim_with_code(**read):
    """A claim whose bill has a file on which the machine read something."""
    draft = draft_claim(bills=[])
    file = add_document(draft, "bill")
    typed = bill("100.00", files=[file.pk])
    found = {"kind": "fiscal", "code": typed["code"], "number": typed["number"]}
    found |= {"check_code": "", "issued_on": None, "amount": 10_000, "tax_exclusive": False}
    found |= {"certain": True, "payer": "", **read}
    BillScan.objects.create(attachment=file, found_json=json.dumps([found]))
    return draft, typed, file


def test_what_the_code_said_stands_beside_what_was_typed(first):
    draft, typed, file = claim_with_code(amount=9_000)
    save(draft, {"bills": [typed]})
    case = review(submit_claim(draft, Actor.resident(draft.account)))
    case = act(case, "accept", staff())
    page = page_of(first, case)
    row = page.split('<th scope="row">金额</th>')[1].split("</tr>")[0]
    assert "100.00" in row and "90.00" in row and "不一致" in row
    number = page.split('<th scope="row">票据号码</th>')[1].split("</tr>")[0]
    assert "一致" in number and "不一致" not in number
    assert f'href="#document-{file.pk}"' in page
    assert "相差10.00元" in page  # the doubt with its evidence


def test_without_a_code_the_page_says_that_nothing_was_read(first):
    assert "还没有读到二维码或电子原件" in page_of(first, accepted_claim())


def test_the_payer_is_shown_masked(first):
    page = page_of(first, accepted_claim(bills=[bill(payer="欧阳示例")]))
    assert "欧阳示例" not in page and "欧阳*例" in page


def test_doubts_stand_at_their_bill_and_refuse_nothing(first):
    case = accepted_claim(bills=[bill("100.00", date="2026-11-01")])
    page = page_of(first, case)
    assert page.count("晚于出院") == 1
    row = bills_of(case)[0]
    post(first, case, "accept_bill", bill=row.pk)
    assert refresh(row).decision == "accepted"


def test_a_bill_seen_before_points_to_the_other_claim_where_it_may_be_seen(first):
    same = bill("100.00")
    other = queued_claim(bills=[same])
    other = act(other, "withdraw", Actor.resident(other.account))
    case = queued_claim(bills=[{**same, "key": "again"}])
    page = page_of(first, case)
    assert "里也出现过" in page and f"查看 {other.number}" in page
    Case.objects.filter(pk=other.pk).update(city="150100", county="150102")
    page = page_of(first, case)
    assert "在另一统筹区/区县的申请里也出现过" in page
    assert other.number not in page


def test_other_claims_of_the_stay_are_linked_and_elsewhere_has_no_number(first):
    holding = insured()
    other = paid_claim(holding)
    case = queued_claim(holding)
    page = page_of(first, case)
    part = page.split("同一次就医的其他申请</h3>")[1].split("</section>")[0]
    assert other.number in part and "已支付" in part
    assert "同一次就医此前已付" in page
    Case.objects.filter(pk=other.pk).update(city="150100", county="150102")
    page = page_of(first, case)
    part = page.split("同一次就医的其他申请</h3>")[1].split("</section>")[0]
    assert "另一统筹区/区县的申请" in part and other.number not in page


def test_the_second_reviewer_sees_the_bills_and_no_form_for_them():
    case = second_claim(bills=[bill("100.00", in_scope="", lines=LINES)])
    page = page_of(desk_of("second")[1], case)
    assert "票据审核（1 张）" in page and "头孢" in page
    assert "/claim/accept_bill/" not in page


def test_a_bill_of_another_claim_is_never_touched(first):
    case, other = accepted_claim(), accepted_claim()
    row = bills_of(other)[0]
    answer = post(first, case, "accept_bill", bill=row.pk)
    assert answer.status_code == 422 and "请选择这件申请里的票据" in answer.content.decode()
    assert refresh(row).decision == "open"


def test_the_page_takes_any_place_in_the_address(first):
    case = accepted_claim()
    for place in ("0", "x", "999999999999999999999", "-1"):
        assert "票据审核" in page_of(first, case, at=place)


def test_a_get_of_an_action_changes_nothing(first):
    case = accepted_claim()
    answer = first.get(f"{QUEUE}{case.pk}/claim/accept_bill/")
    assert answer.status_code == 302 and bills_of(case)[0].decision == "open"


def test_the_place_on_the_page_does_not_follow_into_the_queue(first):
    case, _ = accepted_claim(), accepted_claim()
    page = page_of(first, case, tab="waiting", at=bills_of(case)[0].pk)
    link = html.unescape(re.search(r'href="([^"]*step/next/[^"]*)"', page).group(1))
    assert "at=" not in link and first.get(link).status_code == 302
    assert first.get(QUEUE, {"tab": "waiting", "at": "3"}).status_code == 200


def test_paper_is_received_kept_and_returned_with_who_and_when(first):
    case = accepted_claim(bills=[bill("100.00", form="paper")])
    row = bills_of(case)[0]
    assert "纸质原件：待收原件" in page_of(first, case)
    post(first, case, "note_paper", bill=row.pk, state="received")
    page = page_of(first, case, at=row.pk)
    assert "纸质原件：已收原件" in page and "于 2026-11-23 10:00 登记" in page
    post(first, case, "note_paper", bill=row.pk, state="returned", note="分割单 3 号")
    assert refresh(row).paper == "returned" and "分割单 3 号" in page_of(first, case)
    answer = post(first, case, "note_paper", bill=row.pk, state="lost")
    assert answer.status_code == 422 and "请选择原件" in answer.content.decode()


def test_the_finance_desk_notes_that_the_paper_came(reasons):
    case = decided_claim(bills=[bill("100.00", form="paper")])
    client = desk_of("finance")[1]
    row = bills_of(case)[0]
    assert post(client, case, "note_paper", bill=row.pk, state="received").status_code == 302
    assert refresh(row).paper == "received"
