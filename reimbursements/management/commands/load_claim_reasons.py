"""manage.py load_claim_reasons: the reasons of claims that ship with the program."""

from pathlib import Path

import yaml
from django.core.management.base import BaseCommand, CommandError

from casework.reasons import ReasonsRefused, load_reasons
from reimbursements.kind import CLAIM

SHIPPED = Path(__file__).resolve().parents[2] / "data" / "reasons.yaml"


class Command(BaseCommand):
    help = (
        "载入手工报销的经办理由（补正、核减、不予报销等）；已有的一律不改，重复运行不会重复载入。"
    )

    def handle(self, *args, **options):
        values = yaml.safe_load(SHIPPED.read_text(encoding="utf-8"))
        try:
            loaded = load_reasons(CLAIM, values)
        except ReasonsRefused as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"新增 {loaded.added} 条，保留 {loaded.kept} 条。")
