"""Payment at the finance desk: a list for the bank, released by a second person, its answer;
what the bank sent back, and what is to be got back.

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
from reimbursements.payments.recoveries import (
    failed_claims,
    received_fen,
    record_receipt,
    recoveries,
    recovery_of,
    retry_payment,
    strike_receipt,
    waiting,
)
from reimbursements.payments.returns import ReturnReport, import_return

__all__ = [
    "Candidate",
    "PaymentRefused",
    "ReturnReport",
    "bank_file",
    "batches_visible_to",
    "cancel_batch",
    "candidates",
    "failed_claims",
    "import_return",
    "make_batch",
    "may_pay",
    "may_see",
    "received_fen",
    "record_receipt",
    "recoveries",
    "recovery_of",
    "release_batch",
    "retry_payment",
    "strike_receipt",
    "waiting",
    "was_taken",
]
