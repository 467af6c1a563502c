"""manage.py load_reasons: the reasons that ship with the program into the database."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from casework.reasons import ReasonsRefused, load_reasons
from casework.yamlfile import read_yaml
from filings.kind import FILING

SHIPPED = Path(__file__).resolve().parents[2] / "data" / "reasons.yaml"


class Command(BaseCommand):
    help = "载入经办理由（补正、不予备案、撤销等）;已有的一律不改，重复运行不会重复载入。"

    def handle(self, *args, **options):
        values, _ = read_yaml(SHIPPED)
        try:
            loaded = load_reasons(FILING, values)
        except ReasonsRefused as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"新增 {loaded.added} 条，保留 {loaded.kept} 条。")
