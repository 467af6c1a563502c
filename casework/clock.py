"""The clock of a case: working days, stopped while the resident corrects.

Pure: takes and returns dates and instants. The day of acceptance is not counted; a
case is due at the end of its last working day (北京时间).
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from casework.calendar import Calendar

SHANGHAI = ZoneInfo("Asia/Shanghai")
END_OF_DAY = time(23, 59, 59)


@dataclass(frozen=True)
class Due:
    """When a case is due, and whether the holiday table reaches that far."""

    at: datetime
    provisional: bool


def local_day(moment: datetime) -> date:
    """The calendar day in China of an instant."""
    return moment.astimezone(SHANGHAI).date()


def due_after(received: datetime, working_days: int, calendar: Calendar) -> Due:
    """The end of the last of `working_days` working days after the day of `received`."""
    day = calendar.add_workdays(local_day(received), working_days)
    return Due(at=datetime.combine(day, END_OF_DAY, SHANGHAI), provisional=not calendar.knows(day))


def days_left(due: datetime, now: datetime, calendar: Calendar) -> int:
    """Working days from today to the due day: 0 on the day itself, negative when overdue."""
    return calendar.workdays_between(local_day(now), local_day(due))


def resume(left: int, now: datetime, calendar: Calendar) -> Due:
    """The new due time of a clock that was stopped with `left` working days.

    A case stopped on its last day or late is due on the next working day: the clerk gets
    a day to look at what came in, as the time of the correction is not counted.
    """
    return due_after(now, max(left, 1), calendar)


def light(due: datetime | None, now: datetime, calendar: Calendar) -> str:
    """The colour of a clock, or "" without one: red is overdue, yellow is due today or on
    the next working day, green is anything later.
    """
    if due is None:
        return ""
    if now > due:
        return "red"
    return "yellow" if days_left(due, now, calendar) <= 1 else "green"


def time_left_text(due: datetime | None, now: datetime, calendar: Calendar) -> str:
    """How much time is left, in words: 还有 3 小时, 还有 2 个工作日, 逾期 1 天."""
    if due is None:
        return "计时暂停"
    if now > due:
        late = max(1, (local_day(now) - local_day(due)).days)
        return f"逾期 {late} 天"
    remaining = due - now
    if remaining < timedelta(hours=1):
        return "不足 1 小时"
    if local_day(due) == local_day(now):
        return f"还有 {int(remaining.total_seconds() // 3600)} 小时"
    left = days_left(due, now, calendar)
    return f"还有 {left} 个工作日" if left else f"还有 {(local_day(due) - local_day(now)).days} 天"


def resident_deadline(start: date, days: int, calendar: Calendar) -> date:
    """A resident's own last day, `days` calendar days after `start`, moved off holidays.

    Source: 民法典 第203条 — a period whose last day is a holiday ends on the next working day.
    """
    return calendar.next_workday(start + timedelta(days=days))
