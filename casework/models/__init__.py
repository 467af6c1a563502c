"""The tables of a case's life. One module a matter."""

from casework.models.case import Case, CaseEvent, CaseNote, CorrectionItem, NumberCounter, Revision
from casework.models.counter import CounterTakeover
from casework.models.desk import DailyStat, Reason, SavedFilter, StaffProfile
from casework.models.jobs import JobLock, JobRun, Workday
from casework.models.paper import Attachment, Letter, Notice

__all__ = [
    "Attachment",
    "Case",
    "CaseEvent",
    "CaseNote",
    "CorrectionItem",
    "CounterTakeover",
    "DailyStat",
    "JobLock",
    "JobRun",
    "Letter",
    "Notice",
    "NumberCounter",
    "Reason",
    "Revision",
    "SavedFilter",
    "StaffProfile",
    "Workday",
]
