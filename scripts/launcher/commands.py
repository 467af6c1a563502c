"""Runs one command to its end, its output in a log file, and reads the log when it fails."""

import os
import re
import signal
import subprocess
from pathlib import Path

from .children import die_with
from .words import Interrupted, Problem

NO_NETWORK = re.compile(
    r"NewConnectionError|Temporary failure in name resolution|Name or service not known"
    r"|Network is unreachable|Max retries exceeded|ConnectTimeout|ReadTimeout"
    r"|ProxyError|SSLError|ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH",
)
DISK_FULL = re.compile(r"No space left on device|ENOSPC|disk is full|Disk quota exceeded")


def run_logged(command: list, log: Path, env: dict | None = None, cwd: Path | None = None) -> str:
    """Run the command, append its output to `log`, and return that output.

    Raises subprocess.CalledProcessError (with the output) when it fails. When the
    launcher is interrupted meanwhile, the command's whole process group is killed.
    """
    launcher = os.getpid()
    with log.open("a+b") as sink:
        start = sink.seek(0, os.SEEK_END)
        process = subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=sink,
            stderr=subprocess.STDOUT,
            env=env,
            cwd=cwd,
            start_new_session=True,
            preexec_fn=lambda: die_with(launcher),
        )
        try:
            status = process.wait()
        except (Interrupted, KeyboardInterrupt):
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            raise
        sink.seek(start)
        output = sink.read().decode("utf-8", "replace")
    if status:
        raise subprocess.CalledProcessError(status, command, output)
    return output


def explain(failure: subprocess.CalledProcessError, what: str, what_en: str, log: Path) -> Problem:
    """The one line for a command that failed: no network, no space, or where to read more."""
    output = failure.output or ""
    if DISK_FULL.search(output):
        return Problem(
            f"磁盘已满，{what}没有完成，请清理磁盘后重试。",
            f"The disk is full: {what_en} did not finish.",
        )
    if NO_NETWORK.search(output):
        return Problem(
            f"无法连接网络，{what}没有完成。请检查网络；"
            "内网可设 PIP_INDEX_URL 与 npm_config_registry 指向本地镜像。",
            f"No network: {what_en} did not finish. Check the connection, or point PIP_INDEX_URL "
            "and npm_config_registry at a mirror.",
        )
    last = last_line(output)
    return Problem(
        f"{what}失败（{last}），详见 {log}。",
        f"{what_en} failed; see {log}.",
    )


def last_line(output: str) -> str:
    """The last line that says something, shortened; pip's and npm's own hints are passed over."""
    lines = [line.strip() for line in output.splitlines()]
    lines = [
        line for line in lines if line and "notice" not in line and "A complete log" not in line
    ]
    return lines[-1][:160] if lines else "无输出"
