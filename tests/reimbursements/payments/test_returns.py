"""What the bank answers: all of a file or nothing, and the same file twice is once."""

import pytest

from casework.actors import Actor
from casework.models import CaseEvent, Notice, StaffProfile
from reimbursements.models import Claim, Payment, PaymentBatch
from reimbursements.payments import PaymentRefused, import_return
from reimbursements.payments import returns as returning
from residents.models import User
from tests.factories import HOHHOT
from tests.reimbursements.claims.factories import act, bill, bills_of, payable_claim, staff
from tests.reimbursements.payments.desk import (
    HEAD,
    answer,
    as_csv,
    as_xlsx,
    cashier,
    made,
    released,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def now(monday):
    return monday


def states(batch) -> list[tuple]:
    """Each claim of a list with the state of its payment."""
    rows = batch.payments.select_related("claim__case").order_by("pk")
    return [(row.claim.case.status, row.state) for row in rows]


def said(report) -> list[tuple]:
    return [(problem.line, problem.text) for problem in report.problems]


def test_paid_ones_are_paid_and_failed_ones_go_back_to_the_resident(tmp_path):
    good, bad = payable_claim(), payable_claim()
    batch = released([good, bad])
    path = as_csv(tmp_path, answer(good), answer(bad, "失败", "户名与账号不符"))
    report = import_return(cashier(), batch.pk, path)
    assert (report.paid, report.failed, report.known, report.waiting) == (1, 1, 0, 0)
    assert states(batch) == [("paid", "paid"), ("payment_failed", "failed")]
    batch.refresh_from_db()
    assert batch.state == "answered" and batch.answered_at
    assert batch.payments.get(claim_id=bad.pk).failed_because == "户名与账号不符"
    told = Notice.objects.filter(channel="in_site").values_list("case_id", "template")
    assert {(good.pk, "claim_paid"), (bad.pk, "claim_payment_failed")} <= set(told)
    assert Claim.objects.get(pk=good.pk).payable_fen == 0


def test_a_failed_payment_is_paid_to_the_corrected_account_with_the_next_list(tmp_path):
    case = payable_claim()
    first = released([case])
    import_return(cashier(), first.pk, as_csv(tmp_path, answer(case, "退票", "账号不存在")))
    case.refresh_from_db()
    account = {
        "bank_holder": "王秀兰",
        "bank_number": "6222020000000000018",
        "bank_name": "示例银行",
        "bank_relation": "self",
    }
    act(case, "give_account", Actor.resident(case.account), data=account)
    second = released([case])
    assert second.payments.get().number == "6222020000000000018"
    import_return(cashier(), second.pk, as_csv(tmp_path, answer(case)))
    assert list(case.claim.payments.order_by("pk").values_list("state", flat=True)) == [
        "failed",
        "paid",
    ]


def test_the_same_file_twice_pays_once(tmp_path):
    case = payable_claim()
    batch = released([case])
    path = as_csv(tmp_path, answer(case))
    import_return(cashier(), batch.pk, path)
    report = import_return(cashier(), batch.pk, path)
    assert (report.paid, report.known, said(report)) == (0, 1, [])
    assert CaseEvent.objects.filter(case=case, code="paid").count() == 1
    assert Payment.objects.filter(claim_id=case.pk).count() == 1


def test_an_answer_that_comes_in_parts_closes_the_list_with_the_last(tmp_path):
    cases = [payable_claim(), payable_claim()]
    batch = released(cases)
    report = import_return(cashier(), batch.pk, as_csv(tmp_path, answer(cases[0])))
    assert (report.paid, report.waiting) == (1, 1)
    batch.refresh_from_db()
    assert batch.state == "released"
    import_return(cashier(), batch.pk, as_csv(tmp_path, *map(answer, cases)))
    batch.refresh_from_db()
    assert batch.state == "answered"


def test_an_answer_unlike_the_one_before_is_refused(tmp_path):
    case = payable_claim()
    batch = released([case])
    import_return(cashier(), batch.pk, as_csv(tmp_path, answer(case)))
    report = import_return(cashier(), batch.pk, as_csv(tmp_path, answer(case, "失败", "退回")))
    assert said(report)[0][0] == 2 and "与银行核对" in said(report)[0][1]
    assert states(batch) == [("paid", "paid")]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"amount": "1.00"}, "批次里是"),
        ({"amount": "12.345"}, "最多两位小数"),
        ({"result": "处理中"}, "不认识"),
        ({"result": ""}, "缺少结果"),
        ({"result": "失败"}, "须写明失败原因"),
        ({"number": "530902001202601010000001"}, "不在这个批次中"),
        ({"number": ""}, "缺少办件编号"),
        ({"number": "=1+1"}, "公式"),
    ],
)
def test_one_bad_line_and_nothing_is_taken_in(tmp_path, change, words):
    cases = [payable_claim(), payable_claim()]
    batch = released(cases)
    number, amount, result, reason = answer(cases[1])
    line = (
        change.get("number", number),
        change.get("amount", amount),
        change.get("result", result),
        reason,
    )
    report = import_return(cashier(), batch.pk, as_csv(tmp_path, answer(cases[0]), line))
    ((where, text),) = said(report)
    assert where == 3 and words in text
    assert states(batch) == [("payable", "sent")] * 2
    assert not report.taken_in


def test_a_payment_named_twice_is_refused_with_both_lines(tmp_path):
    case = payable_claim()
    batch = released([case])
    report = import_return(cashier(), batch.pk, as_csv(tmp_path, answer(case), answer(case)))
    assert said(report) == [(3, f"办件 {case.number} 与第 2 行重复")]
    assert states(batch) == [("payable", "sent")]


def test_a_claim_of_another_list_is_refused(tmp_path):
    case, other = payable_claim(), payable_claim()
    batch = released([case])
    released([other])
    report = import_return(cashier(), batch.pk, as_csv(tmp_path, answer(case), answer(other)))
    assert "不在这个批次中" in said(report)[0][1]
    assert states(batch) == [("payable", "sent")]


@pytest.mark.parametrize(
    ("head", "words"),
    [
        (("办件编号", "金额", "结果", "手续费"), "不认识的列：手续费"),
        (("办件编号", "办件编号", "结果", "原因"), "重复的列"),
    ],
)
def test_wrong_columns_are_named(tmp_path, head, words):
    case = payable_claim()
    batch = released([case])
    report = import_return(cashier(), batch.pk, as_csv(tmp_path, answer(case), head=head))
    assert words in said(report)[0][1]
    assert states(batch) == [("payable", "sent")]


@pytest.mark.parametrize("name", ["空", "文本", "旧版"])
def test_what_is_no_table_is_told_in_chinese(tmp_path, name):
    data = {"空": b"", "文本": "你好".encode(), "旧版": b"\xd0\xcf\x11\xe0xxxx"}[name]
    path = tmp_path / "x.csv"
    path.write_bytes(data)
    batch = released()
    report = import_return(cashier(), batch.pk, path)
    assert len(report.problems) == 1 and report.problems[0].text
    assert states(batch) == [("payable", "sent")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_csv_is_read_in_the_encodings_of_banks(tmp_path, encoding):
    case = payable_claim()
    batch = released([case])
    path = as_csv(tmp_path, answer(case, "失败", "账户已销户"), encoding=encoding)
    assert import_return(cashier(), batch.pk, path).failed == 1
    assert batch.payments.get().failed_because == "账户已销户"


def test_our_own_file_with_two_columns_added_is_an_answer(tmp_path):
    """Control totals and all, as a workbook."""
    case = payable_claim()
    batch = released([case])
    number, amount, *_ = answer(case)
    fen = batch.total_fen
    head = ("序号", "批次号", "办件编号", "金额（元）", "金额（分）", "结果", "失败原因")
    lines = [
        (1, batch.number, number, amount, fen, "成功", ""),
        ("合计", batch.number, "1 笔", amount, fen, "", ""),
    ]
    assert import_return(cashier(), batch.pk, as_xlsx(tmp_path, *lines, head=head)).paid == 1


def test_control_totals_that_do_not_add_up_refuse_the_file(tmp_path):
    case = payable_claim()
    batch = released([case])
    head = ("序号", *HEAD)
    lines = [(1, *answer(case)), ("合计", "", "1.00", "", "")]
    report = import_return(cashier(), batch.pk, as_csv(tmp_path, *lines, head=head))
    assert said(report)[0][0] == 3 and "各行相加" in said(report)[0][1]
    assert states(batch) == [("payable", "sent")]


@pytest.mark.parametrize("result", ["成功", "失败"])
def test_an_answer_is_taken_in_whoever_has_taken_the_claim(tmp_path, result):
    cases = [payable_claim(), payable_claim()]
    batch = released(cases)
    cases[1].refresh_from_db()
    act(cases[1], "take", Actor.staff(cashier()))
    lines = [answer(case, result, "账户已销户") for case in cases]
    report = import_return(cashier(), batch.pk, as_csv(tmp_path, *lines))
    assert said(report) == [] and report.paid + report.failed == 2
    cases[1].refresh_from_db()
    assert cases[1].assignee_id is None


@pytest.mark.parametrize("result", ["成功", "失败"])
def test_an_answer_is_taken_in_wherever_the_paper_has_gone_since(tmp_path, result):
    """Received, then returned with the stamped 分割单 while the money was at the bank."""
    case = payable_claim(bills=[bill(form="paper"), bill("10.00")])
    paper = bills_of(case)[0]
    for state in ("received", "returned"):
        data = {"bill": paper.pk, "state": state}
        case = act(case, "note_paper", staff("finance"), data=data)
    batch = released([case])
    path = as_csv(tmp_path, answer(case, result, "账户已销户"))
    assert import_return(cashier(), batch.pk, path).taken_in


def test_a_claim_that_its_own_table_refuses_stops_the_whole_file(tmp_path):
    """Who approved a claim takes in no answer for it."""
    approver = staff("supervisor")
    cases = [payable_claim(), payable_claim(actor=approver)]
    batch = released(cases)
    StaffProfile.objects.filter(user=approver.user).update(role="finance")
    user = User.objects.get(pk=approver.user.pk)
    report = import_return(user, batch.pk, as_csv(tmp_path, *map(answer, cases)))
    ((line, text),) = said(report)
    assert line == 3 and "不同的人员" in text
    assert states(batch) == [("payable", "sent")] * 2


def test_a_list_that_was_not_released_takes_no_answer(tmp_path):
    case = payable_claim()
    batch = made([case])
    report = import_return(cashier(), batch.pk, as_csv(tmp_path, answer(case)))
    assert "待复核" in said(report)[0][1]


def test_only_the_finance_desk_of_the_area_takes_in_an_answer(tmp_path):
    case = payable_claim()
    batch = released([case])
    with pytest.raises(PaymentRefused):
        import_return(cashier(HOHHOT), batch.pk, as_csv(tmp_path, answer(case)))
    assert states(batch) == [("payable", "sent")]


# --- crashes between the steps --------------------------------------------------------


def test_a_crash_in_the_middle_of_an_answer_leaves_nothing_half_done(tmp_path, monkeypatch):
    cases = [payable_claim() for _ in range(3)]
    batch = released(cases)
    path = as_csv(tmp_path, *map(answer, cases))
    settle, calls = returning.settle_answer, []

    def dies_at_the_second(*args):
        calls.append(args)
        if len(calls) == 2:
            raise KeyboardInterrupt
        settle(*args)

    monkeypatch.setattr(returning, "settle_answer", dies_at_the_second)
    with pytest.raises(KeyboardInterrupt):
        import_return(cashier(), batch.pk, path)
    assert states(batch) == [("payable", "sent")] * 3
    assert not CaseEvent.objects.filter(code="paid").exists()

    monkeypatch.setattr(returning, "settle_answer", settle)
    assert import_return(cashier(), batch.pk, path).paid == 3
    assert states(batch) == [("paid", "paid")] * 3


def test_a_crash_while_a_list_is_made_leaves_no_list(monkeypatch):
    case = payable_claim()

    def dies(*args, **kwargs):
        raise KeyboardInterrupt

    monkeypatch.setattr(PaymentBatch, "save", dies)
    with pytest.raises(KeyboardInterrupt):
        made([case])
    monkeypatch.undo()
    assert not PaymentBatch.objects.exists() and not Payment.objects.exists()
    assert made([case]).count == 1
