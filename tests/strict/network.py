"""No test leaves the machine: only the loopback interface and unix sockets are reached."""

import ipaddress
import socket

LOCAL_NAMES = ("localhost", "", None)


class NetworkRefused(AssertionError):
    """A test tried to reach another machine."""


def install() -> None:
    """Guard connections, datagrams and name look-ups, for the whole run."""
    for name in ("connect", "connect_ex"):
        setattr(socket.socket, name, _guarded_connect(getattr(socket.socket, name)))
    socket.socket.sendto = _guarded_sendto(socket.socket.sendto)
    socket.getaddrinfo = _guarded_lookup(socket.getaddrinfo)


def require_local(host) -> None:
    """Raise NetworkRefused unless the host is this machine."""
    host = host.decode() if isinstance(host, bytes) else host
    if host in LOCAL_NAMES:
        return
    try:
        local = ipaddress.ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        local = False
    if not local:
        raise NetworkRefused(f"测试不得访问网络：{host}")


def _guarded_connect(original):
    def connect(self, address):
        if self.family in (socket.AF_INET, socket.AF_INET6):
            require_local(address[0])
        return original(self, address)

    return connect


def _guarded_sendto(original):
    def sendto(self, data, *rest):
        if self.family in (socket.AF_INET, socket.AF_INET6):
            require_local(rest[-1][0])
        return original(self, data, *rest)

    return sendto


def _guarded_lookup(original):
    def getaddrinfo(host, *args, **kwargs):
        require_local(host)
        return original(host, *args, **kwargs)

    return getaddrinfo
