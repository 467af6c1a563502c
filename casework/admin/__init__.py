"""The desk in the Django admin: the queue, the case page, and what the desk keeps."""

from casework.admin import tables
from casework.admin.case_admin import CaseAdmin

__all__ = ["CaseAdmin", "tables"]
