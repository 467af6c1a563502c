"""The 收据 and the 分割单 that go with the paper original of a bill."""

import pytest

from casework.letters import letter_bytes
from casework.models import Letter
from casework.printing.data import date_text
from reimbursements.documents import verification
from reimbursements.models import Bill
from reimbursements.pages.explained import grouped
from reimbursements.printing.split import share_table, shared_stay
from reimbursements.service import decide_bill
from reimbursements.settling.rows import last_settlement
from tests.casework.printing.papers import collisions, scanned
from tests.reimbursements.claims.factories import (
    WHY,
    accepted_claim,
    act,
    approval_claim,
    bill,
    bills_of,
    claim_of,
    payable_claim,
    queued_claim,
    staff,
)
from tests.reimbursements.papers.test_letters import letter, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def now(monday):
    return monday


def note(case, state: str, rows=None):
    papers = [row.pk for row in rows or bills_of(case) if row.form == "paper"]
    return act(case, "note_paper", staff(), data={"bills": papers, "state": state})


def two_papers() -> list[dict]:
    return [bill("300.00", form="paper"), bill("200.50", form="paper"), bill("50.00")]


def test_the_receipt_names_every_original_and_its_sum():
    case = note(queued_claim(bills=two_papers()), "received")
    paper = letter(case, "paper_receipt")
    text = text_of(paper)
    for row in bills_of(case)[:2]:
        assert row.number in text
    day = date_text(bills_of(case)[0].date)
    for said in (case.number, paper.number, "共2张", "500.50", "王秀兰", day):
        assert said in text, said
    assert bills_of(case)[2].number not in text, "an e-bill has no original"
    assert scanned(letter_bytes(paper)) == [f"http://127.0.0.1:8000/v/{paper.token}/"]


def test_each_bill_by_itself_gets_a_receipt_of_its_own():
    case = queued_claim(bills=two_papers())
    one, two, _ = bills_of(case)
    for row in (one, two):
        case = act(case, "note_paper", staff(), data={"bill": row.pk, "state": "received"})
    assert case.letters.filter(kind="paper_receipt").count() == 2


def test_the_split_statement_says_what_was_paid_by_which_fund_for_the_stay():
    case = payable_claim(bills=[bill("20000.00", form="paper")])
    case = note(note(case, "received"), "returned")
    row = last_settlement(claim_of(case).stay)
    text = text_of(letter(case, "split"))
    for fund, fen in row.funds.items():
        assert fen == 0 or grouped(fen) in text, fund
    assert row.paid_fen > 0 and grouped(row.personal_fen) in text
    assert "共1张票据，总费用20,000.00元" in text and "个人" in text
    assert "不能再次向医疗保险申请" in text and "盖章" in text


def yuan_of(text: str) -> int:
    return round(float(text.replace(",", "")) * 100)


def shares(case) -> tuple[tuple, list[list[int]], dict]:
    """(heads, amounts of each row, the stored settlement) of the shares that would be printed."""
    claim = claim_of(case)
    row = last_settlement(claim.stay)
    shared = shared_stay(claim, row)
    heads, rows = share_table(claim, row, shared, bills_of(case))
    return heads, [[yuan_of(cell) for cell in cells[1:]] for cells in rows], row


def test_each_bill_says_what_every_fund_paid_of_it_and_all_add_up_to_the_fen():
    case = payable_claim(bills=[bill("7000.01", form="paper"), bill("33.33"), bill("9876.54")])
    heads, rows, row = shares(case)
    *each, these, stay = rows
    assert heads[0] == "" and heads[-1] == "个人负担"
    assert these == stay == [sum(column) for column in zip(*each, strict=True)]
    assert stay[0] == row.total_fen and stay[-1] == row.personal_fen
    assert stay[1:-1] == [fen for fen in row.funds.values() if fen]
    assert all(sum(cells[1:]) == cells[0] for cells in each)


def test_the_split_statement_prints_the_bill_and_its_share_of_the_stay_and_how():
    case = payable_claim(bills=[bill("7000.01", form="paper"), bill("33.33"), bill("9876.54")])
    case = note(note(case, "received"), "returned")
    _, rows, row = shares(case)
    text = text_of(letter(case, "split"))
    for fen in rows[0]:
        assert grouped(fen) in text
    for said in ("金额构成", "政策范围内", "先行自付", "全自费", "核减", "分摊办法", "余数"):
        assert said in text, said
    assert "以上票据合计" in text and "这次就医计入结算的3张" in text
    assert grouped(row.paid_fen) not in text or len(row.funds) == 1
    assert collisions(letter_bytes(letter(case, "split"))) == []


def test_what_was_cut_is_the_persons_own_and_stands_by_itself():
    case = accepted_claim(bills=[bill("300.00", form="paper"), bill("20000.00")])
    one, two = bills_of(case)
    case = decide_bill(case, one, staff(), "cut", 10_000, "other", note="不属于")
    case = decide_bill(case, two, staff(), "accepted")
    case = act(act(case, "pass_first", staff()), "pass_second", staff("second"))
    case = note(note(act(case, "approve", staff("supervisor")), "received"), "returned")
    text = text_of(letter(case, "split"))
    assert "1300.00200.000.000.000.00100.00" in text, "金额、政策范围内、三项个人、核减"
    _, rows, _ = shares(case)
    assert rows[0][-1] >= 10_000


def test_lines_are_split_for_each_bill_as_they_were_settled():
    lines = [
        {"name": "药品", "class": "甲类", "amount": "200.00"},
        {"name": "自费药", "class": "自费", "amount": "50.50"},
    ]
    listed = bill("250.50", form="paper", in_scope="", lines=lines)
    case = payable_claim(bills=[listed, bill("9000.00")])
    claim = claim_of(case)
    shared = shared_stay(claim, last_settlement(claim.stay))
    assert shared.bills[bills_of(case)[0].pk].parts["own_expense"] == 5_050
    case = note(note(case, "received"), "returned")
    assert "1250.50200.000.000.0050.500.00" in text_of(letter(case, "split"))


def test_where_bills_were_looked_at_anew_only_the_stay_is_printed():
    case = payable_claim(bills=[bill("9000.00", form="paper"), bill("50.00")])
    Bill.objects.filter(pk=bills_of(case)[0].pk).update(in_scope_fen=1)
    case = note(note(case, "received"), "returned")
    text = text_of(letter(case, "split"))
    assert "又重新审核过" in text and "分摊办法" not in text and "总费用9,050.00元" in text


def test_before_anything_was_settled_the_split_statement_says_so():
    case = note(note(queued_claim(bills=two_papers()), "received"), "returned")
    text = text_of(letter(case, "split"))
    assert "还没有由医疗保险支付" in text and "未审核" in text
    assert "不能再次" not in text


def test_after_a_refusal_the_originals_go_back_and_nothing_was_paid():
    case = note(approval_claim(bills=two_papers()), "received")
    case = act(case, "reject", staff("supervisor"), **WHY)
    case = note(case, "returned")
    assert case.status == "rejected"
    assert "以上票据没有由医疗保险支付" in text_of(letter(case, "split"))
    papers = Bill.objects.filter(claim_id=case.pk, form="paper")
    assert {row.paper for row in papers} == {"returned"}


def test_archiving_an_original_issues_no_paper():
    case = note(note(queued_claim(bills=two_papers()), "received"), "kept")
    assert [paper.kind for paper in case.letters.all()] == ["paper_receipt"]


def test_whoever_scans_it_finds_it_genuine():
    case = note(queued_claim(bills=two_papers()), "received")
    paper = Letter.objects.get(case=case)
    found = verification(paper)
    assert found.in_force and "王秀兰" not in str(found.rows)
    assert len(paper.sha256) == 64


def test_many_originals_run_over_several_pages_without_touching():
    case = note(queued_claim(bills=[bill("10.00", form="paper") for _ in range(45)]), "received")
    assert collisions(letter_bytes(letter(case, "paper_receipt"))) == []
