"""The desk in the Django admin: the queue, the case page, and what the desk keeps."""

from casework.admin import tables
from casework.admin.case_admin import CaseAdmin
from casework.admin.notice_admin import NoticeAdmin

__all__ = ["CaseAdmin", "NoticeAdmin", "tables"]
