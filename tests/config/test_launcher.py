"""The parts of `make run`: what is skipped, what is said when it cannot go on, what is cleaned."""

import os
import subprocess
import sys

import pytest

from scripts.launcher import commands, data, environment, places, redis_server, stamps
from scripts.launcher.words import Problem, Steps, width
from tests.strict import ROOT


@pytest.fixture(autouse=True)
def own_var(tmp_path, monkeypatch):
    """Every test has a VAR_DIR of its own."""
    monkeypatch.setenv("VAR_DIR", str(tmp_path / "var"))
    return tmp_path / "var"


# what is skipped


def test_a_step_is_done_until_a_file_it_depends_on_changes(tmp_path):
    pins = tmp_path / "pins.txt"
    pins.write_text("a==1")
    kept = stamps.Stamps(tmp_path / "stamps.json")
    assert not kept.done("packages", stamps.digest([pins]))
    kept.write("packages", stamps.digest([pins]))
    assert kept.done("packages", stamps.digest([pins]))
    assert not kept.done("packages", stamps.digest([pins], "python3.13"))
    pins.write_text("a==2")
    assert not kept.done("packages", stamps.digest([pins]))


@pytest.mark.parametrize("content", ["", "not json", "[]", "null"])
def test_a_broken_stamp_file_means_that_nothing_is_done(tmp_path, content):
    (tmp_path / "stamps.json").write_text(content)
    kept = stamps.Stamps(tmp_path / "stamps.json")
    assert not kept.done("packages", "x")
    kept.write("packages", "x")
    assert kept.done("packages", "x")


def test_every_data_step_depends_on_files_that_exist():
    for name, _, _, patterns in data.DATA_STEPS[:3]:
        assert data.sources(patterns), name


def test_a_command_is_run_once_for_the_same_sources_and_database(own_var, monkeypatch):
    monkeypatch.delenv("DATABASE_URL", raising=False)
    ran = fake_manage(monkeypatch)
    own_var.mkdir()
    (own_var / "db.sqlite3").touch()
    row = ("load_rules", "规则", "rules", ("filings/rules/**/*",))
    assert data.run_data_step(*row, env={}) is False
    assert data.run_data_step(*row, env={}) is True
    (own_var / "db.sqlite3").rename(own_var / "old.sqlite3")
    (own_var / "db.sqlite3").touch()
    assert data.run_data_step(*row, env={}) is False
    assert ran == ["load_rules", "load_rules"]


def test_on_a_database_given_by_address_a_command_always_runs(own_var, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://somewhere/else")
    ran = fake_manage(monkeypatch)
    own_var.mkdir()
    row = ("load_rules", "规则", "rules", ("filings/rules/**/*",))
    data.run_data_step(*row, env={})
    data.run_data_step(*row, env={})
    assert ran == ["load_rules", "load_rules"]


def fake_manage(monkeypatch) -> list[str]:
    """Commands that would have been run."""
    ran = []
    monkeypatch.setattr(data, "run_logged", lambda command, *args, **kw: ran.append(command[2]))
    return ran


# what is said


@pytest.mark.parametrize(
    ("output", "chinese", "english"),
    [
        ("NewConnectionError(... Temporary failure in name resolution)", "网络", "No network"),
        ("npm error code EAI_AGAIN", "网络", "No network"),
        ("npm error code ECONNREFUSED", "网络", "No network"),
        ("OSError: [Errno 28] No space left on device", "磁盘已满", "disk is full"),
        ("npm error code ENOSPC", "磁盘已满", "disk is full"),
        ("django.db.utils.OperationalError: database or disk is full", "磁盘已满", "disk is full"),
        ("ERROR: No matching distribution found for x==9\n", "No matching distribution", "see"),
        ("", "无输出", "see"),
    ],
)
def test_a_command_that_failed_is_one_line_in_two_languages(output, chinese, english, tmp_path):
    failure = subprocess.CalledProcessError(1, ["pip"], output)
    line = str(commands.explain(failure, "安装", "installing", tmp_path / "setup.log"))
    assert chinese in line
    assert english in line
    assert "\n" not in line


@pytest.mark.parametrize(
    ("number", "said"),
    [(28, "磁盘已满"), (122, "磁盘已满"), (13, "无法写入"), (30, "无法写入"), (5, "文件操作失败")],
)
def test_an_error_of_the_file_system_is_one_line(number, said):
    line = str(places.from_os_error(OSError(number, os.strerror(number)), "/srv"))
    assert said in line
    assert "/srv" in line


def test_too_little_space_is_told_before_anything_is_fetched(tmp_path):
    with pytest.raises(Problem, match="磁盘空间不足"):
        places.require_space(tmp_path, 10**18)


def test_a_missing_venv_module_names_the_package(monkeypatch):
    monkeypatch.setitem(sys.modules, "ensurepip", None)
    with pytest.raises(Problem, match=r"apt install python3\.\d+-venv"):
        environment.require_venv_module()


def test_a_machine_without_a_binary_wheel_is_told_the_system_package(monkeypatch, own_var):
    monkeypatch.setattr(redis_server.shutil, "which", lambda name: None)
    monkeypatch.setattr(redis_server.platform, "machine", lambda: "aarch64")
    with pytest.raises(Problem, match="apt install redis-server"):
        redis_server.find_binary()


def test_a_redis_that_does_not_answer_is_told():
    with pytest.raises(Problem, match="REDIS_URL"):
        redis_server.require_reachable("redis://127.0.0.1:1/0")


@pytest.mark.parametrize(
    ("version", "major"), [("v22.20.0", 22), ("v18.19.1", 18), ("nonsense", 0), ("", 0)]
)
def test_the_version_of_node_is_read(tmp_path, version, major):
    node = tmp_path / "node"
    node.write_text(f"#!/bin/sh\necho '{version}'\n")
    node.chmod(0o755)
    assert environment.node_version(str(node)) == major


def test_a_node_that_cannot_be_run_counts_as_none(tmp_path):
    assert environment.node_version(str(tmp_path / "missing")) == 0


def test_columns_of_chinese_count_twice():
    assert width("Python 环境") == 11


def test_a_step_says_how_long_it_took_or_that_it_was_done(capsys):
    steps = Steps(2)
    steps.run("one", lambda: None)
    steps.run("two", lambda: True)
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("[1/2] one ...") and lines[0].endswith(" s")
    assert lines[1].endswith("已就绪 ready")


# the command itself


def launch(**env) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, ROOT / "scripts" / "run.py"],
        env={"PATH": os.environ["PATH"], "VAR_DIR": os.environ["VAR_DIR"], **env},
        capture_output=True,
        text=True,
        timeout=60,
    )


@pytest.mark.parametrize("port", ["abc", "0", "65536", "80.5"])
def test_an_impossible_port_is_one_line(port):
    done = launch(PORT=port)
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.count("\n") == 1
    assert "PORT" in done.stdout


def test_a_folder_that_cannot_be_written_is_one_line(tmp_path):
    (tmp_path / "file").touch()
    done = launch(VAR_DIR=str(tmp_path / "file" / "var"))
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.count("\n") == 1
    assert "file" in done.stdout
