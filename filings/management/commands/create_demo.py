"""Demonstration data, made once: residents, staff of every role, some sixty cases."""

from datetime import timedelta

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from casework import stats
from casework.demo.people import make_resident, make_staff
from casework.models import Case
from filings.demo.story import Stage, scenes
from residents.models import User

# The resident whose phone is printed: proven, and without any case yet.
VISITOR = 100


class Command(BaseCommand):
    """Refuses where DEMONSTRATION is off, which production settings enforce."""

    help = "生成演示数据（只在演示环境使用，可重复运行）"

    def handle(self, *args, **options):
        if not settings.DEMONSTRATION:
            raise CommandError("这不是演示环境，不能生成演示数据。")
        make_staff()
        call_command("load_demo_institutions", stdout=self.stdout)
        make_resident(VISITOR, "530902", "310")
        make_resident(VISITOR + 1, "150102", "390")
        if Case.objects.exists():
            self.stdout.write("演示办件已存在，未重复生成。")
            return
        now = timezone.now()
        stage = Stage(now)
        for scene in scenes(now):
            stage.play(scene)
        for days in range(35, -1, -1):
            stats.roll_up(timezone.localdate(now) - timedelta(days=days), now)
        self.stdout.write(f"演示办件 {Case.objects.count()} 件，工作人员 {self._staff()} 名。")

    @staticmethod
    def _staff() -> int:
        return User.objects.filter(is_staff=True).count()
