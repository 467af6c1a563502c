"""Destinations of care as a step offers them."""

from facilities.search import Destination


def card(row: Destination) -> dict:
    """A destination as the page shows it: what is opened and what is not, each once."""
    return {
        "code": row.code,
        "name": row.name,
        "kind": row.kind,
        "detail": row.detail,
        "area_name": row.area_name,
        "demonstration": row.demonstration,
        "yes": [entry.label for entry in row.opened if entry.opened],
        "no": [entry.label for entry in row.opened if not entry.opened],
    }


def without_twins(rows: list[Destination]) -> list[Destination]:
    """Each destination once."""
    return list({row.code: row for row in rows}.values())
