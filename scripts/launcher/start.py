"""The order of a start: environment, packages, broker, data, processes, addresses."""

import contextlib
import os
import shutil
import signal
import socket
import time
import urllib.error
import urllib.request
from pathlib import Path

from . import data, environment, redis_server
from .children import STOP_SIGNALS, Child, Children, clean_up_after_crash, die_with
from .lock import Lock
from .places import PYTHON, ROOT, from_os_error, require_writable, var_dir
from .words import Interrupted, Problem, Steps, say

READY_SECONDS = 90
USAGE = "make run            (PORT=8001 make run)"


def main(arguments: list[str]) -> int:
    """Start everything and stay until it is stopped. The exit status of `make run`."""
    if arguments:
        say(f"用法 usage: {USAGE}")
        return 2
    for number in STOP_SIGNALS:
        signal.signal(number, _interrupt)
    if os.environ.get("MAKELEVEL"):
        die_with(os.getppid())
    try:
        return Launch().run()
    except Problem as problem:
        say(f"错误：{problem}")
    except Interrupted:
        say("已停止 stopped")
        return 0
    except OSError as error:
        say(f"错误：{from_os_error(error, error.filename or var_dir())}")
    return 1


def _interrupt(number, frame):
    raise Interrupted


class Launch:
    """One start, from the lock to the last process stopped."""

    def __init__(self):
        self.port = _port()
        self.var = var_dir()
        self.run_dir = self.var / "run"
        self.children = Children(self.run_dir / "children.json")
        self.lock = Lock(self.run_dir / "launcher.lock")
        self.socket_dir: Path | None = None
        self.env: dict = {}

    def run(self) -> int:
        """Prepare, start, watch, stop."""
        environment.require_platform()
        require_writable(ROOT)
        require_writable(self.run_dir)
        self.lock.take_or_refuse()
        _clean_up(self.run_dir, self.children.record)
        _require_free(self.port)
        say("异地就医备案服务 · 启动 / starting")
        try:
            self.prepare_and_start()
            return self.watch()
        finally:
            self.stop()

    def prepare_and_start(self) -> None:
        """Every step of a start, with its time."""
        steps = Steps(4 + len(data.DATA_STEPS) + 1)
        setup = Lock(self.var / "setup.lock")
        setup.take_or_wait()
        steps.run("Python 环境 environment", environment.make_venv)
        steps.run("Python 包 packages", environment.install_python_packages)
        steps.run("前端与字体 front end, fonts", environment.install_front_end)
        setup.release()
        self.env = self.environment()
        steps.run("消息队列 broker (Redis)", self.start_broker)
        for name, what, what_en, patterns in data.DATA_STEPS:
            label = f"{what} {what_en}"
            row = (name, what, what_en, patterns, self.env)
            steps.run(label, lambda row=row: data.run_data_step(*row))
        steps.run("网站、任务、定时 web, worker, beat", self.start_processes)
        self.print_addresses(steps.seconds)

    def environment(self) -> dict:
        """What every process of this start is told."""
        path = f"{PYTHON.parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
        return {
            **os.environ,
            "PATH": path,
            "DJANGO_SETTINGS_MODULE": "config.settings.dev",
            "VAR_DIR": str(self.var),
            "PUBLIC_URL": os.environ.get("PUBLIC_URL") or f"http://127.0.0.1:{self.port}",
            "PYTHONUNBUFFERED": "1",
            "PYTHONUTF8": "1",
        }

    def start_broker(self) -> None:
        """Use REDIS_URL when given, else start a private server and wait until it answers."""
        given = os.environ.get("REDIS_URL")
        if given:
            return redis_server.require_reachable(given)
        binary = redis_server.find_binary()
        self.socket_dir = redis_server.socket_folder()
        (self.run_dir / "socket-dir").write_text(str(self.socket_dir))
        path = self.socket_dir / "redis.sock"
        command = redis_server.command(binary, path, self.var / "redis")
        child = self.children.start("redis", "Redis", command, self.env, ROOT)
        self.wait(child, lambda: redis_server.answers(path))
        self.env["REDIS_URL"] = f"unix://{path}?db=0"
        # Management commands run by hand find the same broker (see config/settings/dev.py).
        (self.run_dir / "redis.url").write_text(self.env["REDIS_URL"])
        return None

    def start_processes(self) -> None:
        """Web server, worker and beat together, then wait for each."""
        python = [PYTHON, "-m"]
        web = [*python, "granian", "--interface", "wsgi", "config.wsgi:application"]
        web += ["--host", "127.0.0.1", "--port", self.port, "--workers", "1", "--no-ws"]
        threads = min(8, 2 * (os.cpu_count() or 1))
        web += ["--blocking-threads", threads, "--respawn-failed-workers"]
        celery = [*python, "celery", "-A", "config"]
        worker = [*celery, "worker", "--loglevel", "INFO", "--concurrency", "2"]
        worker += ["--without-mingle", "--without-gossip"]
        beat = [*celery, "beat", "--loglevel", "INFO", "--pidfile="]
        beat += ["--schedule", self.run_dir / "beat-schedule"]
        started = [
            self.children.start(name, label, command, self.env, ROOT)
            for name, label, command in (
                ("web", "网站 web", web),
                ("worker", "任务 worker", worker),
                ("beat", "定时 beat", beat),
            )
        ]
        self.wait(started[0], lambda: _web_answers(self.port))
        self.wait(started[1], lambda: " ready" in started[1].output())
        self.wait(started[2], lambda: "beat: Starting" in started[2].output())

    def wait(self, child: Child, ready) -> None:
        """Until `ready()`, or a Problem when the process ends or takes too long."""
        until = time.monotonic() + READY_SECONDS
        while not ready():
            self.require_all_alive()
            if time.monotonic() > until:
                raise Problem(
                    f"{child.label} 在 {READY_SECONDS} 秒内没有就绪，详见 {child.log}。",
                    f"{child.name} was not ready within {READY_SECONDS} s; see {child.log}.",
                )
            time.sleep(0.1)

    def require_all_alive(self) -> None:
        """Raise Problem naming the first process that ended by itself."""
        dead = self.children.dead()
        if dead is None:
            return
        status = dead.process.returncode
        raise Problem(
            f"{dead.label} 意外退出（状态 {status}），其余进程一并停止，详见 {dead.log}。",
            f"{dead.name} ended by itself (status {status}); everything else is stopped too; "
            f"see {dead.log}.",
        )

    def print_addresses(self, seconds: float) -> None:
        """Where to go and who to log in as."""
        address = f"http://127.0.0.1:{self.port}"
        logins = data.demo_logins(self.env)
        say()
        say(f"已就绪，用时 {seconds:.0f} 秒 / ready in {seconds:.0f} s")
        say(f"  居民 residents  {address}/")
        say(f"  经办 staff      {address}/admin/")
        say(f"  日志 logs       {self.var / 'log'}")
        say()
        say(logins)
        say()
        say("按 Ctrl-C 停止 / press Ctrl-C to stop")

    def watch(self) -> int:
        """Stay until interrupted or until a process ends by itself."""
        while True:
            self.require_all_alive()
            time.sleep(0.3)

    def stop(self) -> None:
        """Stop every process, remove the socket, let the next start in.

        A second Ctrl-C kills instead of waiting.
        """
        try:
            if self.children.running:
                say("\n正在停止 / stopping …")
            self.children.stop()
        except Interrupted:
            for number in STOP_SIGNALS:
                signal.signal(number, signal.SIG_IGN)
            self.children.kill()
            self.children.stop()
        if self.socket_dir is not None:
            shutil.rmtree(self.socket_dir, ignore_errors=True)
        for name in ("redis.url", "socket-dir"):
            (self.run_dir / name).unlink(missing_ok=True)
        self.lock.release()


def _port() -> int:
    text = os.environ.get("PORT") or "8000"
    if text.isascii() and text.isdigit() and 1 <= int(text) <= 65535:
        return int(text)
    raise Problem(
        f"PORT 应为 1 至 65535 的整数，现在是 {text}。",
        f"PORT must be a number from 1 to 65535, not {text}.",
    )


def _require_free(port: int) -> None:
    """Raise Problem when something listens on the port already."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except PermissionError:
            raise Problem(
                f"没有权限使用端口 {port}，请换一个大于 1024 的端口:PORT=8001 make run。",
                f"Port {port} needs more rights; use one above 1024: PORT=8001 make run.",
            ) from None
        except OSError:
            raise Problem(
                f"端口 {port} 已被占用，请换一个:PORT={port + 1} make run。",
                f"Port {port} is in use; take another: PORT={port + 1} make run.",
            ) from None


def _web_answers(port: int) -> bool:
    """The web server and what it needs are up."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
            return answer.status == 200
    except (urllib.error.URLError, OSError):
        return False


def _clean_up(run_dir: Path, record: Path) -> None:
    """What a launcher that was killed left behind: processes, the socket's folder."""
    ended = clean_up_after_crash(record)
    if ended:
        say(f"已清理上次遗留的 {ended} 个进程 / ended {ended} left-over processes")
    note = run_dir / "socket-dir"
    with contextlib.suppress(OSError):
        folder = Path(note.read_text().strip())
        ours = folder.name.startswith(redis_server.FOLDER_PREFIX)
        if ours and folder.stat().st_uid == os.getuid():
            shutil.rmtree(folder, ignore_errors=True)
    for name in ("redis.url", "socket-dir"):
        (run_dir / name).unlink(missing_ok=True)
