"""Whom the resident acts for, on every page that extends base.html."""

from functools import partial

from django.db import DatabaseError
from django.urls import reverse

from residents import gate, holdings


def acting_for(request) -> dict:
    """`acting_for` for base.html, asked of the database only when the page shows it."""
    return {"acting_for": partial(_acting_for, request)}


def _acting_for(request) -> dict | None:
    """Nothing before the ID number was given where it is owed; nothing without a database,
    so that the page that says so can still be shown."""
    user = getattr(request, "user", None)
    if user is None:
        return None
    try:
        if not user.is_authenticated or user.is_staff or gate.is_due(user):
            return None
        shown = holdings.acting_for(request)
    except DatabaseError:
        return None
    return {**shown, "switch_url": reverse("residents:persons")} if shown else None
