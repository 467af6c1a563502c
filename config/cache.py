"""The shared cache, which goes on in the process's own memory while Redis is away.

Limits on log-ins and messages count in the cache. Without Redis they still hold, though
each process counts for itself; the alternative would be a site where nobody can log in.
"""

import time

import structlog
from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis.exceptions import RedisError

log = structlog.get_logger(__name__)
# How long Redis is left alone after it failed, so that not every request waits for it.
REST_SECONDS = 5


class OneClient(RedisCacheClient):
    """Keeps its client: Django makes one for every call, which costs several times the call.

    A client is shared by threads; the pool behind it notices a fork.
    """

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._kept = {}

    def get_client(self, key=None, *, write=False):
        index = self._get_connection_pool_index(write)
        if index not in self._kept:
            self._kept[index] = super().get_client(key, write=write)
        return self._kept[index]


class SteadyRedisCache(RedisCache):
    """Redis, and local memory for as long as Redis does not answer."""

    def __init__(self, server, params):
        super().__init__(server, params)
        self._class = OneClient
        self._local = LocMemCache("steady", {k: v for k, v in params.items() if k != "OPTIONS"})
        self._rest_until = 0.0

    def _run(self, name: str, *args, **kwargs):
        if time.monotonic() >= self._rest_until:
            try:
                return getattr(super(), name)(*args, **kwargs)
            except RedisError as error:
                self._rest_until = time.monotonic() + REST_SECONDS
                log.warning("cache_without_redis", error=type(error).__name__)
        return getattr(self._local, name)(*args, **kwargs)

    def add(self, *args, **kwargs):
        return self._run("add", *args, **kwargs)

    def get(self, *args, **kwargs):
        return self._run("get", *args, **kwargs)

    def set(self, *args, **kwargs):
        return self._run("set", *args, **kwargs)

    def touch(self, *args, **kwargs):
        return self._run("touch", *args, **kwargs)

    def delete(self, *args, **kwargs):
        return self._run("delete", *args, **kwargs)

    def get_many(self, *args, **kwargs):
        return self._run("get_many", *args, **kwargs)

    def has_key(self, *args, **kwargs):
        return self._run("has_key", *args, **kwargs)

    def incr(self, *args, **kwargs):
        return self._run("incr", *args, **kwargs)

    def set_many(self, *args, **kwargs):
        return self._run("set_many", *args, **kwargs)

    def delete_many(self, *args, **kwargs):
        return self._run("delete_many", *args, **kwargs)

    def clear(self):
        self._local.clear()
        return self._run("clear")
