"""The bills of a draft: changed one at a time under the lock of the revision, so that two
windows never lose each other's bills."""

import secrets
from collections.abc import Callable

from django.db import transaction

from casework.drafts import answers_of, locked_revision
from casework.errors import NotAllowed
from casework.files import attach, remove
from casework.models import Attachment, Case
from casework.uploads import E_BILLS
from reimbursements import service
from reimbursements.answers import MAX_BILLS, Answers, BillAnswer
from reimbursements.fields import BILL

# Photographs of all bills together; several bills have a page or two each.
MAX_FILES = 50


def bill_of(answers: Answers, key: str) -> BillAnswer | None:
    """The bill with this key, or None."""
    return next((bill for bill in answers.all_bills if bill.key == key), None)


def add_bill(case: Case, values: dict) -> str:
    """Add a bill with these fields (as stored); its key. Raises NotAllowed."""
    key = secrets.token_hex(6)

    def added(bills: list[dict]) -> list[dict]:
        if len(bills) >= MAX_BILLS:
            raise NotAllowed(f"一件申请最多 {MAX_BILLS} 张票据，其余的请另外申请。")
        return [*bills, {"key": key, **values}]

    _change(case, added)
    return key


def change_bill(case: Case, key: str, values: dict) -> None:
    """Put these fields into a bill; one that is gone meanwhile is not made again."""
    _change(case, lambda bills: [{**b, **values} if b["key"] == key else b for b in bills])


def remove_bill(case: Case, bill: BillAnswer) -> None:
    """Take a bill out, with the files that no other bill shows."""
    answers = _change(case, lambda bills: [b for b in bills if b["key"] != bill.key])
    others = {file_id for other in answers.all_bills for file_id in other.files}
    gone = set(bill.files) - others
    for file in Attachment.objects.filter(case=case, pk__in=gone, removed_in=None):
        file.case = case
        remove(file)


def attach_bill(case: Case, upload, user) -> Attachment:
    """Store one photograph or original of a bill; what arrived is kept byte for byte.

    Raises UploadRefused and NotAllowed.
    """
    return attach(case, BILL, upload, user, keep_original=True, allow=E_BILLS, most=MAX_FILES)


def add_files(case: Case, key: str, files: list[Attachment], values: dict | None = None) -> None:
    """Hang files on a bill, and fill those of `values` that are still empty."""
    ids = [file.pk for file in files]

    def filled(bill: dict) -> dict:
        fresh = {name: text for name, text in (values or {}).items() if not bill.get(name)}
        return {**bill, **fresh, "files": [*bill.get("files", []), *ids]}

    _change(case, lambda bills: [filled(b) if b["key"] == key else b for b in bills])


def drop_file(case: Case, key: str, file: Attachment) -> None:
    """Take one file off a bill and out of the draft."""

    def without(bill: dict) -> dict:
        return {**bill, "files": [pk for pk in bill.get("files", []) if pk != file.pk]}

    _change(case, lambda bills: [without(b) if b["key"] == key else b for b in bills])
    remove(file)


def _change(case: Case, change: Callable[[list[dict]], list[dict]]) -> Answers:
    with transaction.atomic():
        revision = locked_revision(case)
        if revision is None:
            raise NotAllowed("这件申请已经提交，不能再修改票据。")
        bills = answers_of(revision).get("bills") or []
        return service.save(case, {"bills": change(list(bills))})
