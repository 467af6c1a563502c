"""manage.py load_policies: the shipped settlement policies into the database."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from reimbursements.policy_files import versions_of
from reimbursements.policy_publishing import PublishRefused, load_versions
from reimbursements.settlement import CaseTableError, PolicyError
from reimbursements.settlement.library import POLICIES

USAGE = "用法：manage.py load_policies [--policies 政策文件夹]"


class Command(BaseCommand):
    help = "把结算政策载入数据库；先运行旁边的例子，重复运行不会重复载入。"

    def add_arguments(self, parser):
        parser.error = self._refuse
        parser.add_argument("--policies", type=Path, default=POLICIES, help="政策文件夹")

    def _refuse(self, message):
        raise CommandError(USAGE)

    def handle(self, *args, policies: Path, **options):
        # Only the folder itself: the published examples below it belong to no area.
        files = sorted(policies.glob("*.yaml"))
        if not files:
            raise CommandError(f"{policies} 里没有政策文件（*.yaml）。")
        try:
            report = load_versions([version for file in files for version in versions_of(file)])
        except (PolicyError, CaseTableError, PublishRefused) as error:
            raise CommandError(str(error)) from None
        for kept in report.kept:
            self.stdout.write(f"保留后台发布的版本，未载入：{kept}")
        self.stdout.write(f"新增 {report.added} 份，未变 {report.unchanged} 份。")
