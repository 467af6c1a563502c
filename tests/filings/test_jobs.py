"""The clocks: run twice they do their work once, killed midway they go on."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from casework import clocks
from casework.actors import Actor
from casework.jobs import STALE, Run
from casework.models import Case, CaseEvent, JobLock, JobRun, Notice
from casework.perform import perform
from filings.inquiry import in_force
from filings.jobs import corrections, drafts, escalation, expiry, promises, reminders
from filings.models import Filing
from filings.service import save
from tests.factories import (
    HOHHOT,
    clerk,
    corrected_filing,
    draft_filing,
    opened_filing,
    owing_filing,
    queued_filing,
    sign,
)

pytestmark = pytest.mark.django_db


def templates(case, channel="in_site") -> list[str]:
    return list(
        Notice.objects.filter(case=case, channel=channel)
        .order_by("pk")
        .values_list("template", flat=True)
    )


def at(moment) -> None:
    """Shanghai morning of a day."""
    return f"{moment}T09:00:00+08:00"


# --- expiry ---------------------------------------------------------------------------


def test_a_filing_expires_the_day_after_its_last_and_only_once(monday):
    case = opened_filing()

    monday.move_to(at("2027-02-23"))
    assert expiry.expire_due().done == 0
    monday.move_to(at("2027-02-24"))
    assert expiry.expire_due().done == 1
    assert expiry.expire_due().done == 0

    case.refresh_from_db()
    assert (case.status, case.filing.live) == ("expired", False)
    assert CaseEvent.objects.filter(case=case, code="expired").count() == 1
    assert templates(case)[-1] == "filing_expired"


def test_a_filing_is_over_by_its_dates_although_no_job_has_run(monday):
    filing = opened_filing().filing
    assert in_force(filing, date(2027, 2, 23))
    assert not in_force(filing, date(2027, 2, 24))


def test_a_run_that_was_killed_midway_is_finished_by_the_next(monday, monkeypatch):
    cases = [opened_filing() for _ in range(5)]
    monkeypatch.setattr(expiry, "CHUNK", 2)
    monday.move_to(at("2027-03-01"))
    perform_many, calls = expiry.perform_many, []

    def killed_in_the_second_chunk(*args, **kwargs):
        calls.append(args)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return perform_many(*args, **kwargs)

    monkeypatch.setattr(expiry, "perform_many", killed_in_the_second_chunk)
    with pytest.raises(KeyboardInterrupt):
        expiry.expire_due()
    monkeypatch.setattr(expiry, "perform_many", perform_many)
    assert Case.objects.filter(status="expired").count() == 2
    assert JobLock.objects.get(name="filings.expiry").holder, "被杀的进程还占着锁"
    assert expiry.expire_due() is None

    monday.shift(STALE + timedelta(seconds=1))
    assert expiry.expire_due().done == 3
    assert Case.objects.filter(pk__in=[case.pk for case in cases], status="expired").count() == 5
    states = JobRun.objects.filter(name="filings.expiry").order_by("pk")
    assert list(states.values_list("state", flat=True)) == ["lost", "done"]


def test_long_term_filings_never_expire(monday):
    case = opened_filing(category="LT-RES", proof="promise")
    assert (case.status, case.filing.in_force_until) == ("approved", None)
    monday.move_to(at("2036-11-23"))
    assert expiry.expire_due().done == 0


# --- reminders ------------------------------------------------------------------------


def test_reminders_go_out_30_7_and_1_days_before_and_each_once(monday):
    case = opened_filing()  # until 2027-02-23
    sent = {}
    for day in (1, 30, 61, 62, 63, 64, 84, 85, 86, 90, 91, 92, 93):
        now = date(2026, 11, 23) + timedelta(days=day)
        monday.move_to(at(now))
        reminders.remind()
        reminders.remind()
        for notice in Notice.objects.filter(
            case=case, channel="in_site", template="filing_ends_soon"
        ):
            sent.setdefault(notice.pk, (date(2027, 2, 23) - now).days)
    assert sorted(sent.values()) == [1, 7, 30]
    assert "还有30天" in Notice.objects.filter(template="filing_ends_soon").first().text


@pytest.mark.parametrize(
    "missed_from, back_on, days",
    [
        ("2027-01-24", "2027-01-26", 28),
        ("2027-02-16", "2027-02-18", 5),
        ("2027-01-20", "2027-02-20", 3),
    ],
)
def test_a_reminder_that_was_missed_is_sent_once_with_the_days_that_are_left(
    monday, missed_from, back_on, days
):
    case = opened_filing()
    for day in ("2027-01-19", "2027-01-23", "2027-01-24", "2027-01-25", "2027-02-15"):
        if day < missed_from:
            monday.move_to(at(day))
            reminders.remind()
    before = Notice.objects.filter(case=case, template="filing_ends_soon").count()
    monday.move_to(at(back_on))
    reminders.remind()
    reminders.remind()
    new = Notice.objects.filter(case=case, template="filing_ends_soon", channel="in_site")
    assert Notice.objects.filter(case=case, template="filing_ends_soon").count() - before == 2
    assert f"还有{days}天" in new.order_by("pk").last().text


def test_on_the_last_day_itself_a_missed_reminder_says_today(monday):
    case = opened_filing()
    monday.move_to(at("2027-02-23"))
    reminders.remind()
    assert templates(case)[-1] == "filing_ends_today"


def test_an_extended_filing_is_reminded_anew(monday):
    case = opened_filing()
    monday.move_to(at("2027-02-22"))
    reminders.remind()
    case = perform(case, "extend", Actor.resident(case.account))
    monday.move_to(at("2027-05-23"))
    reminders.remind()
    assert templates(case).count("filing_ends_soon") == 2


def test_a_filing_granted_less_than_thirty_days_before_its_end_is_not_reminded_at_once(monday):
    case = opened_filing()
    Filing.objects.filter(pk=case.pk).update(
        valid_to="2026-12-03", in_force_until="2026-12-03", granted_on="2026-11-23"
    )
    reminders.remind()
    assert "filing_ends_soon" not in templates(case)
    monday.move_to(at("2026-11-26"))
    reminders.remind()
    assert templates(case).count("filing_ends_soon") == 1


# --- promised papers ------------------------------------------------------------------


def test_promised_papers_are_reminded_then_announced_as_late_once(monday):
    case = owing_filing(supply_by="2027-01-15")
    for day in ("2027-01-07", "2027-01-08", "2027-01-09", "2027-01-14", "2027-01-15"):
        monday.move_to(at(day))
        promises.chase_promises()
        promises.chase_promises()
    assert templates(case).count("filing_supply_reminder") == 2
    assert templates(case).count("filing_promise_overdue") == 0

    monday.move_to(at("2027-01-16"))
    promises.chase_promises()
    promises.chase_promises()
    case.refresh_from_db()
    assert case.filing.promise_state == "overdue"
    assert templates(case).count("filing_promise_overdue") == 1
    assert case.status == "approved", "后果须由经办人员确认"
    assert case.is_open


def test_a_promise_without_a_published_day_is_not_chased(monday):
    case = owing_filing(supply_by=None)
    monday.move_to(at("2028-01-01"))
    promises.chase_promises()
    case.refresh_from_db()
    assert case.filing.promise_state == "owed"


# --- corrections ----------------------------------------------------------------------


def test_a_correction_is_reminded_and_lapses_after_its_day(monday):
    case = corrected_filing(due_days=10)  # until 2026-12-03
    for day in ("2026-11-29", "2026-11-30", "2026-12-01", "2026-12-02", "2026-12-03"):
        monday.move_to(at(day))
        corrections.close_corrections()
        corrections.close_corrections()
    case.refresh_from_db()
    assert case.status == "correction"
    assert templates(case).count("filing_correction_reminder") == 2

    monday.move_to(at("2026-12-04"))
    assert corrections.close_corrections().done == 1
    assert corrections.close_corrections().done == 0
    case.refresh_from_db()
    assert (case.status, case.is_open) == ("lapsed", False)
    assert not case.revisions.filter(closed_at=None).exists(), "终止以后不能再改"


def test_a_correction_without_a_day_waits(monday):
    case = corrected_filing(due_days=None)
    assert case.correction_due is None
    monday.move_to(at("2027-11-23"))
    corrections.close_corrections()
    case.refresh_from_db()
    assert case.status == "correction"


# --- escalation -----------------------------------------------------------------------


def test_a_late_case_is_escalated_once_to_the_supervisors_of_its_area(monday):
    head, elsewhere = clerk("supervisor", HOHHOT), clerk("supervisor", "530900")
    case = queued_filing()
    assert escalation.escalate_overdue().done == 0
    monday.move_to(at("2026-11-26"))
    assert escalation.escalate_overdue().done == 1
    assert escalation.escalate_overdue().done == 0
    assert CaseEvent.objects.filter(case=case, code="escalated").count() == 1
    told = Notice.objects.filter(template="staff_overdue")
    assert [notice.recipient_id for notice in told] == [head.pk]
    assert elsewhere.pk not in {notice.recipient_id for notice in told}


# --- drafts ---------------------------------------------------------------------------


def test_an_abandoned_draft_is_announced_and_deleted_thirty_days_later(monday):
    case = draft_filing()
    pk = case.pk
    monday.move_to(at("2026-12-22"))
    drafts.clean_drafts()
    assert templates(case) == []
    monday.move_to(at("2026-12-24"))
    drafts.clean_drafts()
    drafts.clean_drafts()
    assert templates(case) == ["filing_draft_old"]
    monday.move_to(at("2027-01-22"))
    assert drafts.clean_drafts().done == 0
    monday.move_to(at("2027-01-24"))
    assert drafts.clean_drafts().done == 1
    assert not Case.objects.filter(pk=pk).exists()


def test_a_draft_that_was_gone_on_with_is_told_of_again_before_it_is_deleted(monday):
    case = draft_filing()
    monday.move_to(at("2026-12-24"))
    drafts.clean_drafts()
    monday.move_to(at("2027-01-10"))
    save(case, {"address": "成都市"})
    monday.move_to(at("2027-01-25"))
    assert drafts.clean_drafts().done == 0
    monday.move_to(at("2027-02-12"))
    drafts.clean_drafts()
    assert templates(case) == ["filing_draft_old", "filing_draft_old"]
    assert timezone.localdate() == date(2027, 2, 12)
    monday.move_to(at("2027-03-16"))
    assert drafts.clean_drafts().done == 1


def test_a_draft_with_a_signed_promise_is_deleted_with_its_letter(monday):
    case = draft_filing(insured_area="150102", proof="promise")
    sign(case)
    monday.move_to(at("2026-12-24"))
    drafts.clean_drafts()
    monday.move_to(at("2027-01-24"))
    assert drafts.clean_drafts().done == 1


# --- killed midway --------------------------------------------------------------------


def ending_soon():
    [opened_filing() for _ in range(3)]
    return "2027-02-16", reminders.remind, "filing_ends_soon"


def owing_soon():
    [owing_filing(supply_by="2027-01-15") for _ in range(3)]
    return "2027-01-09", promises.chase_promises, "filing_supply_reminder"


def owing_late():
    [owing_filing(supply_by="2027-01-15") for _ in range(3)]
    return "2027-01-18", promises.chase_promises, "filing_promise_overdue"


def uncorrected():
    [corrected_filing(due_days=10) for _ in range(3)]
    return "2026-12-08", corrections.close_corrections, "filing_lapsed"


def undecided():
    clerk("supervisor", HOHHOT)
    [queued_filing() for _ in range(3)]
    return "2026-12-01", escalation.escalate_overdue, "staff_overdue"


@pytest.mark.parametrize("prepare", [ending_soon, owing_soon, owing_late, uncorrected, undecided])
def test_a_job_that_was_killed_after_its_first_step_does_the_rest_once(
    monday, monkeypatch, prepare
):
    day, job, template = prepare()
    for module in (reminders, promises, clocks.corrections, clocks.escalation):
        monkeypatch.setattr(module, "CHUNK", 1)
    monday.move_to(at(day))
    real, steps = Run.tick, []

    def killed(run, *args, **kwargs):
        real(run, *args, **kwargs)
        steps.append(1)
        raise KeyboardInterrupt

    monkeypatch.setattr(Run, "tick", killed)
    with pytest.raises(KeyboardInterrupt):
        job()
    monkeypatch.setattr(Run, "tick", real)
    said = Notice.objects.filter(template=template, channel="in_site")
    assert len(steps) == 1
    assert said.count() == 1

    monday.shift(STALE + timedelta(seconds=1))
    job()
    job()
    assert said.count() == 3
    assert len(set(said.values_list("case_id", flat=True))) == 3
