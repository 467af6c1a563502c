"""manage.py verify_events: walk every chain of events, and compare with the digests."""

from django.core.management.base import BaseCommand, CommandError

from casework.digests import compare
from casework.events import verify_all
from casework.models import Case


class Command(BaseCommand):
    help = "核对全部办件的事件链，并与数据库以外的每日摘要比对。"

    def handle(self, *args, **options):
        broken = 0
        for name, wrong in (*verify_all(Case.objects.all()), *compare()):
            broken += 1
            self.stdout.write(f"{name}: {wrong}")
        if broken:
            raise CommandError(f"发现 {broken} 处不符，请立即联系系统管理员并保存现场。")
        self.stdout.write(f"事件链完好，共 {Case.objects.exclude(event_count=0).count()} 件。")
