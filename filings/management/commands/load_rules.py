"""manage.py load_rules: the shipped rules and texts into the database."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from filings.decision.errors import RulebookError
from filings.decision.rulebook import SHIPPED, load
from filings.rules_store import load_rulebook


class Command(BaseCommand):
    help = "把备案规则和告知书、承诺书的文本载入数据库；重复运行不会重复载入。"

    def add_arguments(self, parser):
        parser.add_argument("--rules", type=Path, default=SHIPPED, help="规则文件夹")

    def handle(self, *args, rules: Path, **options):
        try:
            report = load_rulebook(load(rules))
        except RulebookError as error:
            raise CommandError(str(error)) from None
        for kept in report.kept:
            self.stdout.write(f"保留后台发布的版本，未载入: {kept}")
        self.stdout.write(f"新增 {report.added} 条，未变 {report.unchanged} 条。")
