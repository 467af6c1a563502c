"""Redis as the broker, with a worker that outlives it.

kombu's own transport ends the whole worker process when Redis goes while a task runs: what
is done with the task afterwards (acknowledging it, handing it back) looks for an address on
a connection that was given up, and the AttributeError of that is expected by nobody. Here it
is the connection error that it is, which the worker logs before it goes on; the message
stays unacknowledged in Redis and is delivered again.
"""

from kombu.transport import TRANSPORT_ALIASES, redis
from redis.exceptions import ConnectionError as ConnectionLost


class Channel(redis.Channel):
    """A channel that says so when its connection was given up."""

    def _connparams(self, *args, **kwargs):
        if self.connection.client is None:
            raise ConnectionLost("the connection of this channel was given up")
        return super()._connparams(*args, **kwargs)


class Transport(redis.Transport):
    """kombu's transport with that channel."""

    Channel = Channel


def install() -> None:
    """Use this transport for every redis:// and rediss:// address (unix sockets included)."""
    for scheme in ("redis", "rediss"):
        TRANSPORT_ALIASES[scheme] = "config.broker:Transport"
