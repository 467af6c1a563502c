"""The clocks of registrations. Those that every kind of case has are `casework.clocks`, told
the kind; each is idempotent and takes `now` so that a test can move it."""

from casework.clocks.corrections import Corrections, close_corrections
from casework.clocks.drafts import Drafts, clean_drafts
from casework.clocks.escalation import Escalation, escalate_overdue
from registrations.jobs.ending import expire_due, remind

CORRECTIONS = Corrections(
    "registrations.corrections", "registration", "registration_correction_reminder"
)
DRAFTS = Drafts("registrations.drafts", "registration", "registration_draft_old")
ESCALATION = Escalation("registrations.escalation", "registration", ("in_review",))
# Name of a job -> what it does, as the morning summary says it.
WORDS = {
    "registrations.expiry": "认定到期",
    "registrations.corrections": "认定补正提醒",
    "registrations.reminders": "认定提醒",
    "registrations.escalation": "认定超时督办",
    "registrations.drafts": "认定草稿清理",
}

__all__ = [
    "CORRECTIONS",
    "DRAFTS",
    "ESCALATION",
    "WORDS",
    "clean_drafts",
    "close_corrections",
    "escalate_overdue",
    "expire_due",
    "remind",
]
