"""The command line of every import: arguments, progress, report, exit status.

Exit status: 0 all rows loaded, 1 some rows refused or the file broke off, 2 the
file could not be read at all or the arguments were wrong.
"""

import sys
import time
from pathlib import Path

from django.core.management.base import BaseCommand
from django.db import connection

from facilities.importing import Importer, Outcome, Report
from facilities.table_template import write_template
from facilities.tabular import Column, TableError, open_table

SOME_REFUSED, UNREADABLE = 1, 2
_BAR = 30
_EVERY_SECONDS = 0.2
_EVERY_SECONDS_IN_A_LOG = 5
_SQLITE_CACHE_KIB = 65_536


class Progress:
    """A bar on a terminal, a line now and then in a log."""

    def __init__(self, stream, fraction):
        self._stream, self._fraction = stream, fraction
        self._terminal = hasattr(stream, "isatty") and stream.isatty()
        self._every = _EVERY_SECONDS if self._terminal else _EVERY_SECONDS_IN_A_LOG
        self._started = self._shown = time.monotonic()

    def update(self, outcome: Outcome) -> None:
        """Show where the import stands, if some time has passed since the last one."""
        now = time.monotonic()
        if now - self._shown >= self._every:
            self._shown = now
            self._write(self._line(outcome, now))

    def finish(self, outcome: Outcome) -> None:
        """Show the last state and leave the line."""
        self._write(self._line(outcome, time.monotonic()))
        if self._terminal:
            self._stream.write("\n")

    def _write(self, line: str) -> None:
        self._stream.write(f"\r{line}" if self._terminal else f"{line}\n")
        self._stream.flush()

    def _line(self, outcome: Outcome, now: float) -> str:
        done, seconds = self._fraction(), max(now - self._started, 0.001)
        share = "" if done is None else f"{_bar(done)} {done:4.0%} "
        speed = f"{outcome.read / seconds:,.0f}行/秒"
        return f"{share}已读{outcome.read:,}行 有问题{outcome.refused:,}行 {speed}"


def _widen_cache() -> None:
    """Let SQLite keep its indexes in memory: its 2 MB are read and written over and over."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA cache_size = -{_SQLITE_CACHE_KIB}")


def _bar(done: float) -> str:
    full = int(done * _BAR)
    return f"[{'█' * full}{'·' * (_BAR - full)}]"


class ImportCommand(BaseCommand):
    """A command that imports a table. A subclass sets `columns` and `importer()`."""

    columns: list[Column] = []

    def importer(self) -> Importer:
        """How the rows are loaded."""
        raise NotImplementedError

    def add_arguments(self, parser):
        parser.add_argument("file", nargs="?", help="CSV 或 XLSX 文件")
        parser.add_argument("--report", help="有问题的行写到这个文件（默认：文件名.errors.csv）")
        parser.add_argument("--template", action="store_true", help="不导入，而是生成填写模板")

    def handle(self, *args, file=None, report=None, template=False, **options):
        if not file:
            self._fail(f"请写明文件，例如 import.csv。各列：\n{self._described()}")
        path = Path(file)
        try:
            if template:
                return self._write_template(path)
            outcome = self._import(path, Path(report or f"{path}.errors.csv"))
        except TableError as error:
            self._fail(str(error))
        self._conclude(outcome)

    def _import(self, path: Path, report_path: Path) -> Outcome:
        _widen_cache()
        with (
            open_table(path, self.columns) as table,
            Report(report_path, self.stderr.write) as report,
        ):
            progress = Progress(self.stderr._out, table.progress)
            outcome = self.importer().run(table, report, progress.update)
            progress.finish(outcome)
        if outcome.refused:
            self.stderr.write(f"有问题的行及原因：{report_path}")
        return outcome

    def _conclude(self, outcome: Outcome) -> None:
        counts = "，".join(f"{name}{number:,}" for name, number in outcome.counts.items())
        self.stdout.write(
            f"读取{outcome.read:,}行：{counts or '没有写入'}，有问题{outcome.refused:,}。"
        )
        if outcome.broken:
            self.stderr.write(outcome.broken)
        if not outcome.complete:
            sys.exit(SOME_REFUSED)

    def _write_template(self, path: Path) -> None:
        if path.exists():
            raise TableError(f"{path}已经存在，不会覆盖。请换一个文件名。")
        write_template(path, self.columns)
        self.stdout.write(f"模板已写入{path}。各列：\n{self._described()}")

    def _described(self) -> str:
        """The columns, one a line, as help."""
        return "\n".join(
            f"  {c.title}({c.key})：{'必填' if c.required else '选填'}，{c.note}"
            for c in self.columns
        )

    def _fail(self, message: str) -> None:
        self.stderr.write(message)
        sys.exit(UNREADABLE)
