"""manage.py load_registration_reasons: the reasons of registrations that ship with the program."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from casework.reasons import ReasonsRefused, load_reasons
from casework.yamlfile import read_yaml
from registrations.kind import REGISTRATION

SHIPPED = Path(__file__).resolve().parents[2] / "reasons.yaml"


class Command(BaseCommand):
    help = (
        "载入门诊慢特病认定的经办理由（补正、不予认定、撤销）；已有的一律不改，"
        "重复运行不会重复载入。"
    )

    def handle(self, *args, **options):
        values, _ = read_yaml(SHIPPED)
        try:
            loaded = load_reasons(REGISTRATION, values)
        except ReasonsRefused as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"新增 {loaded.added} 条，保留 {loaded.kept} 条。")
