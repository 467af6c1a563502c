"""Encryption of single columns, and keyed hashes by which they can be found.

A ciphertext reads `<cipher>:<key id>:<base64 of nonce, ciphertext and tag>`, so that the
cipher and the key may change while old rows stay readable. Table and column are bound
to it as associated data: a value copied into another column does not decrypt.
A keyed hash reads `<key id>:<base64>`; a hash key whose id begins with "sm3" hashes with
HMAC-SM3, any other with HMAC-SHA-256.
"""

import base64
import hashlib
import hmac
import os
import re
import unicodedata
from functools import cached_property, lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hmac import HMAC
from django.conf import settings
from django.core.exceptions import FieldError, ImproperlyConfigured
from django.db import models

from residents.keys import Key, parse_keys

NONCE_BYTES = 12
TAG_BYTES = 16
HASH_LENGTH = 80


class DecryptionError(Exception):
    """A stored value could not be decrypted: unknown key, or not written for this column."""


class _AesGcm:
    """AES-256-GCM under a key derived from the master key for this cipher alone."""

    code = "aes"

    def __init__(self, secret: bytes):
        self._aead = AESGCM(_derive(secret, b"AES-256-GCM"))

    def encrypt(self, nonce: bytes, data: bytes, bound_to: bytes) -> bytes:
        return self._aead.encrypt(nonce, data, bound_to)

    def decrypt(self, nonce: bytes, data: bytes, bound_to: bytes) -> bytes:
        return self._aead.decrypt(nonce, data, bound_to)


class _Sm4Gcm:
    """SM4-GCM (128-bit key), for agencies that must use the national ciphers."""

    code = "sm4"

    def __init__(self, secret: bytes):
        self._algorithm = algorithms.SM4(_derive(secret, b"SM4-GCM")[:16])

    def encrypt(self, nonce: bytes, data: bytes, bound_to: bytes) -> bytes:
        encryptor = Cipher(self._algorithm, modes.GCM(nonce)).encryptor()
        encryptor.authenticate_additional_data(bound_to)
        return encryptor.update(data) + encryptor.finalize() + encryptor.tag

    def decrypt(self, nonce: bytes, data: bytes, bound_to: bytes) -> bytes:
        data, tag = data[:-TAG_BYTES], data[-TAG_BYTES:]
        decryptor = Cipher(self._algorithm, modes.GCM(nonce, tag)).decryptor()
        decryptor.authenticate_additional_data(bound_to)
        return decryptor.update(data) + decryptor.finalize()


CIPHERS = {"AES-256-GCM": _AesGcm, "SM4-GCM": _Sm4Gcm}
_BY_CODE = {cipher.code: cipher for cipher in CIPHERS.values()}


def _derive(secret: bytes, purpose: bytes) -> bytes:
    return hmac.digest(secret, purpose, hashlib.sha256)


@lru_cache(maxsize=64)
def _engine(code: str, secret: bytes):
    return _BY_CODE[code](secret)


def field_keys() -> tuple[Key, ...]:
    """The keys of the encrypted columns, newest first."""
    return parse_keys("FIELD_KEYS", settings.FIELD_KEYS)


def hash_keys() -> tuple[Key, ...]:
    """The keys of the keyed hashes, newest first."""
    return parse_keys("HASH_KEYS", settings.HASH_KEYS)


def current_prefix() -> str:
    """How a ciphertext written now begins: cipher and key id."""
    return _sealer(settings.FIELD_CIPHER, settings.FIELD_KEYS)[0]


@lru_cache(maxsize=16)
def _sealer(cipher_name: str, keys: str) -> tuple:
    """(prefix, engine) for what is written under these settings."""
    cipher = CIPHERS.get(cipher_name)
    if cipher is None:
        raise ImproperlyConfigured("FIELD_CIPHER 只能是 AES-256-GCM 或 SM4-GCM。")
    newest = parse_keys("FIELD_KEYS", keys)[0]
    return f"{cipher.code}:{newest.id}:", _engine(cipher.code, newest.secret)


def encrypt(text: str, bound_to: str) -> str:
    """Ciphertext of `text` under the newest key, readable only for `bound_to`."""
    prefix, engine = _sealer(settings.FIELD_CIPHER, settings.FIELD_KEYS)
    nonce = os.urandom(NONCE_BYTES)
    sealed = nonce + engine.encrypt(nonce, text.encode(), bound_to.encode())
    return prefix + base64.b64encode(sealed).decode("ascii")


@lru_cache(maxsize=64)
def _opener(keys: str, code: str, key_id: str):
    """The engine for what was written with this cipher and key; None where there is none."""
    known = {key.id: key.secret for key in parse_keys("FIELD_KEYS", keys)}
    return _engine(code, known[key_id]) if code in _BY_CODE and key_id in known else None


def decrypt(stored: str, bound_to: str) -> str:
    """The text of a ciphertext. Raises DecryptionError; its message holds no personal data."""
    code, _, rest = stored.partition(":")
    key_id, _, encoded = rest.partition(":")
    engine = _opener(settings.FIELD_KEYS, code, key_id)
    if engine is None:
        raise DecryptionError(f"{bound_to}: no key {key_id[:24]!r} for cipher {code[:8]!r}")
    try:
        sealed = base64.b64decode(encoded, validate=True)
        nonce, data = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
        return engine.decrypt(nonce, data, bound_to.encode()).decode()
    except (InvalidTag, ValueError) as error:
        raise DecryptionError(f"{bound_to}: ciphertext damaged or not of this column") from error


# --- keyed hashes -------------------------------------------------------------------

_SPACES = re.compile(r"[\s\u200b\ufeff]+")
_DOTS = re.compile(r"[.\u2022\u2027\u30fb\uff65\u22c5\u2219]")
_COUNTRY = re.compile(r"^(\+|00)?86(?=1[0-9]{10}$)")


def _plain(value: str) -> str:
    if value.isascii() and value.isalnum():  # most numbers: nothing to narrow
        return value.upper()
    return _SPACES.sub("", unicodedata.normalize("NFKC", value)).upper()


def _phone(value: str) -> str:
    return _COUNTRY.sub("", re.sub(r"[-()]", "", _plain(value)))


def _name(value: str) -> str:
    """A name as compared: the dot inside a name of a minority is typed in many ways."""
    return _DOTS.sub("\u00b7", _plain(value))


def _digits(value: str) -> str:
    return _plain(value).replace("-", "")


NORMALISERS = {"id": _digits, "phone": _phone, "name": _name, "bank": _digits, "code": _plain}


def normalise(kind: str, value: str) -> str:
    """The form of a value under which it is compared. Raises ValueError for another kind."""
    if kind not in NORMALISERS:
        raise ValueError(f"unknown kind of keyed hash: {kind!r}")
    return NORMALISERS[kind](value)


def keyed_hash(kind: str, value: str) -> str:
    """The keyed hash of a value under the newest key; for storing."""
    return _hash_with(hash_keys()[0], kind, normalise(kind, value))


def keyed_hashes(kind: str, value: str) -> list[str]:
    """One keyed hash per live key, newest first; for looking up with `__in`."""
    text = normalise(kind, value)
    return [_hash_with(key, kind, text) for key in hash_keys()]


def _hash_with(key: Key, kind: str, text: str) -> str:
    message = f"{kind}\0{text}".encode()
    if key.id.startswith("sm3"):
        mac = HMAC(key.secret, hashes.SM3())
        mac.update(message)
        digest = mac.finalize()
    else:
        digest = hmac.digest(key.secret, message, hashlib.sha256)
    return f"{key.id}:{base64.urlsafe_b64encode(digest).rstrip(b'=').decode('ascii')}"


# --- fields -------------------------------------------------------------------------


class EncryptedTextField(models.TextField):
    """Text that is encrypted in the database and plain in Python.

    Cannot be filtered or sorted by: look up through the KeyedHashField beside it.
    Empty text and null are stored as they are.
    """

    description = "加密文本"

    @cached_property
    def bound_to(self) -> str:
        """The associated data of this column's ciphertexts."""
        return f"{self.model._meta.db_table}.{self.column}"

    def get_db_prep_save(self, value, connection):
        if hasattr(value, "as_sql"):  # bulk_update: its inner values come here again
            return value
        value = self.get_prep_value(value)
        return encrypt(value, self.bound_to) if value else value

    def from_db_value(self, value, expression, connection):
        return decrypt(value, self.bound_to) if value else value

    def get_lookup(self, lookup_name):
        if lookup_name == "isnull":
            return super().get_lookup(lookup_name)
        raise FieldError(f"{self.name} is encrypted; look it up through its keyed hash")


class KeyedHashField(models.CharField):
    """The keyed hash of another field of the same row, kept in step on every save.

    `kind` names the normalisation, `source` the field hashed. Without a source the hash is
    set by hand; `rotate_from` then names an attribute or property of the row that gives the
    value when the hash keys rotate. With neither, rotation can only report the column.
    """

    description = "带密钥摘要"

    def __init__(self, *args, kind: str, source: str = "", rotate_from: str = "", **kwargs):
        self.kind, self.source, self.rotate_from = kind, source, rotate_from or source
        kwargs.setdefault("max_length", HASH_LENGTH)
        kwargs.setdefault("editable", False)
        super().__init__(*args, **kwargs)

    def deconstruct(self):
        # Without rotate_from: it changes no table, so that it needs no migration.
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "kind": self.kind, "source": self.source}

    def hash_of(self, value) -> str | None:
        """The stored form for a value of the source; nothing for an empty one."""
        if value:
            return keyed_hash(self.kind, value)
        return None if self.null else ""

    def pre_save(self, model_instance, add):
        if self.source:
            value = self.hash_of(getattr(model_instance, self.source))
            setattr(model_instance, self.attname, value)
        return super().pre_save(model_instance, add)
