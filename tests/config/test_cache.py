"""The shared cache keeps counting while Redis is away, and asks it again later."""

import pytest
from redis.exceptions import ConnectionError as RedisConnectionError

from config import cache as steady

NOWHERE = "redis://127.0.0.1:1/0"


@pytest.fixture
def cache():
    found = steady.SteadyRedisCache(NOWHERE, {"OPTIONS": {"socket_connect_timeout": 1}})
    found.clear()
    return found


def test_limits_hold_without_redis(cache):
    assert cache.add("tries", 1, 60)
    assert not cache.add("tries", 1, 60)
    assert cache.incr("tries") == 2
    assert cache.get("tries") == 2


def test_every_way_of_using_the_cache_survives(cache):
    cache.set("a", 1)
    cache.set_many({"b": 2, "c": 3})
    assert cache.get_many(["a", "b"]) == {"a": 1, "b": 2}
    assert "c" in cache
    assert cache.touch("a", 60)
    assert cache.get_or_set("d", lambda: 4) == 4
    cache.delete_many(["b", "c"])
    cache.delete("a")
    assert cache.get_many(["a", "b", "c"]) == {}


def test_redis_is_left_alone_for_a_while_after_it_failed_and_then_asked_again(cache, monkeypatch):
    asked = []

    def refuse(self, *args, **kwargs):
        asked.append(args[0])
        raise RedisConnectionError

    now = [100.0]
    monkeypatch.setattr(steady.time, "monotonic", lambda: now[0])
    monkeypatch.setattr(steady.RedisCache, "get", refuse)
    cache._rest_until = 0.0
    cache.get("one")
    cache.get("two")
    now[0] += steady.REST_SECONDS
    cache.get("three")
    assert asked == ["one", "three"]


def test_errors_that_are_not_of_the_network_are_not_hidden(cache):
    with pytest.raises(ValueError, match="nothing"):
        cache.incr("nothing")
