"""Production starts with a complete environment of its own keys, or says what is wrong."""

import base64
import os
import subprocess
import sys

import pytest

from config.required import REQUIRED, problems
from tests.strict import ROOT


def key(number: int) -> str:
    return f"k{number}:" + base64.b64encode(bytes([number] * 31 + [255])).decode()


GOOD = {
    "DATABASE_URL": "postgres://yb:pw@db/yb",
    "REDIS_URL": "redis://redis:6379/0",
    "SECRET_KEY": "q8Zr2" * 12 + "xWmKjvTb",
    "FIELD_KEYS": key(1),
    "HASH_KEYS": key(2),
    "EVENT_KEYS": key(3),
    "ALLOWED_HOSTS": "ybj.example.gov.cn",
    "PUBLIC_URL": "https://ybj.example.gov.cn",
    "FILES_DIR": "/srv/files",
    "SMS_GATEWAY": "residents.sms.HttpGateway",
    "SMS_HTTP_URL": "https://sms.example.gov.cn/send",
    "SMS_HTTP_TOKEN": "t0ken",
}
DEVELOPMENT = "dev1:ZGV2ZWxvcG1lbnQta2V5LW5vdC1hLXNlY3JldC0wMDE="


def test_a_complete_environment_has_no_problems():
    assert problems(GOOD) == []


@pytest.mark.parametrize("name", REQUIRED)
@pytest.mark.parametrize("value", [None, "", "  "])
def test_each_required_variable_is_named_when_it_is_missing(name, value):
    env = {k: v for k, v in GOOD.items() if k != name}
    if value is not None:
        env[name] = value
    assert f"{name} 未设置。" in problems(env)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("SECRET_KEY", "development-only-not-a-secret-0123456789abcdefghijklmnop", "开发用密钥"),
        ("SECRET_KEY", "short", "太短"),
        ("SECRET_KEY", "a" * 80, "太简单"),
        ("FIELD_KEYS", DEVELOPMENT, "开发用密钥"),
        ("HASH_KEYS", DEVELOPMENT.replace("dev1", "k9"), "开发用密钥"),
        ("EVENT_KEYS", f"{key(3)},{DEVELOPMENT}", "开发用密钥"),
        ("FIELD_KEYS", "k1:abc", "格式不对"),
        ("FIELD_KEYS", "k1:" + base64.b64encode(b"x" * 16).decode(), "格式不对"),
        ("HASH_KEYS", key(1), "同一个密钥"),
        ("SHOW_DEVELOPMENT_PAGES", "1", "不得开启"),
        ("DEMONSTRATION", "true", "不得开启"),
        ("DEBUG", "yes", "不得开启"),
        ("SMS_GATEWAY", "residents.sms.ConsoleGateway", "开发用网关"),
        ("SMS_GATEWAY", "residents.sms.DevelopmentGateway", "开发用网关"),
        ("SMS_GATEWAY", "residents.sms.MemoryGateway", "开发用网关"),
        ("SMS_HTTP_URL", "", "HttpGateway"),
        ("SMS_HTTP_TOKEN", " ", "HttpGateway"),
        ("ALLOWED_HOSTS", "*", "不得为 *"),
        ("ALLOWED_HOSTS", "a.gov.cn, *", "不得为 *"),
        ("PUBLIC_URL", "http://ybj.example.gov.cn", "https://"),
        ("PUBLIC_URL", "https://", "https://"),
        ("DATABASE_URL", "sqlite:////srv/db.sqlite3", "PostgreSQL"),
        ("REDIS_URL", "memory://", "redis://"),
        ("FILES_DIR", "files", "绝对路径"),
        ("FIELD_CIPHER", "DES", "FIELD_CIPHER"),
    ],
)
def test_each_fault_is_named_with_its_variable(name, value, said):
    found = problems({**GOOD, name: value})
    assert len(found) == 1
    assert name in found[0]
    assert said in found[0]


def test_no_message_repeats_a_secret():
    env = {**GOOD, "SECRET_KEY": "short-but-private", "FIELD_KEYS": DEVELOPMENT}
    text = "".join(problems(env))
    assert "short-but-private" not in text
    assert DEVELOPMENT.partition(":")[2] not in text


def test_switches_that_are_off_are_no_problem():
    off = {"DEMONSTRATION": "0", "SHOW_DEVELOPMENT_PAGES": "false", "DEBUG": ""}
    assert problems({**GOOD, **off}) == []


def start(env: dict) -> subprocess.CompletedProcess:
    """Load the production settings as a fresh process would."""
    code = (
        "from django.conf import settings as s;"
        "print(s.DEBUG, s.SHOW_DEVELOPMENT_PAGES, s.DEMONSTRATION, s.SESSION_COOKIE_SECURE,"
        " s.CSRF_TRUSTED_ORIGINS, s.SECURE_HSTS_SECONDS > 0)"
    )
    keep = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    given = {"DJANGO_SETTINGS_MODULE": "config.settings.production", **keep, **env}
    return subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=given, capture_output=True, text=True
    )


def test_production_settings_start_with_a_good_environment():
    done = start(GOOD)
    assert done.stdout == "False False False True ['https://ybj.example.gov.cn'] True\n", (
        done.stderr
    )


def test_production_settings_refuse_an_empty_environment():
    done = start({})
    assert done.returncode == 1
    assert "ImproperlyConfigured" in done.stderr
    assert all(f"{name} 未设置" in done.stderr for name in REQUIRED)


def test_production_settings_refuse_the_development_key():
    done = start({**GOOD, "FIELD_KEYS": DEVELOPMENT})
    assert done.returncode == 1
    assert "FIELD_KEYS 含开发用密钥" in done.stderr
