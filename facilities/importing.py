"""Loading a table of any length: in batches, the good rows kept, every bad one told.

Knows no kind of row. The caller gives `parse` (values → record, or `RowRefused`),
`key_of` (what makes a record unique in the file) and `write` (a batch → counts).
"""

import csv
import hashlib
import secrets
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from facilities.tabular import BadRow, Row, Table, TableError

BATCH = 2000
# A million keys; beyond, the temporary database spills to disk.
_SEEN_CACHE_KIB = 40_960
SHOWN_AT_MOST = 20  # bad rows told on the terminal; the report holds them all


class RowRefused(ValueError):
    """A row that cannot be loaded; the message is Chinese and says how to mend it."""


@dataclass
class Outcome:
    """What an import did, in rows. `broken` says why it stopped before the end."""

    read: int = 0
    refused: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    broken: str = ""

    @property
    def complete(self) -> bool:
        """Whether every row of the file is in the database."""
        return not self.refused and not self.broken


@dataclass(frozen=True)
class Importer:
    """How rows of one kind are loaded.

    `write` puts one batch into the database in one transaction and returns counts
    by name (created, updated …), each a number of rows.
    """

    parse: Callable[[dict[str, str]], object]
    key_of: Callable[[object], str]
    write: Callable[[list], dict[str, int]]
    batch: int = BATCH

    def run(self, table: Table, report: "Report", on_batch=lambda outcome: None) -> Outcome:
        """Load the table; memory is that of one batch.

        A key that came before in the file is refused. Where the file breaks, the
        rows before it are loaded and `outcome.broken` says where.
        """
        outcome, waiting = Outcome(), []
        for record in self._records(table, report, outcome):
            waiting.append(record)
            if len(waiting) >= self.batch:
                self._write(waiting, outcome)
                on_batch(outcome)
        self._write(waiting, outcome)
        on_batch(outcome)
        return outcome

    def _records(self, table: Table, report: "Report", outcome: Outcome) -> Iterator[object]:
        """The records of the rows that are in order; the others go to the report."""
        with _seen_keys() as seen_at:
            try:
                for row in table.rows():
                    outcome.read += 1
                    try:
                        yield self._record(row, seen_at)
                    except RowRefused as error:
                        outcome.refused += 1
                        report.add(row.line, str(error))
            except TableError as error:
                outcome.broken = str(error)

    def _record(self, row: Row | BadRow, seen_at: Callable[[str, int], int]) -> object:
        """The record of a row. Raises RowRefused."""
        if isinstance(row, BadRow):
            raise RowRefused(row.reason)
        record = self.parse(row.values)
        first = seen_at(self.key_of(record), row.line)
        if first != row.line:
            raise RowRefused(f"与第{first}行重复，本行没有导入")
        return record

    def _write(self, waiting: list, outcome: Outcome) -> None:
        if not waiting:
            return
        for name, number in self.write(waiting).items():
            outcome.counts[name] = outcome.counts.get(name, 0) + number
        waiting.clear()


@contextmanager
def _seen_keys() -> Iterator[Callable[[str, int], int]]:
    """Tells at which line a key was first seen.

    The keys lie in a temporary database that spills to disk and vanishes when
    closed, so that memory is bounded. They are hashed under a key of this run,
    since a key may be an identity number.
    """
    secret = secrets.token_bytes(16)
    store = sqlite3.connect("", isolation_level=None)
    store.execute(f"PRAGMA cache_size = -{_SEEN_CACHE_KIB}")
    store.execute("PRAGMA journal_mode = OFF")
    store.execute("CREATE TABLE seen (digest BLOB PRIMARY KEY, line INTEGER) WITHOUT ROWID")
    store.execute("BEGIN")

    def seen_at(key: str, line: int) -> int:
        digest = hashlib.blake2b(key.encode(), digest_size=12, key=secret).digest()
        added = store.execute("INSERT OR IGNORE INTO seen VALUES (?, ?)", (digest, line))
        if added.rowcount:
            return line
        return store.execute("SELECT line FROM seen WHERE digest = ?", (digest,)).fetchone()[0]

    try:
        yield seen_at
    finally:
        store.close()


class Report:
    """Every bad row by line and reason, in a CSV file; the first ones on a stream too.

    The file is made with the first bad row, so that a clean import leaves none.
    """

    def __init__(self, path: Path, tell: Callable[[str], None]):
        self.path, self._tell, self._file, self._rows = path, tell, None, 0

    def add(self, line: int, reason: str) -> None:
        """Record one bad row. Raises TableError where the report cannot be written."""
        if self._file is None:
            self._open()
        csv.writer(self._file).writerow([line, reason])
        self._rows += 1
        if self._rows <= SHOWN_AT_MOST:
            self._tell(f"第{line}行：{reason}")
        if self._rows == SHOWN_AT_MOST + 1:
            self._tell(f"还有更多有问题的行，全部写在 {self.path}")

    def _open(self) -> None:
        try:
            self._file = self.path.open("w", encoding="utf-8-sig", newline="")
        except OSError as error:
            message = f"无法写入问题清单{self.path}，请用 --report 指定可写的位置。"
            raise TableError(message) from error
        csv.writer(self._file).writerow(["行号", "原因"])

    def __enter__(self) -> "Report":
        return self

    def __exit__(self, *failure) -> None:
        if self._file is not None:
            self._file.close()
