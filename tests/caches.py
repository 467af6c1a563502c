"""The shared cache and what a process holds of it."""

from django.core.cache import cache

from config import near


def forget_all() -> None:
    """Empty both, so that the next look asks the database."""
    cache.clear()
    near.clear()
