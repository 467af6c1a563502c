"""Rules and texts of filings at the desk; who keeps those of a place is in `keeping`."""

from filings.admin.keeping import own_city
from filings.admin.rules import FilingRuleAdmin
from filings.admin.texts import NoticeTextAdmin, PromiseTextAdmin

__all__ = ["FilingRuleAdmin", "NoticeTextAdmin", "PromiseTextAdmin", "own_city"]
