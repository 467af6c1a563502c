"""The tables of filings: the filing itself, its rules, the texts people read and sign."""

from filings.models.filing import Filing
from filings.models.rules import FilingRule, PublishedRuleError
from filings.models.texts import NoticeText, PromiseText, PublishedTextError

__all__ = [
    "Filing",
    "FilingRule",
    "NoticeText",
    "PromiseText",
    "PublishedRuleError",
    "PublishedTextError",
]
