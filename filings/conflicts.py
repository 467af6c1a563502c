"""Filings of one person side by side: which one a new filing ends, and which one forbids it.

A new filing to the same place renews the old one. A filing to another place ends the old
one unless the place's rule lets several be in force; a lock forbids that.
"""

from datetime import date

from filings.deciding import filings_at_once
from filings.decision import Decision
from filings.dossier import Dossier
from filings.models import Filing


def to_be_ended(dossier: Dossier) -> list[Filing]:
    """The filings in force that would end when this one is granted, oldest first.

    Raises FactsError while an answer is missing.
    """
    decision = dossier.decision
    meeting = [row for row in dossier.others if _meet(row, decision)]
    renewed = [row for row in meeting if row.destination_area == decision.destination_area]
    elsewhere = [row for row in meeting if row not in renewed]
    too_many = len(elsewhere) + 1 - filings_at_once(dossier.rule)
    return renewed + elsewhere[: max(too_many, 0)]


def locked_filing(dossier: Dossier) -> Filing | None:
    """The filing in force whose lock forbids this one, or None."""
    return next(
        (
            row
            for row in to_be_ended(dossier)
            if _is_locked(row, dossier) and _changes(row, dossier)
        ),
        None,
    )


def same_filing(dossier: Dossier) -> Filing | None:
    """A filing in force that already gives all that this one would."""
    decision = dossier.decision
    for row in dossier.others:
        if not _changes(row, dossier) and _covers(row, decision):
            return row
    return None


def _meet(row: Filing, decision: Decision) -> bool:
    """Whether the periods overlap."""
    begins_after = decision.valid_to is not None and row.start > decision.valid_to
    ends_before = row.last_day is not None and row.last_day < decision.valid_from
    return not (begins_after or ends_before)


def _changes(row: Filing, dossier: Dossier) -> bool:
    decision = dossier.decision
    return (row.destination_area, row.category) != (decision.destination_area, decision.category)


def _covers(row: Filing, decision: Decision) -> bool:
    if row.start > decision.valid_from:
        return False
    return row.last_day is None or (
        decision.valid_to is not None and row.last_day >= decision.valid_to
    )


def _is_locked(row: Filing, dossier: Dossier) -> bool:
    return row.locked_until is not None and row.locked_until >= dossier.today


def last_day_of_old(new_start: date, today: date) -> date:
    """The last day of a filing that another one replaces: never in the past, so that what
    was settled under it stays settled."""
    return max(today, date.fromordinal(new_start.toordinal() - 1))
