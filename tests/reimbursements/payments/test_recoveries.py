"""待追回: what comes back is written down amount by amount, and no amount is ever edited."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from casework.actors import Actor
from casework.errors import NotAllowed
from casework.events import verify_all
from casework.models import Case, CaseEvent, CaseNote, Notice
from reimbursements.models import Payment
from reimbursements.payments import received_fen, recoveries, recovery_of
from reimbursements.settling.previewing import paid_so_far
from tests.casework.desk_helpers import english_words, staff_client, visible_text
from tests.factories import HOHHOT, LINCANG, clerk
from tests.reimbursements.claims.factories import (
    WHY,
    act,
    claim_of,
    paid_claim,
    payable_claim,
    staff,
)
from tests.reimbursements.payments.desk import cashier

pytestmark = pytest.mark.django_db
URL = "/admin/reimbursements/paymentbatch/recoveries/"
TODAY = "2026-11-23"


@pytest.fixture(autouse=True)
def now(monday):
    return monday


def reversed_claim():
    """A claim that was paid and reversed: (case, the amount that is due)."""
    case = act(paid_claim(), "reverse", staff("supervisor"), **WHY)
    return case, Payment.objects.get(claim_id=case.pk, state="due")


def came(case, due, fen: int, receipt: str = "R1", actor=None, **changes):
    """Write down what has come in."""
    data = {"recovery": due.pk, "amount": fen, "day": TODAY, "how": "transfer"}
    data |= {"receipt": receipt, **changes}
    case.refresh_from_db()
    return act(case, "recover", actor or staff("finance"), data=data)


def left(due) -> int:
    found = recovery_of(cashier(), due.pk)
    return -found.amount_fen - received_fen(found)


def test_money_comes_back_in_parts_each_a_row_of_its_own():
    case, due = reversed_claim()
    whole = -due.amount_fen
    came(case, due, 100_00)
    assert (left(due), Payment.objects.get(pk=due.pk).state) == (whole - 100_00, "due")
    came(case, due, whole - 100_00, "R2")
    due.refresh_from_db()
    assert (due.state, due.amount_fen) == ("met", -whole) and due.done_at
    rows = list(due.receipts.order_by("pk"))
    assert [(row.amount_fen, row.receipt_number) for row in rows] == [
        (-100_00, "R1"),
        (100_00 - whole, "R2"),
    ]
    assert {row.state for row in rows} == {"recovered"}
    assert all(row.made_by_id and row.received_on.isoformat() == TODAY for row in rows)
    assert paid_so_far(claim_of(case)) == 0


def test_what_has_come_in_stands_in_the_chain_of_the_case_and_is_told():
    case, due = reversed_claim()
    case = came(case, due, 100_00)
    event = CaseEvent.objects.get(case=case, code="recovered")
    row = due.receipts.get()
    assert event.data == {"recovery": due.pk, "payment": row.pk, "amount": 100_00}
    assert case.status == "reversed"
    assert list(verify_all(Case.objects.filter(pk=case.pk))) == []
    text = Notice.objects.get(case=case, template="claim_recovered", channel="in_site").text
    assert "100.00元已收到，还差" in text


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"fen": 0}, "大于 0"),
        ({"fen": 99_999_999_00}, "不超过还没有追回的"),
        ({"day": ""}, "到账日期"),
        ({"day": "2026-11-24"}, "不晚于今天"),
        ({"day": "2026-11-22"}, "列为待追回以后"),
        ({"how": "barter"}, "追回方式"),
        ({"receipt": " "}, "收款凭证号"),
        ({"receipt": "9" * 41}, "收款凭证号"),
        ({"recovery": 0}, "刷新"),
    ],
)
def test_what_does_not_fit_is_refused_and_nothing_is_written(change, words):
    case, due = reversed_claim()
    given = {"fen": 100_00, **change}
    with pytest.raises(NotAllowed, match=words):
        came(case, due, **given)
    assert not due.receipts.exists()


def test_one_receipt_is_written_down_once():
    case, due = reversed_claim()
    came(case, due, 100_00)
    with pytest.raises(NotAllowed, match="凭证号 R1 已经登记过"):
        came(case, due, 50_00)
    row = due.receipts.get()
    row.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)


def test_a_mistake_is_struck_out_with_its_reason_and_the_amount_is_due_again():
    case, due = reversed_claim()
    case = came(case, due, -due.amount_fen)
    row = due.receipts.get()
    finance = staff("finance")
    with pytest.raises(NotAllowed, match="原因"):
        act(case, "strike_recovery", finance, data={"receipt": row.pk})
    case = act(case, "strike_recovery", finance, data={"receipt": row.pk}, note="记到别人名下")
    row.refresh_from_db(), due.refresh_from_db()
    assert (row.state, row.amount_fen, due.state) == ("cancelled", due.amount_fen, "due")
    assert left(due) == -due.amount_fen
    event = CaseEvent.objects.get(case=case, code="recovery_struck")
    assert CaseNote.objects.get(case=case, event_seq=event.seq).text == "记到别人名下"
    with pytest.raises(NotAllowed, match="已经作废"):
        act(case, "strike_recovery", finance, data={"receipt": row.pk}, note="再来")
    came(case, due, 1, "R1")


def test_what_came_back_in_part_is_not_asked_again_when_the_rest_is():
    """Cut after an appeal, partly paid back, then reversed whole."""
    case = paid_claim()
    paid = Payment.objects.get().amount_fen
    case = act(case, "appeal", Actor.resident(case.account), note="请复核")
    case = act(case, "return_to_first", staff("second"), **WHY)
    first = staff()
    bill = case.claim.bills.get()
    data = {"bill": bill.pk, "amount": 500_000}
    case = act(case, "cut_bill", first, data=data, reason="other", note="重复收费")
    case = act(case, "pass_first", first)
    case = act(case, "pass_second", staff("second"))
    case = act(case, "approve", staff("supervisor"))
    case = act(case, "close", staff("finance"))
    due = Payment.objects.get(claim_id=case.pk, state="due")
    case = came(case, due, 100_00)
    case = act(case, "reverse", staff("finance"), **WHY)
    new = Payment.objects.get(claim_id=case.pk, state="due")
    assert new.pk != due.pk and -new.amount_fen == paid - 100_00
    row = due.receipts.get()
    with pytest.raises(NotAllowed, match="取代"):
        act(case, "strike_recovery", staff("finance"), data={"receipt": row.pk}, note="错")


def test_who_approved_a_claim_does_not_write_down_its_recovery():
    boss = staff("supervisor")
    case = act(paid_claim(), "reverse", boss, **WHY)
    due = Payment.objects.get(claim_id=case.pk, state="due")
    with pytest.raises(NotAllowed, match="这个角色不能"):
        came(case, due, 100_00, actor=boss)


def test_an_unpaid_claim_that_is_reversed_leaves_nothing_to_recover():
    case = act(payable_claim(), "reverse", staff("supervisor"), **WHY)
    assert list(recoveries(cashier())) == []
    with pytest.raises(NotAllowed, match="没有待追回的款"):
        act(case, "recover", staff("finance"))


# --- the pages ---------------------------------------------------------------------------


def typed(**changes) -> dict:
    return {"amount": "100.00", "day": TODAY, "how": "cash", "receipt": "R1", **changes}


def words_of(response) -> str:
    return " ".join(visible_text(response.content.decode()).split())


def test_from_the_list_to_a_receipt_and_back_in_the_browser():
    case, due = reversed_claim()
    user = cashier()
    client = staff_client(user)
    assert case.number in words_of(client.get(URL))
    page = client.post(f"{URL}{due.pk}/", typed(), follow=True)
    said = words_of(page)
    assert "已登记收到 100.00 元" in said and "现金缴款" in said and "R1" in said
    assert user.get_full_name() in said
    assert english_words(page.content.decode()) <= {"R"}
    rest = f"{(-due.amount_fen - 100_00) / 100:.2f}"
    client.post(f"{URL}{due.pk}/", typed(amount=rest, receipt="R2"))
    assert "没有待追回的款" in words_of(client.get(URL))
    assert case.number in words_of(client.get(URL, {"done": "1"}))
    row = due.receipts.first()
    client.post(f"{URL}{due.pk}/strike/", {"receipt": row.pk, "why": "看错了"})
    assert case.number in words_of(client.get(URL))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"amount": ""}, "请填写到账金额"),
        ({"amount": "一百"}, "请写成元"),
        ({"day": "昨天"}, "请写成 2026-11-22 这样的日期"),
        ({"how": ""}, "请选择追回方式"),
        ({"receipt": ""}, "请填写收款凭证号"),
        ({"amount": "99999999"}, "不超过还没有追回的"),
    ],
)
def test_bad_input_is_told_and_what_was_typed_stays(change, words):
    due = reversed_claim()[1]
    page = staff_client(cashier()).post(f"{URL}{due.pk}/", typed(receipt="凭证甲") | change)
    assert page.status_code == 422 and words in words_of(page)
    if "receipt" not in change:
        assert 'value="凭证甲"' in page.content.decode()
    assert not due.receipts.exists()


def test_striking_out_needs_a_reason():
    case, due = reversed_claim()
    came(case, due, 100_00)
    row = due.receipts.get()
    page = staff_client(cashier()).post(f"{URL}{due.pk}/strike/", {"receipt": row.pk, "why": " "})
    assert page.status_code == 422 and "请写明作废的原因" in words_of(page)


@pytest.mark.parametrize(
    ("role", "sees", "acts"),
    [("finance", 200, 422), ("supervisor", 200, 403), ("auditor", 200, 403), ("first", 403, 403)],
)
def test_who_sees_and_who_writes_down(role, sees, acts):
    due = reversed_claim()[1]
    client = staff_client(clerk(role, LINCANG))
    assert client.get(URL).status_code == sees
    assert client.get(f"{URL}{due.pk}/").status_code == sees
    assert client.post(f"{URL}{due.pk}/").status_code == acts
    assert client.post(f"{URL}{due.pk}/strike/").status_code == acts


def test_another_area_sees_nothing():
    case, due = reversed_claim()
    client = staff_client(cashier(HOHHOT))
    assert case.number not in words_of(client.get(URL))
    assert client.get(f"{URL}{due.pk}/").status_code == 404
    assert client.post(f"{URL}{due.pk}/strike/").status_code == 404


def test_the_list_costs_the_same_for_many_as_for_one(django_assert_max_num_queries):
    for _ in range(2):
        case, due = reversed_claim()
        came(case, due, 100)
    client = staff_client(cashier())
    client.get(URL)
    with django_assert_max_num_queries(12):
        client.get(URL)
    with django_assert_max_num_queries(10):
        client.get(f"{URL}{due.pk}/")


def test_what_was_recovered_says_of_what():
    case = reversed_claim()[0]
    with pytest.raises(IntegrityError), transaction.atomic():
        Payment.objects.create(
            claim_id=case.pk,
            kind="recovery",
            amount_fen=-1,
            state="recovered",
            made_at=timezone.now(),
        )
