"""PostgreSQL, Redis and Chromium for the tests: installed when missing, started in private.

    services.py install   with apt-get when root, else says what to install
    services.py start     a throw-away cluster and server on unix sockets; prints how to use them
    services.py env       the same lines again
    services.py stop      both ended, their folder removed

Nothing here touches a server that is already running on the machine.
"""

import argparse
import contextlib
import json
import os
import pwd
import random
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import quote

from launcher import redis_server
from launcher.children import signal_group
from launcher.places import var_dir
from launcher.words import Problem, say

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
# Tests lose nothing in a crash: the cluster is made anew each time.
FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=60")


def state_file() -> Path:
    """Where the running services are written down; SERVICES_STATE names another place."""
    given = os.environ.get("SERVICES_STATE")
    return Path(given) if given else var_dir() / "run" / "services.json"


def postgres_bin() -> Path | None:
    """The folder of initdb and pg_ctl, the newest version installed."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: int(p.parent.name))
    on_path = shutil.which("initdb")
    folders = ([Path(on_path).resolve().parent] if on_path else []) + folders
    return next((folder for folder in reversed(folders) if (folder / "initdb").exists()), None)


def browser() -> str | None:
    """The Chromium that the browser tests drive."""
    given = os.environ.get("CHROMIUM")
    return given or next((path for path in map(shutil.which, BROWSERS) if path), None)


def missing_packages() -> list[str]:
    """Debian packages that are not there yet."""
    found = {
        "postgresql": postgres_bin(),
        "redis-server": shutil.which("redis-server"),
        "chromium": browser(),
    }
    return [package for package, present in found.items() if not present]


def install() -> None:
    """Install what is missing, or raise Problem with the one command that does."""
    packages = missing_packages()
    if not packages:
        return say("PostgreSQL、Redis、Chromium 均已安装 / all installed")
    words = " ".join(packages)
    if os.getuid() != 0 or not shutil.which("apt-get"):
        raise Problem(
            f"缺少 {words}，请先运行:sudo apt install {words}",
            f"Missing: {words}; run: sudo apt install {words}",
        )
    # RUNLEVEL=1 keeps the packages from starting servers of their own in a container.
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
    for command in (
        ["apt-get", "update", "-qq"],
        ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages],
    ):
        done = subprocess.run(command, env=quiet, capture_output=True, text=True)
        if done.returncode:
            print(done.stdout[-2000:], done.stderr[-2000:], file=sys.stderr)
            raise Problem(f"安装 {words} 失败，见上。", f"Installing {words} failed, see above.")
    if missing_packages():
        words = " ".join(missing_packages())
        raise Problem(
            f"本系统的软件源没有可用的 {words}，请自行安装（浏览器可用 CHROMIUM=路径 指定）。",
            f"This system's packages have no usable {words}; install it by hand (CHROMIUM=path).",
        )
    return say(f"已安装 / installed: {words}")


def as_postgres() -> dict:
    """Arguments for subprocess: PostgreSQL refuses to run as root."""
    if os.getuid() != 0:
        return {}
    try:
        user = pwd.getpwnam("postgres")
    except KeyError:
        raise Problem("没有系统用户 postgres,请安装 postgresql。", "No user postgres.") from None
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def start_postgres(folder: Path) -> str:
    """A new cluster on a unix socket in `folder`; the DATABASE_URL of its database."""
    binaries = postgres_bin()
    if binaries is None:
        raise Problem("没有找到 PostgreSQL。", "PostgreSQL is not installed.")
    who = as_postgres()
    home = folder / "pg"
    home.mkdir()
    if who:
        folder.chmod(0o711)
        os.chown(home, who["user"], who["group"])
    data, port = home / "data", random.randint(20000, 60000)
    options = [f"-c {option}" for option in FAST]
    options += [f"-c listen_addresses='' -c unix_socket_directories={home} -c port={port}"]
    for command in (
        ["initdb", "-D", data, "-U", "yb", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N"],
        ["pg_ctl", "-D", data, "-w", "-s", "-l", home / "log", "-o", " ".join(options), "start"],
        ["createdb", "-h", home, "-p", str(port), "-U", "yb", "yb"],
    ):
        run(binaries / command[0], *command[1:], cwd=home, **who)
    return f"postgres://yb@{quote(str(home), safe='')}:{port}/yb"


def run(*command, **options) -> None:
    """Run a command to its end; what it printed is shown when it fails."""
    with tempfile.TemporaryFile() as output:
        # A file, not a pipe: the server that pg_ctl leaves running would hold a pipe open.
        words = [str(word) for word in command]
        done = subprocess.run(
            words, stdin=subprocess.DEVNULL, stdout=output, stderr=output, **options
        )
        if done.returncode:
            output.seek(0)
            print(output.read().decode("utf-8", "replace"), file=sys.stderr)
            raise Problem(f"命令失败：{words[0]}", f"Command failed: {words[0]}")


def start_redis(folder: Path) -> tuple[str, int]:
    """A new server on a unix socket; its REDIS_URL and process number."""
    path = folder / "redis.sock"
    command = redis_server.command(redis_server.find_binary(), path, folder / "redis")
    with (folder / "redis.log").open("wb") as log:
        process = subprocess.Popen(
            [str(word) for word in command],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    until = time.monotonic() + 20
    while not redis_server.answers(path):
        if process.poll() is not None or time.monotonic() > until:
            raise Problem(f"Redis 没有启动，见 {folder}/redis.log", "Redis did not start.")
        time.sleep(0.05)
    return f"unix://{path}?db=0", process.pid


def start() -> None:
    """Start both, unless they run already, and print the variables that lead to them."""
    if state_file().exists():
        stop()
    folder = Path(tempfile.mkdtemp(prefix="yb-svc-", dir="/tmp"))
    state = {"folder": str(folder), "env": {"CHROMIUM": browser() or ""}}
    state_file().parent.mkdir(parents=True, exist_ok=True)
    state_file().write_text(json.dumps(state))
    state["env"]["DATABASE_URL"] = start_postgres(folder)
    state_file().write_text(json.dumps(state))
    state["env"]["REDIS_URL"], state["redis"] = start_redis(folder)
    state_file().write_text(json.dumps(state))
    env()


def env() -> None:
    """Print the variables as lines for a shell."""
    try:
        state = json.loads(state_file().read_text())
    except OSError:
        raise Problem("服务没有启动，请先运行 make services。", "Not started.") from None
    for name, value in state["env"].items():
        print(f"export {name}={shlex.quote(value)}")


def stop() -> None:
    """End both and remove what they wrote; nothing to stop is no error."""
    try:
        state = json.loads(state_file().read_text())
    except OSError:
        return
    folder = Path(state["folder"])
    data = folder / "pg" / "data"
    if (data / "postmaster.pid").exists():
        with contextlib.suppress(Problem):
            command = (postgres_bin() / "pg_ctl", "-D", data, "-m", "immediate", "-s", "stop")
            run(*command, cwd="/", **as_postgres())
    if state.get("redis") and redis_server.answers(folder / "redis.sock"):
        signal_group(state["redis"], signal.SIGKILL)
    shutil.rmtree(folder, ignore_errors=True)
    state_file().unlink(missing_ok=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("action", choices=("install", "start", "env", "stop"))
    try:
        {"install": install, "start": start, "env": env, "stop": stop}[parser.parse_args().action]()
    except Problem as problem:
        say(f"错误：{problem}")
        sys.exit(1)
