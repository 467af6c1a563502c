"""Counts the figures of the reports anew for a period."""

from datetime import date

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from casework.clock import local_day
from reimbursements.reports.job import roll_up_claims


class Command(BaseCommand):
    """The hourly job counts what changed; this is for a day that was counted wrongly."""

    help = "重新统计一段时间的报销数据，例如 rebuild_claim_stats 2026-01-01 2026-01-31"

    def add_arguments(self, parser):
        parser.add_argument("first", help="开始日期，例如 2026-01-01")
        parser.add_argument("last", help="结束日期，例如 2026-01-31")

    def handle(self, *args, **options):
        now = timezone.now()
        first, last = _day(options["first"]), _day(options["last"])
        if last < first:
            raise CommandError("开始日期应不晚于结束日期。")
        if first > local_day(now):
            raise CommandError("开始日期应不晚于今天。")
        run = roll_up_claims(now, first, last)
        if run is None:
            raise CommandError("统计任务正在运行，请过几分钟再试。")
        days = (min(last, local_day(now)) - first).days + 1
        self.stdout.write(f"已重新统计 {first} 至 {last}（{days} 天），以及此后有变动的日期。")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise CommandError(f"“{text}”不是日期，请写成 2026-01-31 的样子。") from None
