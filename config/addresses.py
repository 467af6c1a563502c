"""Addresses of single rows, made from patterns that are put together once.

`reverse` takes some forty microseconds; a page that names thirty steps or a hundred cases asks
for the same few patterns with another key.
"""

from functools import cache
from uuid import UUID

from django.urls import reverse

# Stand for the key of a row in a pattern; no row has them.
_NUMBER = 987_654_321
_UUID = UUID(int=_NUMBER)


def address_of(name: str, key: int | UUID, *more: str | int) -> str:
    """What `reverse(name, args=[key, *more])` gives. Raises NoReverseMatch as it does."""
    before, after = _around(name, _UUID if isinstance(key, UUID) else _NUMBER, *more)
    return f"{before}{key}{after}"


@cache
def _around(name: str, stand_in: int | UUID, *more: str | int) -> tuple[str, str]:
    before, _, after = reverse(name, args=[stand_in, *more]).partition(str(stand_in))
    return before, after
