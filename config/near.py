"""What nearly every page asks the shared cache for, kept in this process for a moment.

A look into Redis costs a page about a hundredth of its time; the calendar, the stamps of the
rules and the contacts of an agency are asked for several times a page and change a few times a
year. A process that changes such a value forgets its own copy at once; others have theirs for
`SECONDS` more.
"""

import time
from collections.abc import Callable, Iterable

from django.core.cache import cache

SECONDS = 2.0
# More keys than places there are; only a fault would bring so many.
MOST = 5_000
_held: dict[str, tuple[float, object]] = {}


def near(key: str, load: Callable[[], object], seconds: int):
    """The value of this key: held here, else of the shared cache, else as `load` gives it,
    which is then shared for `seconds`. None is never kept."""
    return near_many([key], lambda _: {key: load()}, seconds)[key]


def near_many(
    keys: Iterable[str], load: Callable[[list[str]], dict[str, object]], seconds: int
) -> dict[str, object]:
    """The same for several keys, with one look into the shared cache; `load` gets those that
    nobody has and gives a value for each."""
    now, found, wanted = time.monotonic(), {}, []
    for key in keys:
        until, value = _held.get(key, (0.0, None))
        if until > now:
            found[key] = value
        else:
            wanted.append(key)
    if wanted:
        found |= _fetched(wanted, load, seconds, now + SECONDS)
    return found


def _fetched(wanted: list[str], load, seconds: int, until: float) -> dict[str, object]:
    shared = cache.get_many(wanted)
    if missing := [key for key in wanted if key not in shared]:
        loaded = load(missing)
        shared |= loaded
        cache.set_many({key: value for key, value in loaded.items() if value is not None}, seconds)
    if len(_held) > MOST:
        _held.clear()
    _held.update((key, (until, value)) for key, value in shared.items() if value is not None)
    return shared


def forget(key: str) -> None:
    """Drop a value after a change: here, and from the shared cache."""
    cache.delete(key)
    _held.pop(key, None)


def clear() -> None:
    """Drop all that this process holds; the shared cache is left alone."""
    _held.clear()
