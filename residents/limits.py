"""How often something may be done, counted in the shared cache."""

from django.core.cache import cache

from residents.crypto import keyed_hash


def consume(name: str, key: str, limit: int, seconds: int) -> bool:
    """Count one use of `name` by `key`; False once there were `limit` within the window.

    The window begins with the first use and lasts `seconds`. Keys are hashed, so that no
    phone number or address lies in the cache.
    """
    cache_key = _cache_key(name, key)
    if cache.add(cache_key, 1, seconds):
        return limit >= 1
    try:
        return cache.incr(cache_key) <= limit
    except ValueError:  # it ran out between the two calls
        cache.add(cache_key, 1, seconds)
        return limit >= 1


def claim(name: str, key: str, seconds: int) -> bool:
    """Take a turn that nobody else may take for `seconds`; False when it is taken."""
    return cache.add(_cache_key(name, key), 1, seconds)


def release(name: str, key: str) -> None:
    """Forget the uses of `name` by `key`."""
    cache.delete(_cache_key(name, key))


def _cache_key(name: str, key: str) -> str:
    return f"limit:{name}:{keyed_hash('code', key)}"
