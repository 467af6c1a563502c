"""Loads the made-up institutions, in a demonstration only."""

import sys

from django.conf import settings
from django.core.management.base import BaseCommand

from facilities.demo.institutions import load_demo_institutions


class Command(BaseCommand):
    help = "装载示例机构（仅限演示系统）。可以重复执行。"

    def handle(self, *args, **options):
        if not settings.DEMONSTRATION:
            self.stderr.write(
                "这不是演示系统，不装载示例机构。请用 import_institutions 导入真实数据。"
            )
            sys.exit(1)
        counts = load_demo_institutions()
        self.stdout.write("示例机构：" + "，".join(f"{n}{k}" for n, k in counts.items()))
