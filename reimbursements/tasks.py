"""Celery tasks of claims. Each is idempotent: run twice, it does its work once."""

from celery import shared_task

from casework.models import Attachment
from reimbursements import scanning


@shared_task
def scan_bill(attachment_id: int) -> None:
    """Read the QR code or the original of one uploaded bill; a file gone meanwhile is none."""
    attachment = Attachment.objects.filter(pk=attachment_id).first()
    if attachment is not None:
        scanning.scan(attachment)
