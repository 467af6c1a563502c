"""The clocks of claims: run twice they do their work once, and change no settlement."""

from datetime import timedelta

import pytest
from django.utils import timezone

from casework.models import Case, CaseEvent, JobRun, Notice
from config.beat import SCHEDULE
from filings.jobs import drafts as filing_drafts
from reimbursements import proposals, tasks
from reimbursements.jobs import recompute
from reimbursements.models import Bill, Claim, LedgerEntry, PaymentBatch, Settlement
from reimbursements.policy_publishing import create_draft, publish_policy, send_to_review
from reimbursements.settlement.library import POLICIES
from tests.factories import HOHHOT, LINCANG, clerk
from tests.reimbursements.claims.factories import (
    accepted_claim,
    act,
    bill,
    corrected_claim,
    draft_claim,
    paid_claim,
    payable_claim,
    queued_claim,
    staff,
)
from tests.reimbursements.payments.desk import cashier, made, released

pytestmark = pytest.mark.django_db
TEXT = (POLICIES / "530900-390.yaml").read_text(encoding="utf-8")
CASES = (POLICIES / "530900-390.cases.csv").read_text(encoding="utf-8")


@pytest.fixture(autouse=True)
def now(monday):
    return monday


def told(case, template: str) -> int:
    return Notice.objects.filter(case=case, template=template, channel="in_site").count()


def after(now, days: int, hour: int = 9) -> None:
    """Move to the morning so many days later."""
    now.move_to(timezone.localtime().replace(hour=hour) + timedelta(days=days))


# --- those that every kind has --------------------------------------------------------


def test_a_correction_is_reminded_of_and_then_ends(now):
    case = corrected_claim()
    due = case.correction_due
    now.move_to(f"{due - timedelta(days=3)}T09:00:00+08:00")
    for _ in range(2):
        tasks.close_corrections()
    assert told(case, "claim_correction_reminder") == 1
    now.move_to(f"{due + timedelta(days=1)}T09:00:00+08:00")
    for _ in range(2):
        tasks.close_corrections()
    case.refresh_from_db()
    assert case.status == "lapsed"
    assert CaseEvent.objects.filter(case=case, code="lapsed").count() == 1
    assert not Bill.objects.filter(claim_id=case.pk, alive=True).exists()


def test_a_late_claim_is_told_to_the_supervisor_once(now):
    head = clerk("supervisor", LINCANG)
    case = queued_claim()
    now.move_to(case.due_at + timedelta(hours=1))
    for _ in range(2):
        tasks.escalate_overdue()
    assert Notice.objects.filter(recipient=head, template="staff_claim_overdue").count() == 1
    assert Claim.objects.get(pk=case.pk).escalated_at


def test_a_claim_that_was_approved_is_late_no_more(now):
    case = payable_claim()
    now.move_to(case.due_at + timedelta(days=9))
    tasks.escalate_overdue()
    assert Claim.objects.get(pk=case.pk).escalated_at is None


def test_a_draft_nobody_goes_on_with_is_told_and_deleted_later(now):
    case = draft_claim()
    after(now, 31)
    tasks.clean_drafts()
    assert told(case, "claim_draft_old") == 1
    after(now, 31)
    tasks.clean_drafts()
    assert not Case.objects.filter(pk=case.pk).exists()


def test_the_clocks_of_filings_leave_claims_alone(now):
    from_filings = {"filings.corrections", "filings.drafts", "filings.escalation"}
    case = draft_claim()
    after(now, 70)
    filing_drafts.clean_drafts()
    assert Case.objects.filter(pk=case.pk).exists()
    assert set(JobRun.objects.values_list("name", flat=True)) <= from_filings


# --- paper originals ------------------------------------------------------------------


def test_paper_that_does_not_come_is_reminded_of_at_each_stage_once(now):
    case = accepted_claim(bills=[bill(form="paper"), bill(form="paper"), bill()])
    after(now, 6)
    tasks.remind_papers()
    assert told(case, "claim_papers_reminder") == 0
    for days in (1, 1, 14, 30):
        after(now, days)
        tasks.remind_papers()
        tasks.remind_papers()
    assert told(case, "claim_papers_reminder") == 2
    text = Notice.objects.filter(template="claim_papers_reminder").first().text
    assert "还有2张纸质票据的原件" in text


def test_paper_that_came_is_not_asked_for(now):
    case = accepted_claim(bills=[bill(form="paper")])
    pk = Bill.objects.get(claim_id=case.pk).pk
    case = act(case, "note_paper", staff(), data={"bill": pk, "state": "received"})
    after(now, 8)
    tasks.remind_papers()
    assert told(case, "claim_papers_reminder") == 0


def test_paper_of_a_bill_cut_whole_is_not_asked_for(now):
    case = accepted_claim(bills=[bill(form="paper")])
    row = Bill.objects.get(claim_id=case.pk)
    Bill.objects.filter(pk=row.pk).update(decision="cut", cut_fen=row.total_fen)
    after(now, 8)
    tasks.remind_papers()
    assert told(case, "claim_papers_reminder") == 0


# --- payment --------------------------------------------------------------------------


def test_a_list_without_an_answer_is_told_to_finance_and_then_to_the_supervisor(now):
    desk, head = cashier(), clerk("supervisor", LINCANG)
    cashier(HOHHOT)
    batch = released()
    after(now, 2)
    tasks.follow_payments()
    assert not Notice.objects.filter(template="staff_payment_no_answer").exists()
    after(now, 2)
    for _ in range(2):
        tasks.follow_payments()
    rows = Notice.objects.filter(template="staff_payment_no_answer")
    assert rows.filter(recipient=desk).count() == 1
    assert not rows.filter(recipient=head).exists()
    after(now, 4)
    tasks.follow_payments()
    assert rows.filter(recipient=desk).count() == 2
    assert rows.filter(recipient=head).count() == 1
    assert batch.number in rows.first().text
    areas = set(rows.values_list("recipient__staff_profile__area", flat=True))
    assert areas == {LINCANG}


def test_a_list_that_waits_for_its_release_is_not_chased(now):
    made()
    after(now, 30)
    tasks.follow_payments()
    assert not Notice.objects.filter(template="staff_payment_no_answer").exists()


def test_a_list_whose_claims_were_settled_one_by_one_is_closed(now):
    case = payable_claim()
    batch = released([case])
    case.refresh_from_db()
    act(case, "pay", staff("finance"))  # without the file of the bank
    assert PaymentBatch.objects.get(pk=batch.pk).state == "released"
    tasks.follow_payments()
    assert PaymentBatch.objects.get(pk=batch.pk).state == "answered"


# --- a policy published afterwards ------------------------------------------------------


def publish(text: str, cases: str = ""):
    """A policy of 临沧 published by two people; the examples are those of the shipped one
    that still hold."""
    draft = create_draft(text, clerk("supervisor", LINCANG), cases=cases or some_cases())
    return publish_policy(send_to_review(draft, draft.created_by), clerk("supervisor", LINCANG))


def some_cases() -> str:
    """The head and the first example in a hospital whose deductible stays the same."""
    head, *rows = CASES.strip().splitlines()
    return "\n".join([head, next(row for row in rows if "三级" not in row)]) + "\n"


def cheaper() -> str:
    """500 instead of 1000 taken off in a 三级 hospital."""
    return TEXT.replace("amount: 1000.00", "amount: 500.00").replace("示例一", "示例二")


def findings(case) -> list[dict]:
    found = Claim.objects.get(pk=case.pk).findings
    return [each for each in found if each["code"] == proposals.CODE]


def test_a_policy_published_later_proposes_and_changes_nothing(now):
    case = paid_claim()
    head = clerk("supervisor", LINCANG)
    before = list(Settlement.objects.values()), list(LedgerEntry.objects.values())
    after(now, 1)
    publish(cheaper())
    tasks.propose_recomputed()
    (found,) = findings(case)
    # 500 less taken off, at 40 %: 200 more of the basic fund; 大病 pays 60 % of 200 less.
    assert "相差 80.00 元" in found["text"] and "示例二" in found["text"]
    assert (list(Settlement.objects.values()), list(LedgerEntry.objects.values())) == before
    case.refresh_from_db()
    assert case.status == "paid"
    text = Notice.objects.get(recipient=head, template="staff_policy_effect").text
    assert "1 件" in text and "没有改动" in text


def test_run_again_it_says_so_once(now):
    case = paid_claim()
    head = clerk("supervisor", LINCANG)
    after(now, 1)
    publish(cheaper())
    for _ in range(3):
        tasks.propose_recomputed()
    assert len(findings(case)) == 1
    assert Notice.objects.filter(recipient=head, template="staff_policy_effect").count() == 1


def test_a_policy_for_later_days_leaves_settled_stays_alone(now):
    case = paid_claim()
    later = cheaper().replace("valid_from: 2024-01-01", "valid_from: 2027-01-01")
    publish(later, some_cases().replace("2025-", "2027-"))
    tasks.propose_recomputed()
    assert findings(case) == []
    assert not Notice.objects.filter(template="staff_policy_effect").exists()


def test_a_policy_that_pays_the_same_leaves_no_word(now):
    case = paid_claim()
    publish(TEXT.replace("示例一", "示例二"))
    tasks.propose_recomputed()
    assert findings(case) == []


def test_a_policy_of_before_the_last_run_is_not_looked_at_again(now, monkeypatch):
    paid_claim()
    publish(cheaper())
    tasks.propose_recomputed()
    after(now, 1)
    tasks.propose_recomputed()
    after(now, 1)
    looked = []
    monkeypatch.setattr(recompute, "_look", lambda *args: looked.append(args))
    tasks.propose_recomputed()
    assert looked == []


def test_every_clock_of_claims_is_wound():
    names = {entry["task"] for entry in SCHEDULE.values()}
    mine = {
        f"reimbursements.tasks.{name}"
        for name in (
            "close_corrections",
            "escalate_overdue",
            "clean_drafts",
            "remind_papers",
            "follow_payments",
            "propose_recomputed",
        )
    }
    assert mine <= names
    assert all(hasattr(tasks, name.rpartition(".")[2]) for name in mine)
