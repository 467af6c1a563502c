"""Money: what a claim pays, a late bill, a reversal, and that nothing is lost or doubled."""

import itertools
import re

import pytest

from casework.actors import Actor
from casework.clock import local_day
from casework.errors import NotAllowed
from casework.models import Case
from reimbursements.models import (
    Adjustment,
    LedgerEntry,
    Payment,
    Settlement,
    YearAccount,
)
from reimbursements.service import (
    answers_now,
    decide_bill,
    preview_settlement,
    save,
    submit_claim,
)
from reimbursements.settling import estimate, estimate_of
from residents.models.accesslog import AppendOnlyError
from tests.reimbursements.claims.factories import (
    WHY,
    accepted_claim,
    act,
    approval_claim,
    bill,
    bills_of,
    claim_of,
    draft_claim,
    insured,
    paid_claim,
    payable_claim,
    staff,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def now(monday):
    return monday


def last(case: Case) -> Settlement:
    return Settlement.objects.filter(claim_id=case.pk).order_by("-seq").first()


def account() -> YearAccount:
    return YearAccount.objects.get()


def test_the_example_policy_pays_what_its_numbers_say():
    """20,000 in scope less 1,000, at 60 % less 20 points unfiled; then 大病 above 8,000 at 60 %."""
    case = payable_claim()
    row = last(case)
    assert row.funds["basic"] == 760_000  # (20000 - 1000) x 40 %
    assert row.funds["major_illness"] == (2_000_000 - 760_000 - 800_000) * 60 // 100
    assert claim_of(case).payable_fen == row.paid_fen == row.difference_fen
    assert row.total_fen == row.paid_fen + row.personal_fen == 2_000_000
    assert row.policy_sha256 and row.input["filing"] == "unfiled"
    assert row.output["rows"]


def test_the_account_and_its_ledger_say_the_same():
    case = payable_claim()
    entry = LedgerEntry.objects.get()
    assert (entry.account, entry.settlement, entry.seq) == (account(), last(case), 1)
    assert entry.after == account().data and entry.before == {"year": 2026, "stays": 0}
    assert sum(entry.change.values()) == last(case).paid_fen


def test_a_late_bill_pays_exactly_the_difference():
    holding = insured()
    first = paid_claim(holding, [bill("20000.00")])
    late = payable_claim(holding, [bill("5000.00")])
    whole = payable_claim(insured(), [bill("25000.00")])

    together = claim_of(first).settlements.get().paid_fen + claim_of(late).payable_fen
    assert together == claim_of(whole).payable_fen
    row = last(late)
    assert row.replaces == last(first) and row.stay == claim_of(first).stay
    assert row.total_fen == 2_500_000 and row.paid_before_fen == last(first).paid_fen
    assert row.stay.nth_stay == row.nth_stay == 1


def test_bills_in_any_order_come_to_the_same_account():
    one, other = insured(), insured()
    for holding, totals in ((one, ("3000.00", "17000.00")), (other, ("17000.00", "3000.00"))):
        for total in totals:
            paid_claim(holding, [bill(total)])
    first, second = YearAccount.objects.order_by("pk")
    assert first.data == second.data
    assert first.data["stays"] == 1


def test_settling_the_same_stay_twice_pays_nothing_more():
    case = paid_claim()
    paid = sum(Payment.objects.values_list("amount_fen", flat=True))
    before = account().data
    again = act(case, "appeal", resident(case), note="请再算一次")
    again = act(again, "pass_second", staff("second"))
    again = act(again, "approve", staff("supervisor"))
    assert claim_of(again).payable_fen == 0
    assert last(again).difference_fen == 0
    assert account().data == before
    closed = act(again, "close", staff("finance"))
    assert closed.status == "paid"
    assert sum(Payment.objects.values_list("amount_fen", flat=True)) == paid


def resident(case: Case) -> Actor:
    return Actor.resident(case.account)


def test_a_reversal_restores_the_account_and_asks_the_money_back():
    holding = insured()
    payable_claim(holding, [bill("9000.00")], admitted_on="2026-03-01", discharged_on="2026-03-05")
    before = account().data
    case = paid_claim(holding)
    paid = Payment.objects.get().amount_fen
    assert account().data != before

    case = act(case, "reverse", staff("finance"), **WHY)
    assert account().data == before
    row = last(case)
    assert (row.kind, row.difference_fen, row.paid_fen) == ("reversed", -paid, 0)
    recovery = Payment.objects.get(kind="recovery")
    assert (recovery.amount_fen, recovery.state) == (-paid, "due")
    assert (
        sum(Settlement.objects.filter(stay=row.stay).values_list("difference_fen", flat=True)) == 0
    )


def test_reversing_an_unpaid_claim_asks_nothing_back():
    case = act(payable_claim(), "reverse", staff("supervisor"), **WHY)
    assert not Payment.objects.exists()
    assert claim_of(case).payable_fen == 0 and account().data == {"year": 2026, "stays": 0}


def test_reversing_one_of_two_claims_of_a_stay_leaves_the_other_as_if_alone():
    holding = insured()
    first = paid_claim(holding, [bill("20000.00")])
    alone = account().data
    late = paid_claim(holding, [bill("5000.00")])
    act(late, "reverse", staff("finance"), **WHY)
    assert account().data == alone
    assert last(late).paid_fen == last(first).paid_fen


def test_a_reversed_stay_can_be_claimed_and_settled_again():
    holding = insured()
    bills = [bill()]
    case = paid_claim(holding, bills)
    act(case, "reverse", staff("finance"), **WHY)
    again = payable_claim(holding, bills)
    assert claim_of(again).payable_fen == last(case).paid_before_fen
    assert last(again).seq == 3


def test_two_stays_share_the_ceiling_of_the_year():
    holding = insured()
    for day in ("01", "02", "03"):
        payable_claim(
            holding,
            [bill("180000.00", date=f"2026-{day}-10")],
            admitted_on=f"2026-{day}-01",
            discharged_on=f"2026-{day}-10",
        )
    basic = [row.funds["basic"] for row in Settlement.objects.order_by("pk")]
    assert sum(basic) == 10_000_000 and basic[2] == 0


def test_the_ledger_never_loses_a_fen():
    holding = insured()
    one = paid_claim(holding, [bill("20000.00")])
    paid_claim(holding, [bill("777.77")])
    act(one, "reverse", staff("finance"), **WHY)
    paid_claim(holding, [bill("1234.56")], admitted_on="2026-05-01", discharged_on="2026-05-02")
    data, changes = account().data, {}
    for entry in LedgerEntry.objects.order_by("seq"):
        for fund, fen in entry.change.items():
            changes[fund] = changes.get(fund, 0) + fen
    kept = {fund: fen for fund, fen in changes.items() if fen}
    stored = {fund: int(yuan.replace(".", "")) for fund, yuan in data.get("funds", {}).items()}
    assert kept == stored
    entries = list(LedgerEntry.objects.order_by("seq"))
    assert all(a.after == b.before for a, b in itertools.pairwise(entries))


def test_what_is_cut_is_borne_by_the_person():
    actor = staff()
    case = accepted_claim(actor=actor)
    row = bills_of(case)[0]
    case = decide_bill(case, row, actor, "cut", 500_000, "other", note="超出支付范围")
    preview = preview_settlement(case)
    assert preview.settlement.in_scope == 1_500_000
    assert preview.settlement.own_expense == 500_000
    assert preview.settlement.total == 2_000_000
    assert claim_of(case).accepted_fen == 1_500_000


def test_a_bill_cut_whole_is_no_part_of_the_stay():
    actor = staff()
    case = accepted_claim(bills=[bill("20000.00"), bill("1000.00")], actor=actor)
    good, bad = bills_of(case)
    case = decide_bill(case, good, actor, "accepted")
    case = decide_bill(case, bad, actor, "cut", 100_000, "other", note="不是本次住院的票据")
    assert preview_settlement(case).settlement.total == 2_000_000


def test_lines_are_split_by_the_catalogue_and_a_cut_line_is_own_expense():
    lines = [
        {"name": "药品甲", "class": "甲类", "amount": "6000.00"},
        {"name": "药品乙", "class": "乙类", "amount": "3000.00"},
        {"name": "陪护", "class": "丙类", "amount": "1000.00"},
    ]
    actor = staff()
    case = accepted_claim(bills=[bill("10000.00", in_scope="", lines=lines)], actor=actor)
    row = bills_of(case)[0]
    case = decide_bill(case, row, actor, "cut", reason="other", note="重复", lines={1: 100_000})
    settled = preview_settlement(case).settlement
    assert (settled.total, settled.own_expense) == (1_000_000, 200_000)
    assert settled.self_first == 30_000  # 乙类 10 % in the example policy
    assert settled.in_scope == 1_000_000 - 200_000 - 30_000


def test_a_bill_without_its_parts_is_not_accepted_until_the_clerk_states_them():
    actor = staff()
    case = accepted_claim(bills=[bill("800.00", in_scope="")], actor=actor)
    row = bills_of(case)[0]
    assert preview_settlement(case).provisional
    with pytest.raises(NotAllowed, match="政策范围内"):
        decide_bill(case, row, actor, "accepted")
    parts = {"own_expense": 10_000, "in_scope": 70_000}
    case = decide_bill(case, row, actor, "accepted", parts=parts)
    assert preview_settlement(case).settlement.own_expense == 10_000


def test_an_estimate_writes_nothing_and_agrees_with_what_is_paid():
    holding = insured()
    case = draft_claim(holding)
    found = estimate_of(answers_now(case), holding.person, local_day(case.created_at))
    assert not Settlement.objects.exists() and not YearAccount.objects.exists()
    paid = payable_claim(insured())
    assert found.payable_fen == claim_of(paid).payable_fen


def test_an_estimate_of_a_late_bill_is_the_difference():
    holding = insured()
    paid_claim(holding)
    case = draft_claim(holding, [bill("5000.00")])
    found = estimate_of(answers_now(case), holding.person, local_day(case.created_at))
    assert found.settlement.total == 2_500_000
    assert 0 < found.payable_fen < found.paid_before_fen


def test_an_estimate_says_what_a_filing_would_have_brought():
    holding = insured()
    answers = answers_now(draft_claim(holding))
    today = answers.discharged_on
    plain = estimate(answers, holding.person, today)
    filed = estimate(answers, holding.person, today, settled_as="LT-RES")
    assert sum(filed.funds.values()) > sum(plain.funds.values())


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"bills": []}, "金额"),
        ({"kind": ""}, "就医类别"),
        ({"insured_area": "110101"}, "政策"),
        ({"admitted_on": "2010-01-01", "discharged_on": "2010-01-02"}, "早于|没有"),
    ],
)
def test_an_estimate_says_why_there_is_none(changes, words):
    holding = insured()
    answers = answers_now(draft_claim(holding)).from_dict(
        {**answers_now(draft_claim(holding)).to_dict(), **changes}
    )
    found = estimate(answers, holding.person, answers.discharged_on)
    assert isinstance(found, str)
    assert re.search(words, found), found


def sent_back(case: Case) -> Case:
    """A paid claim, appealed and sent back to the first review."""
    case = act(case, "appeal", resident(case), note="请再看")
    return act(case, "return_to_first", staff("second"), **WHY)


def test_a_claim_that_was_settled_cannot_move_to_another_stay_and_be_paid_again():
    case = sent_back(paid_claim())
    items = [{"target": "field:discharged_on", "reason_code": "other", "text": "请核对"}]
    case = act(case, "request_correction", staff(), data={"items": items})
    save(case, {"discharged_on": "2026-10-11"})
    with pytest.raises(NotAllowed, match="已经结算过"):
        submit_claim(case, resident(case))
    save(case, {"discharged_on": "2026-10-10"})
    assert submit_claim(case, resident(case)).status == "first_review"


def test_what_an_appeal_takes_away_is_asked_back_once():
    paid = paid_claim()
    before = Payment.objects.get().amount_fen
    case, actor = sent_back(paid), staff()
    row = bills_of(case)[0]
    case = decide_bill(case, row, actor, "cut", 500_000, "other", note="重复收费")
    case = act(case, "pass_first", actor)
    case = act(case, "pass_second", staff("second"))
    case = act(case, "approve", staff("supervisor"))
    less = claim_of(case).payable_fen
    assert less == last(case).difference_fen < 0
    finance = staff("finance")
    with pytest.raises(NotAllowed, match="直接办结"):
        act(case, "pay", finance)
    case = act(case, "close", finance)
    assert Payment.objects.get(kind="recovery").amount_fen == less

    case = act(case, "reverse", staff("finance"), **WHY)
    due = Payment.objects.filter(kind="recovery", state="due")
    assert [row.amount_fen for row in due] == [-before]


def test_a_stay_is_not_settled_while_another_claim_of_it_is_looked_at_anew():
    holding = insured()
    first = paid_claim(holding)
    paid = Payment.objects.get().amount_fen
    second = approval_claim(holding, [bill("100.00")])
    third = payable_claim(holding, [bill("200.00")])
    first = sent_back(first)
    actor, head = staff(), staff("supervisor")
    first = decide_bill(first, bills_of(first)[0], actor, "open")
    for case, name, more in ((second, "approve", {}), (third, "reverse", WHY)):
        with pytest.raises(NotAllowed, match=f"{first.number} 正在复核"):
            act(case, name, head, **more)
    first = decide_bill(first, bills_of(first)[0], actor, "accepted")
    first = act(first, "pass_first", actor)
    first = act(first, "pass_second", staff("second"))
    first = act(first, "approve", staff("supervisor"))
    assert claim_of(first).payable_fen == 0
    assert act(second, "approve", head).status == "payable"
    assert claim_of(second).payable_fen > 0
    assert Payment.objects.get().amount_fen == paid


def test_a_late_claim_goes_by_what_the_stay_was_settled_as():
    holding = insured()
    case = accepted_claim(holding, actor=(actor := staff()), reason="emergency_no_card")
    case = decide_bill(case, bills_of(case)[0], actor, "accepted")
    case = act(case, "set_filing", actor, data={"settled_as": "TMP-EMG"}, note="有急诊病历")
    case = act(case, "pass_first", actor)
    case = act(case, "pass_second", staff("second"))
    act(case, "approve", staff("supervisor"))
    late = payable_claim(holding, [bill("100.00")])
    assert last(late).input["filing"] == "TMP-EMG" and claim_of(late).payable_fen > 0


def test_a_manual_adjustment_takes_two_and_leaves_the_computed_figure():
    case = approval_claim()
    maker, second = staff("approval"), staff("supervisor")
    case = act(case, "propose_adjustment", maker, data={"amount": -10_000}, note="多收一天")
    with pytest.raises(NotAllowed, match="第二人"):
        act(case, "approve", second)
    row = Adjustment.objects.get()
    with pytest.raises(NotAllowed, match="提出人以外"):
        act(case, "confirm_adjustment", maker, data={"adjustment": row.pk})
    case = act(case, "confirm_adjustment", second, data={"adjustment": row.pk})
    case = act(case, "approve", second)
    assert claim_of(case).payable_fen == last(case).paid_fen - 10_000
    row.refresh_from_db()
    assert row.settlement == last(case)


def test_rows_of_money_are_never_changed_or_removed():
    payable_claim()
    for row in (Settlement.objects.get(), LedgerEntry.objects.get()):
        with pytest.raises(AppendOnlyError):
            row.save()
        with pytest.raises(AppendOnlyError):
            row.delete()
        with pytest.raises(AppendOnlyError):
            type(row).objects.update(at=row.at)
        with pytest.raises(AppendOnlyError):
            type(row).objects.all().delete()
