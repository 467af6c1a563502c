"""Digests of the event chains, written each day outside the database.

A chain proves that what is there was not changed; it cannot prove that nothing was cut
off its end, or that a whole case was not removed. The digest can: each day's file holds
case, number of events and head of every case that moved since the file before, and the
hash of that file.
"""

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from casework.jobs import Run, run_job
from casework.models import Case, CaseEvent, JobRun

CHUNK = 2000
# Cases whose transaction was open while the last file was written are taken again.
OVERLAP = timedelta(hours=1)


@dataclass(frozen=True)
class Head:
    """What a digest remembers of a case."""

    case_id: int
    events: int
    head: str


def folder() -> Path:
    """Where the digests lie; belongs on other storage than the database."""
    return Path(settings.VAR_DIR) / "digests"


def write_digest(now=None) -> JobRun | None:
    """Write the file of now; None when another process is at it."""
    now = now or timezone.now()
    return run_job("casework.digest", lambda run: _write(run, now))


def _write(run: Run, now: datetime) -> None:
    before = sorted(folder().glob("*.txt"))
    folder().mkdir(parents=True, exist_ok=True)
    path = folder() / f"{now.astimezone(timezone.get_current_timezone()):%Y%m%d-%H%M%S}.txt"
    unfinished = path.with_suffix(".part")
    with open(unfinished, "w", encoding="ascii") as file:
        file.write(f"# previous {_hash(before[-1]) if before else '-'}\n")
        file.write(f"# at {now.isoformat()}\n")
        for chunk in _moved_since(_written_at(before[-1]) if before else None):
            file.writelines(f"{pk} {count} {head}\n" for pk, count, head in chunk)
            run.tick(done=len(chunk))
        file.flush()
        os.fsync(file.fileno())
    os.replace(unfinished, path)


def _moved_since(moment: datetime | None) -> Iterator[list[tuple]]:
    rows = Case.objects.filter(event_count__gt=0)
    if moment:
        rows = rows.filter(touched_at__gte=moment - OVERLAP)
    rows = rows.order_by("pk").values_list("pk", "event_count", "head_hash")
    last = 0
    while chunk := list(rows.filter(pk__gt=last)[:CHUNK]):
        last = chunk[-1][0]
        yield chunk


def _written_at(path: Path) -> datetime:
    with open(path, encoding="ascii") as file:
        next(file)
        return datetime.fromisoformat(next(file).split()[2])


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def compare() -> Iterator[tuple[str, str]]:
    """Compare every digest with the database; yields (file or case, what is wrong)."""
    yield from _broken_files()
    heads: dict[int, Head] = {}
    for path in sorted(folder().glob("*.txt")):
        heads.update((head.case_id, head) for head in _read(path))
    ids = sorted(heads)
    for start in range(0, len(ids), CHUNK):
        yield from _compare_chunk([heads[pk] for pk in ids[start : start + CHUNK]])


def _broken_files() -> Iterator[tuple[str, str]]:
    previous = "-"
    for path in sorted(folder().glob("*.txt")):
        with open(path, encoding="ascii") as file:
            said = next(file, "").split()[-1:]
        if said != [previous]:
            yield path.name, "摘要文件与前一份不衔接，可能被改动、删除或插入"
        previous = _hash(path)


def _read(path: Path) -> Iterator[Head]:
    with open(path, encoding="ascii") as file:
        for line in file:
            if not line.startswith("#"):
                pk, count, head = line.split()
                yield Head(int(pk), int(count), head)


def _compare_chunk(heads: list[Head]) -> Iterator[tuple[str, str]]:
    ids = [head.case_id for head in heads]
    cases = {
        pk: (number, count)
        for pk, number, count in Case.objects.filter(pk__in=ids).values_list(
            "pk", "number", "event_count"
        )
    }
    wanted = {(head.case_id, head.events) for head in heads}
    found = {
        (case_id, seq): seal
        for case_id, seq, seal in CaseEvent.objects.filter(
            case_id__in=ids, seq__in={head.events for head in heads}
        ).values_list("case_id", "seq", "hash")
        if (case_id, seq) in wanted
    }
    for head in heads:
        if head.case_id not in cases:
            yield f"#{head.case_id}", "办件在摘要中有，在数据库中没有"
            continue
        number, count = cases[head.case_id]
        name = number or f"#{head.case_id}"
        if count < head.events:
            yield name, f"摘要记有 {head.events} 条事件，现在只有 {count} 条"
        elif found.get((head.case_id, head.events)) != head.head:
            yield name, f"第 {head.events} 条事件与摘要不符"
