"""What a production environment must say before the system starts. Pure: reads a mapping.

Every message names the variable and how to mend it, and never repeats a secret.
"""

import base64
import binascii
import re
from collections.abc import Mapping
from urllib.parse import urlsplit

REQUIRED = (
    "DATABASE_URL",
    "REDIS_URL",
    "SECRET_KEY",
    "FIELD_KEYS",
    "HASH_KEYS",
    "EVENT_KEYS",
    "ALLOWED_HOSTS",
    "PUBLIC_URL",
    "FILES_DIR",
    "SMS_GATEWAY",
)
KEY_LISTS = ("FIELD_KEYS", "HASH_KEYS", "EVENT_KEYS")
DEVELOPMENT_SWITCHES = ("SHOW_DEVELOPMENT_PAGES", "DEMONSTRATION", "DEBUG")
DEVELOPMENT_GATEWAYS = ("ConsoleGateway", "DevelopmentGateway", "MemoryGateway")
CIPHERS = ("AES-256-GCM", "SM4-GCM")
SECRET_KEY_LENGTH = 50
KEY_BYTES = 32
# Every key of config/settings/dev.py and test.py carries one of these ids or phrases.
DEVELOPMENT_IDS = re.compile(r"(dev|test|demo|example)", re.IGNORECASE)
DEVELOPMENT_PHRASES = re.compile(r"development|not-a-secret|test-only|changeme|insecure", re.I)
OFF = ("", "0", "false", "no", "off")


def problems(env: Mapping[str, str]) -> list[str]:
    """Everything that keeps production from starting with this environment; empty when fit."""
    found = [f"{name} 未设置。" for name in REQUIRED if not env.get(name, "").strip()]
    found += [
        f"{name} 只用于开发，生产环境不得开启。"
        for name in DEVELOPMENT_SWITCHES
        if env.get(name, "").strip().lower() not in OFF
    ]
    for check in (_secret_key, _keys, _gateway, _hosts, _public_url, _database, _broker, _files):
        found += check(env)
    if env.get("FIELD_CIPHER", CIPHERS[0]) not in CIPHERS:
        found.append(f"FIELD_CIPHER 应为 {' 或 '.join(CIPHERS)}。")
    return found


def _secret_key(env: Mapping[str, str]) -> list[str]:
    key = env.get("SECRET_KEY", "")
    if not key:
        return []
    if DEVELOPMENT_PHRASES.search(key):
        return ["SECRET_KEY 是开发用密钥，请另行生成。"]
    if len(key) < SECRET_KEY_LENGTH or len(set(key)) < 10:
        return [f"SECRET_KEY 太短或太简单，应为 {SECRET_KEY_LENGTH} 个以上的随机字符。"]
    return []


def _keys(env: Mapping[str, str]) -> list[str]:
    """Each list "id:base64(32 bytes)"; no development key, no key used for two purposes."""
    found, seen = [], {}
    for name in KEY_LISTS:
        for part in filter(None, (part.strip() for part in env.get(name, "").split(","))):
            key_id, _, encoded = part.partition(":")
            secret = _decode(encoded)
            if len(secret) != KEY_BYTES:
                found.append(f"{name} 格式不对，应为 编号：base64（32 字节），多个用逗号分隔。")
            elif DEVELOPMENT_IDS.match(key_id) or DEVELOPMENT_PHRASES.search(
                secret.decode("latin-1")
            ):
                found.append(f"{name} 含开发用密钥，请另行生成。")
            elif seen.setdefault(secret, name) != name:
                found.append(f"{name} 与 {seen[secret]} 使用了同一个密钥，每种用途须各自生成。")
    return found


def _decode(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error:
        return b""


def _gateway(env: Mapping[str, str]) -> list[str]:
    name = env.get("SMS_GATEWAY", "").rpartition(".")[2]
    if name in DEVELOPMENT_GATEWAYS:
        return [f"SMS_GATEWAY 是开发用网关（{name}），请配置正式短信网关。"]
    if name != "HttpGateway":
        return []
    found = []
    if urlsplit(env.get("SMS_HTTP_URL", "")).scheme not in ("https", "http"):
        found.append("SMS_HTTP_URL 未设置或不是网址；HttpGateway 需要它。")
    if not env.get("SMS_HTTP_TOKEN", "").strip():
        found.append("SMS_HTTP_TOKEN 未设置；HttpGateway 需要它。")
    return found


def _hosts(env: Mapping[str, str]) -> list[str]:
    hosts = [host.strip() for host in env.get("ALLOWED_HOSTS", "").split(",")]
    if "*" in hosts:
        return ["ALLOWED_HOSTS 不得为 *,请写明域名，多个用逗号分隔。"]
    return []


def _public_url(env: Mapping[str, str]) -> list[str]:
    url = env.get("PUBLIC_URL", "")
    if url and (urlsplit(url).scheme != "https" or not urlsplit(url).hostname):
        return ["PUBLIC_URL 应为 https:// 开头的完整网址。"]
    return []


def _database(env: Mapping[str, str]) -> list[str]:
    url = env.get("DATABASE_URL", "")
    if url and urlsplit(url).scheme not in ("postgres", "postgresql"):
        return ["DATABASE_URL 应为 postgres:// 开头的地址；生产环境使用 PostgreSQL。"]
    return []


def _broker(env: Mapping[str, str]) -> list[str]:
    url = env.get("REDIS_URL", "")
    if url and urlsplit(url).scheme not in ("redis", "rediss", "unix"):
        return ["REDIS_URL 应以 redis://、rediss:// 或 unix:// 开头。"]
    return []


def _files(env: Mapping[str, str]) -> list[str]:
    folder = env.get("FILES_DIR", "")
    if folder and not folder.startswith("/"):
        return ["FILES_DIR 应为绝对路径。"]
    return []
