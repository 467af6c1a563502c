"""`settle`: one JSON stay a line on stdin, one JSON settlement a line on stdout."""

import os
import sys

from django.core.management.base import BaseCommand

from reimbursements.settlement import PolicyError, explain, find_policy, settle_line
from reimbursements.settlement.errors import StayError
from reimbursements.settlement.jsonio import dump

USAGE = "用法：manage.py settle --policy 文件或“统筹区代码:险种” [--explain] < 就医记录"


class Command(BaseCommand):
    help = "按一份政策结算：标准输入每行一个 JSON 就医记录，标准输出每行一个 JSON 结果。"
    requires_system_checks: list = []

    def add_arguments(self, parser):
        parser.error = lambda message: self._stop(USAGE)
        parser.add_argument(
            "--policy",
            help="政策文件的路径，或“统筹区代码:险种”，例如 430100:310",
        )
        parser.add_argument(
            "--explain", action="store_true", help="改为打印给人看的表格，逐行说明怎样算出"
        )

    def handle(self, *args, policy=None, **options):
        if not policy:
            self._stop(f"没有指明政策。{USAGE}，例如 --policy 430100:310")
        try:
            found = find_policy(policy)
        except PolicyError as error:
            self._stop(str(error))
        if sys.stdout is self.stdout._out and hasattr(sys.stdout, "reconfigure"):
            sys.stdout.reconfigure(encoding="utf-8", newline="\n")
        try:
            bad = self._settle_all(found, options["explain"])
            self.stdout.flush()
        except BrokenPipeError:
            # Whoever read the output has gone; there is nobody left to tell.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(1)
        if bad:
            sys.exit(1)

    def _settle_all(self, policy, explained):
        lines = enumerate(getattr(sys.stdin, "buffer", sys.stdin), 1)
        return sum(not self._one(policy, number, line, explained) for number, line in lines)

    def _one(self, policy, number, line, explained):
        try:
            text = _text(line, number)
        except StayError as error:
            result, settled = dump({"error": str(error)}), None
        else:
            result, settled = settle_line(policy, text)
        if explained:
            body = explain(settled) if settled else f"不能结算：{result}"
            result = f"第 {number} 行\n{body}\n"
        self.stdout.write(result)
        return settled is not None

    def _stop(self, message):
        self.stderr.write(message)
        sys.exit(1)


def _text(line, number):
    if isinstance(line, str):
        return line
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError:
        raise StayError("line", "这一行不是 UTF-8 编码") from None
    return text.removeprefix("\ufeff") if number == 1 else text
