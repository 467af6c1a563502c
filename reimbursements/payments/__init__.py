"""Payment at the finance desk: a list for the bank, released by a second person, its answer.

Each step is one transaction. A process that is killed leaves the state before the step or
the one after it, and the step can be taken again: no claim is on two lists, a list is
released once, and an answer that was taken in already changes nothing.
"""

from reimbursements.payments.access import batches_visible_to, may_pay, may_see
from reimbursements.payments.bankfile import bank_file
from reimbursements.payments.batches import (
    Candidate,
    cancel_batch,
    candidates,
    make_batch,
    release_batch,
    was_taken,
)
from reimbursements.payments.errors import PaymentRefused
from reimbursements.payments.returns import ReturnReport, import_return

__all__ = [
    "Candidate",
    "PaymentRefused",
    "ReturnReport",
    "bank_file",
    "batches_visible_to",
    "cancel_batch",
    "candidates",
    "import_return",
    "make_batch",
    "may_pay",
    "may_see",
    "release_batch",
    "was_taken",
]
