"""The figures: whatever happens to claims, they agree with the settlements to the fen."""

from collections import Counter
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from casework.actors import Actor
from casework.clock import local_day
from casework.models import JobLock, JobRun
from reimbursements.models import ClaimStat, LedgerEntry, Settlement
from reimbursements.reports import measures, roll_up
from reimbursements.reports.booked import Bills, replay
from reimbursements.reports.job import changed_days, roll_up_claims
from reimbursements.reports.stages import entered, month_of
from reimbursements.service import decide_bill
from tests.reimbursements.claims.factories import (
    WHY,
    accepted_claim,
    act,
    bill,
    bills_of,
    insured,
    paid_claim,
    payable_claim,
    queued_claim,
    staff,
)
from tests.reimbursements.reports.making import DAY, at, bare_claim, settled

pytestmark = pytest.mark.django_db
SPANS = (ClaimStat.Span.DAY, ClaimStat.Span.MONTH)


def figure(measure: str, part: str | None = None, span: str = "day", **where) -> tuple[int, int]:
    """(count, fen) of a measure over everything that was counted."""
    rows = ClaimStat.objects.filter(span=span, measure=measure, **where)
    rows = rows if part is None else rows.filter(part=part)
    found = rows.aggregate(n=Sum("count"), f=Sum("fen"))
    return found["n"] or 0, found["f"] or 0


def count_all(now=None) -> None:
    roll_up_claims(now or timezone.now())


def count_days(*days: int) -> None:
    """Count these days after the first, and their months."""
    found = {DAY + timedelta(days=day) for day in days}
    for day in found:
        roll_up.count_day(day)
    for month in {month_of(day) for day in found}:
        roll_up.sum_month(month)


# --- any history adds up ----------------------------------------------------------------

FUNDS = ("basic", "major_illness", "assistance")
MOVES = st.lists(
    st.tuples(
        st.integers(0, 3),  # which claim; 0 and 1 share a stay
        st.integers(0, 40),  # on which day
        st.integers(0, 500_000),  # total; 0 takes the stay back
        st.lists(st.integers(0, 100_000), min_size=3, max_size=3),
        st.integers(0, 1_000),  # personal account
    ),
    max_size=12,
)


def one_move(claim, day: int, total: int, paid: list[int], account: int) -> None:
    last = claim.stay.settlements.order_by("-seq").first()
    if total == 0 and (last is None or not last.output):
        return
    funds = {name: min(fen, total // 4) for name, fen in zip(FUNDS, paid, strict=True) if fen}
    if total == 0:
        settled(last.claim, day, 0, {}, reverse=True)
    else:
        settled(claim, day, total, funds, min(account, total // 5))


@pytest.fixture
def reasons(db):
    """The maintained reasons that ship with claims."""
    call_command("load_claim_reasons", verbosity=0)


@pytest.fixture
def four_claims(db):
    first = bare_claim(1, claimed=600_000, cut=5_000)
    late = bare_claim(2, first.stay, claimed=90_000)
    others = [bare_claim(n, claimed=700_000, cut=n) for n in (3, 4)]
    return [first, late, *others]


@given(moves=MOVES)
@settings(
    max_examples=12,
    phases=[Phase.explicit, Phase.generate],
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_the_figures_of_any_history_are_the_sums_of_its_settlements(four_claims, moves):
    with transaction.atomic():
        for claim, *move in sorted(moves, key=lambda each: each[1]):
            one_move(four_claims[claim], *move)
        count_days(*(day for _, day, *_ in moves))
        standing = Settlement.objects.filter(replaced_by=None)
        sums = standing.aggregate(
            total=Sum("total_fen", default=0),
            in_scope=Sum("in_scope_fen", default=0),
            personal=Sum("personal_fen", default=0),
        )
        ledger = Counter()
        by_day = Counter()
        for entry in LedgerEntry.objects.all():
            ledger.update(entry.change)
            by_day[local_day(entry.at)] += sum(entry.change.values())
        account = sum(int(row.output.get("account", "0").replace(".", "")) for row in standing)
        stays = sum(bool(row.output) for row in standing)
        for span in SPANS:
            for name, fen in sums.items():
                assert figure(name, span=span)[1] == fen
            for fund in FUNDS:
                assert figure(measures.FUND, fund, span)[1] == ledger[fund]
            assert figure(measures.ACCOUNT, span=span)[1] == account
            assert figure(measures.STAYS, span=span)[0] == stays
        for day, fen in by_day.items():
            assert figure(measures.FUND, day=day)[1] == fen
        check_bills(four_claims)
        transaction.set_rollback(True)


def check_bills(claims) -> None:
    """Claimed and cut are those of the claims whose last settlement is none of a reversal."""
    alive = []
    for claim in claims:
        last = Settlement.objects.filter(claim=claim).order_by("pk").last()
        if last and last.kind == "settled":
            alive.append(claim.bills.get())
    assert figure(measures.CLAIMS)[0] == len(alive)
    assert figure(measures.CLAIMED)[1] == sum(row.total_fen for row in alive)
    assert figure(measures.CUT)[1] == sum(row.cut_fen for row in alive)


def test_a_late_bill_and_a_reversal_are_booked_on_their_own_days(four_claims):
    first, late, *_ = four_claims
    settled(first, 0, 600_000, {"basic": 300_000}, 1_000)
    settled(late, 5, 690_000, {"basic": 345_000, "major_illness": 10}, 1_200)
    settled(late, 40, 600_000, {"basic": 300_000}, 1_000, reverse=True)
    count_days(0, 5, 40)
    by_day = {day: DAY + timedelta(days=day) for day in (0, 5, 40)}
    paid = {at: figure(measures.FUND, "basic", day=day)[1] for at, day in by_day.items()}
    assert paid == {0: 300_000, 5: 45_000, 40: -45_000}
    assert figure(measures.ACCOUNT, day=by_day[5])[1] == 200
    assert figure(measures.FUND, "major_illness", day=by_day[40])[1] == -10
    assert figure(measures.CLAIMED, day=by_day[40])[1] == -90_000
    counts = [figure(measures.CLAIMS, day=day)[0] for day in by_day.values()]
    assert counts == [1, 1, -1] and figure(measures.STAYS)[0] == 1
    months = ClaimStat.objects.filter(span="month", measure=measures.CLAIMED)
    assert {row.day.isoformat(): row.fen for row in months} == {
        "2026-03-01": 600_000,
        "2026-04-01": 90_000,
        "2026-05-01": -90_000,
    }


def test_a_day_that_was_counted_is_counted_again_when_its_claim_is_settled_anew(
    four_claims, monday
):
    claim = four_claims[2]
    settled(claim, 0, 100, {"basic": 40})
    monday.move_to(at(1))
    count_all()
    settled(claim, 30, 0, {}, reverse=True)
    monday.move_to(at(31))
    assert {DAY, local_day(at(30))} <= changed_days(at(29), at(31))
    count_all()
    assert figure(measures.FUND) == (0, 0) and figure(measures.CLAIMS)[0] == 0


def test_counting_again_changes_nothing(four_claims):
    settled(four_claims[0], 0, 100, {"basic": 40})
    count_all(at(1))
    fields = ("span", "day", "county", "measure", "part", "count", "fen")
    first = list(ClaimStat.objects.order_by(*fields).values_list(*fields))
    for _ in range(2):
        roll_up_claims(at(2))
    assert list(ClaimStat.objects.order_by(*fields).values_list(*fields)) == first
    assert JobRun.objects.filter(name="reimbursements.reports", state="done").count() == 3


# --- what the acts lead to --------------------------------------------------------------


def test_claims_through_the_table_agree_with_their_bills_and_settlements(monday, reasons):
    actor = staff()
    case = accepted_claim(bills=[bill("20000.00"), bill("500.00"), bill("80.00")], actor=actor)
    rows = bills_of(case)
    case = decide_bill(case, rows[0], actor, "cut", reason="cut_over_price", amount=12_345)
    case = decide_bill(case, rows[1], actor, "accepted")
    case = decide_bill(case, rows[2], actor, "cut", reason="cut_repeated", amount=8_000)
    case = act(case, "pass_first", actor)
    case = act(case, "pass_second", staff("second"))
    case = act(case, "approve", staff("supervisor"))
    count_all()
    row = Settlement.objects.get()
    assert figure(measures.CLAIMED)[1] == 2_058_000
    assert figure(measures.CUT, "cut_over_price") == (1, 12_345)
    assert figure(measures.CUT, "cut_repeated") == (1, 8_000)
    # A bill that was cut whole is no part of what was settled.
    assert figure(measures.TOTAL)[1] == row.total_fen == 2_058_000 - 8_000
    assert figure(measures.FUND)[1] + figure(measures.PERSONAL)[1] == row.total_fen
    assert figure(measures.RECEIVED)[0] == figure(measures.CLAIMS)[0] == 1
    act(case, "reverse", staff("finance"), **WHY)
    count_all()
    gone = (measures.CLAIMED, measures.CUT, measures.TOTAL, measures.FUND, measures.CLAIMS)
    assert [figure(measure) for measure in gone] == [(0, 0)] * 5


def test_a_second_look_books_what_it_changed_on_its_own_day(monday, reasons):
    actor = staff()
    case = paid_claim(bills=[bill("20000.00")])
    count_all()
    monday.move_to(at(300))
    case = act(case, "appeal", owner(case), note="请再看一次")
    case = act(case, "return_to_first", staff("second"), **WHY)
    case = decide_bill(case, bills_of(case)[0], actor, "cut", reason="cut_repeated", amount=100)
    count_all()
    assert figure(measures.CUT) == (0, 0)
    case = act(case, "pass_first", actor)
    case = act(case, "pass_second", staff("second"))
    case = act(case, "approve", staff("supervisor"))
    count_all()
    assert figure(measures.CUT, day=local_day(at(300))) == (1, 100)
    assert figure(measures.CLAIMED)[1] == 2_000_000 and figure(measures.CLAIMS)[0] == 1
    paid = Settlement.objects.get(replaced_by=None).paid_fen
    assert figure(measures.FUND)[1] == paid


def owner(case):
    """The resident to whom the case belongs."""
    return Actor.resident(case.account)


def test_a_manual_adjustment_is_booked_with_its_settlement_and_taken_back_with_it(monday):
    actor = staff()
    case = accepted_claim(actor=actor)
    case = decide_bill(case, bills_of(case)[0], actor, "accepted")
    case = act(case, "propose_adjustment", actor, note="示例", data={"amount": 500})
    case = act(case, "pass_first", actor)
    second = staff("second")
    adjustment = case.claim.adjustments.get().pk
    case = act(case, "confirm_adjustment", second, data={"adjustment": adjustment})
    case = act(case, "pass_second", second)
    case = act(case, "approve", staff("supervisor"))
    count_all()
    assert figure(measures.ADJUSTED)[1] == 500
    act(case, "reverse", staff("finance"), **WHY)
    count_all()
    assert figure(measures.ADJUSTED)[1] == 0


def test_claims_that_end_without_money_are_counted_by_how(monday):
    act(queued_claim(), "not_accept", staff(), **WHY)
    case = queued_claim()
    act(case, "withdraw", owner(case))
    count_all()
    assert figure(measures.NOT_ACCEPTED)[0] == figure(measures.WITHDRAWN)[0] == 1
    assert figure(measures.RECEIVED)[0] == 2 and figure(measures.CLAIMS) == (0, 0)


def test_a_stage_takes_the_working_days_from_coming_in_to_going_on(monday):
    case = queued_claim()  # a Monday
    monday.shift(timedelta(days=7))
    case = act(case, "accept", staff())
    count_all()
    row = ClaimStat.objects.get(span="day", measure=measures.STAGE)
    assert (row.part, row.working_days, row.count, row.destination) == ("intake", 5, 1, "")


def test_time_for_a_correction_and_claims_taken_back_are_no_time_of_a_stage(monday):
    items = [{"target": "field:diagnosis", "reason_code": "other", "text": "请写明"}]
    case = act(queued_claim(), "request_correction", staff(), data={"items": items})
    monday.shift(timedelta(days=14))
    act(case, "withdraw", owner(case))
    count_all()
    found = ClaimStat.objects.filter(span="day", measure=measures.STAGE)
    assert [(row.part, row.working_days, row.count) for row in found] == [("intake", 0, 1)]


# --- the pure parts ---------------------------------------------------------------------


def test_bills_are_as_they_were_at_each_approval():
    events = [
        ("bill_cut", "cut_repeated", {"bill": 1, "cut": 50}),
        ("bill_cut", "cut_repeated", {"bill": 2, "cut": 7}),
        ("bill_accepted", "", {"bill": 2, "cut": 0}),
        ("approved", "", {}),
        ("bill_reopened", "", {"bill": 1, "cut": 0}),
        ("bill_cut", "cut_over_price", {"bill": 9, "cut": 3}),  # taken out by a correction
        ("approved", "", {}),
    ]
    assert replay(events, {1: 100, 2: 200}) == [
        Bills(300, {"cut_repeated": (1, 50)}),
        Bills(300, {}),
    ]


def test_the_visit_that_counts_is_the_last_one_before():
    visits = [(2, "intake", 20), (4, "first_review", 40), (6, "intake", 60)]
    assert entered(visits, "intake", 5) == 20 and entered(visits, "intake", 7) == 60
    assert entered(visits, "approval", 9) is None


# --- a period counted again -------------------------------------------------------------


def test_a_period_is_counted_again_by_command(monday, four_claims, capsys):
    settled(four_claims[0], 0, 100, {"basic": 40})
    monday.move_to(at(40))
    call_command("rebuild_claim_stats", "2026-03-01", "2026-03-31")
    assert figure(measures.FUND)[1] == figure(measures.FUND, span="month")[1] == 40
    assert "31" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        ("2026-02-31", "2026-03-01", "2026-02-31"),
        ("2026-03-02", "2026-03-01", "开始日期"),
        ("2126-03-02", "2126-03-04", "今天"),
    ],
)
def test_a_period_that_is_none_is_refused_in_chinese(first, last, said):
    with pytest.raises(CommandError, match=said):
        call_command("rebuild_claim_stats", first, last)


def test_the_command_says_so_when_the_job_is_at_it():
    JobLock.objects.create(name="reimbursements.reports", holder="other", heartbeat=timezone.now())
    with pytest.raises(CommandError, match="正在运行"):
        call_command("rebuild_claim_stats", "2026-03-01", "2026-03-31")


def test_a_killed_run_leaves_whole_days(four_claims, monkeypatch):
    settled(four_claims[0], 0, 100, {"basic": 40})
    settled(four_claims[2], 3, 100, {"basic": 40})
    count_days(0, 3)
    whole = set(ClaimStat.objects.values_list("span", "day", "measure", "fen"))

    def killed(*args, **kwargs):
        raise RuntimeError("killed")

    monkeypatch.setattr(roll_up.ClaimStat.objects, "bulk_create", killed)
    with pytest.raises(RuntimeError):
        roll_up.count_day(DAY)
    assert set(ClaimStat.objects.values_list("span", "day", "measure", "fen")) == whole


def test_payable_claims_are_counted_before_they_are_paid(monday):
    payable_claim(insured())
    count_all()
    assert figure(measures.CLAIMS)[0] == 1
