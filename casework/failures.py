"""每日异常汇总: each morning those who look after the system are told what failed.

Jobs that failed or were lost since the last summary concern everybody; messages that could
not be delivered, and what the kinds of case add (`SOURCES`), concern the area they lie in.
Where nothing failed nobody is told anything.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db.models import Count
from django.utils import timezone

from casework.clock import local_day
from casework.jobs import Run, run_job
from casework.models import JobRun, Notice, StaffProfile
from casework.notices import register_notices, render_notice, save_notices

NAME = "casework.failures"
TEMPLATE = "staff_failures"
DAY = timedelta(days=1)
TOLD = (StaffProfile.Role.SUPERVISOR, StaffProfile.Role.SYSADMIN)
BAD = (JobRun.State.FAILED, JobRun.State.LOST)
# Name of a job -> what it does, in words; apps add their own.
JOB_WORDS = {
    "casework.sweep": "每分钟的补办",
    "casework.statistics": "每日统计",
    "casework.digest": "事件链摘要",
    "casework.tidy": "文件清理",
    "casework.sessions": "清理过期的登录",
    "casework.provisional": "暂定时限",
    NAME: "异常汇总",
}
# (sentence with {n}, function(since, now) -> {(city, county): count}); apps add their own.
Places = dict[tuple[str, str], int]
SOURCES: list[tuple[str, Callable[[datetime, datetime], Places]]] = []
register_notices({TEMPLATE: "{day}异常汇总：{lines}"})


def tell_failures(now: datetime | None = None) -> JobRun | None:
    """Tell of what failed since the last summary; None when another process is at it."""
    now = now or timezone.now()
    since = _last(now)
    return run_job(NAME, lambda run: _work(run, since, now))


def job_words(name: str) -> str:
    """What a job is called at the desk; its name where nobody has said."""
    return JOB_WORDS.get(name, name)


def failed_jobs(since: datetime) -> list[str]:
    """A sentence for each job of which a run failed or was lost since then; by its end, since
    a run may have been at work while the last summary was written."""
    rows = JobRun.objects.filter(ended_at__gt=since, state__in=BAD)
    found = rows.order_by("name").values_list("name").annotate(n=Count("id"))
    return [f"定时任务“{job_words(name)}”{n} 次没有完成" for name, n in found]


def undelivered(since: datetime, now: datetime) -> Places:
    """The messages that were given up and that nobody has passed on by hand yet."""
    rows = Notice.objects.filter(
        channel=Notice.Channel.SMS, state=Notice.State.FAILED, case__isnull=False
    )
    return counted(rows, "case__city", "case__county")


def counted(rows, city: str, county: str) -> Places:
    """How many rows lie in each place; `city` and `county` are names of columns."""
    found = rows.order_by().values_list(city, county).annotate(n=Count("pk"))
    return {(a, b): n for a, b, n in found}


SOURCES.append(("{n} 条短信没有送达，请在“回访与邮寄”里人工告知", undelivered))


def _last(now: datetime) -> datetime:
    """When the last summary that was written began; a day ago where there is none."""
    runs = JobRun.objects.filter(name=NAME, state=JobRun.State.DONE).order_by("-id")
    return runs.values_list("started_at", flat=True).first() or now - DAY


def _work(run: Run, since: datetime, now: datetime) -> None:
    jobs = failed_jobs(since)
    places = [(words, source(since, now)) for words, source in SOURCES]
    told = StaffProfile.objects.filter(role__in=TOLD, user__is_active=True).order_by("user_id")
    notices = []
    for profile in told:
        lines = [*jobs, *_of_area(profile, places)]
        if lines:
            notices.append(_notice(profile.user_id, lines, now))
    save_notices(notices)
    run.tick(done=len(notices))


def _of_area(profile: StaffProfile, places: list[tuple[str, Places]]) -> list[str]:
    at = 0 if profile.scope == StaffProfile.Scope.CITY else 1
    # 系统管理 keeps the whole system and is told of all of it.
    everywhere = profile.role == StaffProfile.Role.SYSADMIN
    found = [
        (
            words,
            sum(n for place, n in counts.items() if everywhere or place[at] == profile.area),
        )
        for words, counts in places
    ]
    return [words.format(n=n) for words, n in found if n]


def _notice(user: int, lines: list[str], now: datetime) -> Notice:
    day = local_day(now)
    context = {"day": f"{day.month}月{day.day}日", "lines": "；".join(lines) + "。"}
    return Notice(
        recipient_id=user,
        channel=Notice.Channel.IN_SITE,
        template=TEMPLATE,
        text=render_notice(TEMPLATE, context),
        dedupe_key=f"failures:{day}:u{user}",
        state=Notice.State.SENT,
        sent_at=now,
    )
