"""Demonstration registrations, made once, after the staff of `create_demo`."""

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from casework.models import Case
from registrations.demo.story import Stage, scenes
from registrations.service import KIND


class Command(BaseCommand):
    """Refuses where DEMONSTRATION is off, which production settings enforce."""

    help = "生成门诊慢特病认定的演示数据（只在演示环境使用，可重复运行）"

    def handle(self, *args, **options):
        if not settings.DEMONSTRATION:
            raise CommandError("这不是演示环境，不能生成演示数据。")
        stage = Stage(timezone.now())
        if not stage.clerks:
            raise CommandError("请先运行 create_demo，生成演示用的工作人员。")
        if Case.objects.filter(kind=KIND).exists():
            self.stdout.write("演示认定已存在，未重复生成。")
            return
        call_command("load_registration_reasons", verbosity=0)
        for scene in scenes():
            stage.play(scene)
        self.stdout.write(f"演示认定 {Case.objects.filter(kind=KIND).count()} 件。")
