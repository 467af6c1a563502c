"""What the machine read on a file of a bill."""

from django.db import models

from residents.crypto import EncryptedTextField


class BillScan(models.Model):
    """The codes and originals read on one uploaded file: read once, only ever a hint.

    `found_json` is a list of `reimbursements.bills.found.Found` as plain values; encrypted,
    since it may name the payer.
    """

    attachment = models.OneToOneField(
        "casework.Attachment", models.CASCADE, primary_key=True, related_name="bill_scan"
    )
    found_json = EncryptedTextField(default="[]")
    # Why nothing was read, for the person who uploaded it; "" when something was.
    problem = models.CharField(max_length=200, blank=True)
    read_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"#{self.attachment_id}"
