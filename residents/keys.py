"""The keys of the settings: read once, checked, newest first."""

import base64
import binascii
import re
from dataclasses import dataclass
from functools import lru_cache

from django.core.exceptions import ImproperlyConfigured

KEY_BYTES = 32
_KEY_ID = re.compile(r"[A-Za-z0-9._-]{1,24}")


@dataclass(frozen=True)
class Key:
    """One secret with the name under which it is written beside what it protects."""

    id: str
    secret: bytes

    def __repr__(self):
        return f"Key({self.id})"


@lru_cache(maxsize=16)
def parse_keys(setting: str, value: str) -> tuple[Key, ...]:
    """The keys of "id:base64,id:base64", newest first.

    Raises ImproperlyConfigured (naming the setting, never the secret) when there is no
    key, an id occurs twice, or a secret is not 32 bytes of base64.
    """
    keys = tuple(_parse_one(setting, part.strip()) for part in value.split(",") if part.strip())
    if not keys:
        raise ImproperlyConfigured(
            f"{setting} 未设置：需要至少一个密钥，格式为 编号：base64（英文冒号）。"
        )
    if len({key.id for key in keys}) != len(keys):
        raise ImproperlyConfigured(f"{setting} 中有重复的密钥编号。")
    return keys


def _parse_one(setting: str, part: str) -> Key:
    key_id, _, encoded = part.partition(":")
    try:
        secret = base64.b64decode(encoded, validate=True)
    except binascii.Error:
        secret = b""
    if not _KEY_ID.fullmatch(key_id) or len(secret) != KEY_BYTES:
        raise ImproperlyConfigured(
            f"{setting} 中的密钥“{key_id[:24]}”格式不对：应为 编号：base64，密钥长 32 字节。"
        )
    return Key(key_id, secret)
