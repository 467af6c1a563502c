"""Loads divisions, pooling areas, diseases and agencies; doing it again changes nothing."""

from django.core.management.base import BaseCommand
from django.db import transaction

from facilities import reference

STEPS = (
    ("统筹区", reference.load_pooling_areas),
    ("行政区划", reference.load_divisions),
    ("门诊慢特病病种", reference.load_diseases),
    ("经办机构", reference.load_agencies),
)


class Command(BaseCommand):
    help = "装载基础数据：区划、统筹区、病种、经办机构。可以重复执行。"

    def handle(self, *args, **options):
        with transaction.atomic():
            for number, (name, load) in enumerate(STEPS, start=1):
                self.stdout.write(f"({number}/{len(STEPS)}) {name}：{load()}")
        self.stdout.write("基础数据已装载。")
