"""`check_policies`: every policy file is read strictly and its golden tables are run."""

import sys
from pathlib import Path

from django.core.management.base import BaseCommand

from reimbursements.settlement import CaseTableError, PolicyError, load_policy, policy_files
from reimbursements.settlement.audit import warnings
from reimbursements.settlement.cases import case_files, run_cases
from reimbursements.settlement.library import POLICIES

USAGE = "用法：manage.py check_policies [政策文件或目录 …]"


class Command(BaseCommand):
    help = "检查每一份结算政策，并运行它旁边的例子（CSV 或 XLSX）。"
    requires_system_checks: list = []

    def add_arguments(self, parser):
        parser.error = lambda message: self._stop(USAGE)
        parser.add_argument(
            "paths", nargs="*", help="要检查的政策文件或目录；不写就检查随系统提供的全部政策"
        )

    def handle(self, *args, paths=(), **options):
        files = [file for path in paths or [POLICIES] for file in self._files(Path(path))]
        seen: dict[tuple, Path] = {}
        bad = sum(not self._check(file, seen) for file in files)
        word = f"，其中 {bad} 份有问题" if bad else "，全部通过"
        self.stdout.write(f"共检查 {len(files)} 份政策{word}。")
        if bad or not files:
            sys.exit(1)

    def _stop(self, message):
        self.stderr.write(message)
        sys.exit(1)

    def _files(self, path):
        return policy_files(path) if path.is_dir() else [path]

    def _check(self, file, seen):
        try:
            policy = load_policy(file)
            tables = [(table, run_cases(policy, table)) for table in case_files(file)]
        except (PolicyError, CaseTableError) as error:
            self.stdout.write(f"✗ {error}")
            return False
        twin = seen.setdefault((policy.place, policy.insurance), file)
        if twin is not file:
            self.stdout.write(f"✗ {file}：与 {twin} 是同一个统筹区和险种，应合为一个文件")
            return False
        count = sum(len(results) for _, results in tables)
        self.stdout.write(
            f"✓ {file.name}：{policy.place_name} {policy.insurance}，"
            f"{len(policy.versions)} 个版本，{count} 个例子"
        )
        for warning in warnings(policy):
            self.stdout.write(f"  ! 注意：{warning}")
        return self._report(tables)

    def _report(self, tables):
        passed = True
        for table, results in tables:
            for result in results:
                for problem in result.problems:
                    passed = False
                    self.stdout.write(
                        f"  ✗ {table.name} 第 {result.row} 行 {result.name}：{problem}"
                    )
        return passed
