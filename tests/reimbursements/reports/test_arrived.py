"""When the money moved: paid, sent back, waiting, to be got back, got back; all to the fen."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.db.models import Sum
from django.utils import timezone
from openpyxl import load_workbook

from casework.actors import Actor
from casework.clock import local_day
from casework.models import Case
from reimbursements.models import Adjustment, ClaimStat, Payment
from reimbursements.reports import asking, figures, measures
from reimbursements.reports.job import roll_up_claims
from reimbursements.service import decide_bill
from tests.casework.desk_helpers import visible_text
from tests.factories import LINCANG
from tests.reimbursements.claims.factories import (
    WHY,
    accepted_claim,
    act,
    answered,
    bill,
    bills_of,
    failed_claim,
    paid_claim,
    payable_claim,
    staff,
)
from tests.reimbursements.desk.helpers import desk_of
from tests.reimbursements.payments.test_recoveries import came
from tests.reimbursements.reports.test_page import PAGE

pytestmark = pytest.mark.django_db
SPANS = ("day", "month")


@pytest.fixture(autouse=True)
def now(monday):
    return monday


def count_all() -> None:
    roll_up_claims(timezone.now())


def figure(measure: str, part: str = "", span: str = "day", **where) -> tuple[int, int]:
    rows = ClaimStat.objects.filter(span=span, measure=measure, part=part, **where)
    found = rows.aggregate(n=Sum("count", default=0), f=Sum("fen", default=0))
    return found["n"], found["f"]


def agrees() -> None:
    """The sums of days and of months are what stands in the tables now, to the fen."""
    count_all()
    payments = Payment.objects.filter(kind="payment")
    left = sum(-row.amount_fen for row in Payment.objects.filter(state="due"))
    back = -sum(row.amount_fen for row in Payment.objects.filter(state="recovered"))
    left -= -sum(
        row.amount_fen for row in Payment.objects.filter(recovers__state="due", state="recovered")
    )
    open_ = {
        status: list(
            Case.objects.filter(status=status).values_list("claim__payable_fen", flat=True)
        )
        for status in ("payable", "payment_failed")
    }
    for span in SPANS:
        for measure, state in ((measures.PAID, "paid"), (measures.SENT_BACK, "failed")):
            fens = payments.filter(state=state).values_list("amount_fen", flat=True)
            assert figure(measure, span=span) == (len(fens), sum(fens))
        assert figure(measures.GOT_BACK, span=span)[1] == back
        assert figure(measures.DUE, span=span)[1] - back == left
        for status, part in (("payable", "to_pay"), ("payment_failed", "sent_back_open")):
            fens = [fen for fen in open_[status] if fen > 0]
            assert figure(measures.WAITING, part, span) == (len(fens), sum(fens))
        minus = [fen for fens in open_.values() for fen in fens if fen < 0]
        assert figure(measures.WAITING, "to_close", span) == (len(minus), sum(minus))
        funds = ClaimStat.objects.filter(span=span, measure=measures.FUND)
        decided = funds.aggregate(f=Sum("fen", default=0))["f"]
        decided += figure(measures.ADJUSTED, span=span)[1]
        waiting = sum(sum(fens) for fens in open_.values())
        assert decided == figure(measures.PAID, span=span)[1] - back + waiting - left


def test_what_is_decided_waits_until_the_bank_has_paid_it(now):
    case = payable_claim()
    payable = case.claim.payable_fen
    agrees()
    assert figure(measures.WAITING, "to_pay") == (1, payable)
    assert figure(measures.PAID) == (0, 0)
    now.shift(timedelta(days=20))  # a further month
    answered(case)
    agrees()
    day = local_day(timezone.now())
    assert figure(measures.PAID, day=day) == (1, payable)
    assert figure(measures.WAITING, "to_pay", day=day) == (-1, -payable)
    assert figure(measures.FUND, "basic", day=day) == (0, 0), "decided in the month before"


def test_what_the_bank_sent_back_waits_for_another_account(now):
    case = failed_claim()
    agrees()
    assert figure(measures.SENT_BACK)[0] == figure(measures.WAITING, "sent_back_open")[0] == 1
    now.shift(timedelta(days=3))
    case = act(case, "retry", staff("finance"))
    agrees()
    assert figure(measures.WAITING, "sent_back_open") == (0, 0)
    answered(case)
    agrees()
    assert figure(measures.SENT_BACK)[0] == figure(measures.PAID)[0] == 1


def test_a_claim_reversed_before_it_is_paid_waits_no_more():
    for case in (payable_claim(), failed_claim()):
        act(case, "reverse", staff("supervisor"), **WHY)
    agrees()
    assert figure(measures.DUE) == (0, 0)


def test_money_came_back_on_the_day_it_arrived_whenever_it_was_written_down(now):
    case = act(paid_claim(), "reverse", staff("supervisor"), **WHY)
    due = Payment.objects.get(claim_id=case.pk, state="due")
    agrees()
    arrived = local_day(timezone.now())
    now.shift(timedelta(days=12))
    count_all()
    came(case, due, 10_001, day=arrived.isoformat())
    agrees()
    assert figure(measures.GOT_BACK, day=arrived) == (1, 10_001)
    now.shift(timedelta(days=1))
    count_all()
    receipt = Payment.objects.get(state="recovered")
    case.refresh_from_db()
    act(case, "strike_recovery", staff("finance"), note="记错", data={"receipt": receipt.pk})
    agrees()
    assert figure(measures.GOT_BACK) == (0, 0)


def test_a_second_look_that_pays_less_asks_the_difference_back(now):
    case = paid_claim(bills=[bill("20000.00")])
    agrees()
    now.shift(timedelta(days=20))
    case = lowered(case, 500_000)
    agrees()
    assert figure(measures.WAITING, "to_close")[0] == 1
    case = act(case, "close", Actor.system())
    due = Payment.objects.get(claim_id=case.pk, state="due")
    agrees()
    came(case, due, 300, day=local_day(timezone.now()).isoformat())
    agrees()


def lowered(case, fen: int):
    """An appeal after which less is paid than was."""
    actor = staff()
    case = act(case, "appeal", Actor.resident(case.account), note="请再看一次")
    case = act(case, "return_to_first", staff("second"), **WHY)
    case = decide_bill(case, bills_of(case)[0], actor, "cut", fen, "other", note="重复收费")
    case = act(case, "pass_first", actor)
    case = act(case, "pass_second", staff("second"))
    return act(case, "approve", staff("supervisor"))


def test_what_is_asked_back_anew_takes_the_place_of_what_had_not_come(now):
    """Ask 100, of which 30 came; then a reversal asks for all that is left."""
    case = paid_claim(bills=[bill("20000.00")])
    case = act(lowered(case, 500_000), "close", Actor.system())
    due = Payment.objects.get(claim_id=case.pk, state="due")
    came(case, due, 3_000, day=local_day(timezone.now()).isoformat())
    agrees()
    now.shift(timedelta(days=9))
    case.refresh_from_db()
    act(case, "reverse", staff("supervisor"), **WHY)
    agrees()
    due.refresh_from_db()
    assert due.state == "cancelled"


def test_an_adjustment_is_part_of_what_waits():
    actor = staff()
    case = accepted_claim(actor=actor)
    case = decide_bill(case, bills_of(case)[0], actor, "accepted")
    case = act(case, "propose_adjustment", actor, note="示例", data={"amount": 501})
    case = act(case, "pass_first", actor)
    second, row = staff("second"), Adjustment.objects.get()
    case = act(case, "confirm_adjustment", second, data={"adjustment": row.pk})
    case = act(case, "pass_second", second)
    act(case, "approve", staff("supervisor"))
    agrees()


def test_what_was_counted_before_money_was_is_counted_anew(now):
    paid_claim()
    count_all()
    ClaimStat.objects.filter(measure__in=("paid", "waiting")).delete()
    now.shift(timedelta(days=40))
    agrees()
    assert figure(measures.PAID)[0] == 1


# --- what a reader sees ------------------------------------------------------------------


def asked(first: str = "", last: str = ""):
    choices = asking.choices_for("city", LINCANG)
    return asking.read({"first": first, "last": last}, choices, timezone.localdate())


def test_each_month_says_what_moved_in_it_and_what_stood_at_its_end(now):
    case = payable_claim()
    payable = case.claim.payable_fen
    now.shift(timedelta(days=20))
    case = answered(case)
    now.shift(timedelta(days=31))
    act(case, "reverse", staff("supervisor"), **WHY)
    count_all()
    found = figures.report({"city": LINCANG}, asked("2026-11", "2027-01")).money
    rows = [(m.label, m.paid_fen, m.waiting_fen, m.due_fen, m.left_fen) for m in found.months]
    assert rows == [
        ("2026 年 11 月", 0, payable, 0, 0),
        ("2026 年 12 月", payable, 0, 0, 0),
        ("2027 年 1 月", 0, 0, payable, payable),
    ]
    assert (found.total.paid_fen, found.total.due_fen) == (payable, payable)
    assert (found.total.waiting_fen, found.total.left_fen) == (0, payable), "as at the end"
    later = figures.report({"city": LINCANG}, asked("2027-01", "2027-01")).money
    assert [m.left_fen for m in later.months] == [payable], "what stood before counts"
    assert figures.report({"city": "150100"}, asked()).money.months == []


def test_the_page_and_the_workbook_say_when_the_money_moved():
    paid_claim()
    case = failed_claim()
    count_all()
    _, client = desk_of("finance")
    page = visible_text(client.get(PAGE).content.decode())
    for said in ("支付与追回", "已支付", "支付未成功", "待追回", "已追回", "月末余额", "银行回盘"):
        assert said in page, said
    answer = client.post(f"{PAGE}export/", {"first": "2026-11", "last": "2026-11"})
    book = load_workbook(BytesIO(b"".join(answer.streaming_content)))
    moved, stood = (list(book[name].values)[:2] for name in ("支付与追回", "月末余额"))
    assert moved[1][:2] == ("2026 年 11 月", 1)
    cells = dict(zip(*stood, strict=True))
    assert round(cells["支付未成功"] * 100) == case.claim.payable_fen
    assert cells["支付未成功（件）"] == 1
