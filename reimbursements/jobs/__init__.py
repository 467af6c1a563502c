"""The clocks of claims. Those that every kind of case has are `casework.clocks`, told the kind.

Each finds what is due from what is stored, so that a run that was missed or killed is made
up for by the next, and a second run does nothing.
"""

from casework.clocks.corrections import Corrections, close_corrections
from casework.clocks.drafts import Drafts, clean_drafts
from casework.clocks.escalation import Escalation, escalate_overdue
from reimbursements.jobs.papers import remind_papers
from reimbursements.jobs.payments import follow_payments
from reimbursements.jobs.recompute import propose_recomputed

CORRECTIONS = Corrections("reimbursements.corrections", "claim", "claim_correction_reminder")
DRAFTS = Drafts("reimbursements.drafts", "claim", "claim_draft_old")
# From the approval on the promised days are over; the finance desk has its own clock.
ESCALATION = Escalation(
    "reimbursements.escalation", "claim", ("intake", "first_review", "second_review", "approval")
)

__all__ = [
    "CORRECTIONS",
    "DRAFTS",
    "ESCALATION",
    "clean_drafts",
    "close_corrections",
    "escalate_overdue",
    "follow_payments",
    "propose_recomputed",
    "remind_papers",
]
