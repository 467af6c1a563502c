"""The maintained reasons that ship with the program: added where missing, never changed.

Staff own the list: what they reworded, switched off or re-ordered stays as it is.
"""

from dataclasses import dataclass

from django.db import transaction

from casework.models import Reason
from config.near import forget

FIELDS = ("code", "text", "basis", "remedy", "target")
STEP = 10  # between positions, so that staff can put one in between


class ReasonsRefused(ValueError):
    """The shipped list does not fit; the Chinese text says where."""


@dataclass(frozen=True)
class Loaded:
    """What a run did."""

    added: int
    kept: int


def load_reasons(kind, listed: dict[str, list[dict]]) -> Loaded:
    """Add the missing reasons of a `Kind`: {action: [{code, text, basis, remedy, target}]}.

    Run twice, it changes nothing. Raises ReasonsRefused for an unknown action or field, a
    missing text, or a code used twice in the kind.
    """
    rows = [row for action, entries in listed.items() for row in _rows(kind, action, entries)]
    codes = [row.code for row in rows]
    if twice := {code for code in codes if codes.count(code) > 1}:
        raise ReasonsRefused(f"理由代码重复：{'、'.join(sorted(twice))}")
    with transaction.atomic():
        present = set(Reason.objects.filter(kind=kind.code).values_list("action", "code"))
        new = [row for row in rows if (row.action, row.code) not in present]
        Reason.objects.bulk_create(new)
    forget_reasons(kind.code)
    return Loaded(added=len(new), kept=len(rows) - len(new))


def reasons_key(kind_code: str) -> str:
    """The cache key of the active reasons of a kind."""
    return f"casework.reasons.{kind_code}"


def forget_reasons(kind_code: str) -> None:
    """Drop the kept reasons after a change."""
    forget(reasons_key(kind_code))


def _rows(kind, action: str, entries: list[dict]) -> list[Reason]:
    if action not in kind.workflow.by_name:
        raise ReasonsRefused(f"{kind.label}没有「{action}」这个动作")
    return [_row(kind, action, place, entry) for place, entry in enumerate(entries, start=1)]


def _row(kind, action: str, place: int, entry: dict) -> Reason:
    unknown = set(entry) - set(FIELDS)
    if unknown or not entry.get("code") or not entry.get("text"):
        raise ReasonsRefused(f"{action} 第 {place} 条：应有 code 和 text，可用的键是 {FIELDS}")
    return Reason(kind=kind.code, action=action, position=place * STEP, **entry)
