"""The clocks: expiry, reminders, corrections, drafts, cases past their due time."""

import pytest

from casework.models import Case, Notice
from config.beat import SCHEDULE
from registrations import tasks
from tests.factories import HOHHOT, XINCHENG, clerk, proven_holding
from tests.registrations.factories import (
    HEPATITIS,
    approved_registration,
    corrected_registration,
    draft_registration,
    queued_registration,
)

pytestmark = pytest.mark.django_db


def sent(template: str) -> int:
    return Notice.objects.filter(template=template, channel="in_site").count()


def at(day: str) -> str:
    return f"{day}T09:30:00+08:00"


def test_the_end_is_reminded_of_three_times_each_once_and_then_written(monday):
    case = approved_registration(proven_holding(XINCHENG), HEPATITIS)
    forever = approved_registration(insured_area="530902")
    for day in ("2027-10-23", "2027-10-24", "2027-10-24", "2027-11-16", "2027-11-22"):
        monday.move_to(at(day))
        tasks.remind()
    assert sent("registration_ends_soon") == 3
    monday.move_to(at("2027-11-23"))
    tasks.expire_due()
    assert Case.objects.get(pk=case.pk).status == "approved"  # the last day is inclusive
    monday.move_to(at("2027-11-24"))
    tasks.expire_due()
    tasks.expire_due()
    assert Case.objects.get(pk=case.pk).status == "expired"
    assert sent("registration_expired") == 1
    assert Case.objects.get(pk=forever.pk).status == "approved"


def test_a_correction_is_reminded_of_and_lapses(monday):
    case = corrected_registration(due_days=10)
    monday.move_to(at("2026-12-02"))
    tasks.close_corrections()
    assert sent("registration_correction_reminder") == 1
    monday.move_to(at("2026-12-08"))
    tasks.close_corrections()
    assert Case.objects.get(pk=case.pk).status == "lapsed"


def test_a_late_case_is_told_to_the_supervisor_once(monday):
    head = clerk("supervisor", HOHHOT)
    queued_registration()
    monday.move_to(at("2027-01-11"))
    tasks.escalate_overdue()
    tasks.escalate_overdue()
    assert Notice.objects.filter(recipient=head, template="staff_overdue").count() == 1


def test_an_old_draft_is_told_of_and_deleted(monday):
    draft_registration()
    monday.move_to(at("2026-12-24"))
    tasks.clean_drafts()
    assert sent("registration_draft_old") == 1
    monday.move_to(at("2027-01-24"))
    tasks.clean_drafts()
    assert not Case.objects.exists()


def test_beat_starts_every_clock():
    started = {entry["task"] for entry in SCHEDULE.values()}
    ours = {task.name for task in vars(tasks).values() if hasattr(task, "delay")}
    ours -= {"celery.shared_task"}
    assert {name for name in ours if name.startswith("registrations.tasks.")} <= started
