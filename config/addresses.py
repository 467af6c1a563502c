"""Addresses of pages, made from patterns that are put together once.

`reverse` takes some forty microseconds; a page that names thirty steps or a hundred cases asks
for the same few patterns with another key.
"""

from functools import cache, lru_cache
from uuid import UUID

from django.urls import reverse

# Stand for the key of a row in a pattern; no row has them.
_NUMBER = 987_654_321
_UUID = UUID(int=_NUMBER)


def address_of(name: str, key, *more) -> str:
    """What `reverse(name, args=[key, *more])` gives, quickly where the key is a number or a
    UUID. Raises NoReverseMatch as it does."""
    if type(key) is int and key >= 0:
        before, after = _around(name, _NUMBER, *more)
    elif type(key) is UUID:
        before, after = _around(name, _UUID, *more)
    else:
        return reverse(name, args=[key, *more])
    return f"{before}{key}{after}"


@cache
def plain_address(name: str) -> str:
    """What `reverse(name)` gives."""
    return reverse(name)


# Some patterns hold a second key; the rest are some two hundred.
@lru_cache(maxsize=2048)
def _around(name: str, stand_in: int | UUID, *more: str | int) -> tuple[str, str]:
    before, _, after = reverse(name, args=[stand_in, *more]).partition(str(stand_in))
    return before, after
