"""What is agreed to, word by word, and the record of it.

The law: 《中华人民共和国个人信息保护法》 art. 28–31 (sensitive data, separate consent,
what must be told, guardians of children under 14) and art. 15 (withdrawal). The text that
was shown is stored with its hash, so that a later wording never changes an old consent.
"""

import base64
import binascii
import hashlib
import io
from datetime import date
from pathlib import Path

from django.utils import timezone
from PIL import Image, UnidentifiedImageError

from residents.models import Consent, Holding

# Below this age every personal datum is sensitive, and only a guardian can agree (art. 31).
GUARDIAN_BELOW_AGE = 14
ADULT_AGE = 18


def _text(name: str) -> str:
    return (Path(__file__).parent / "texts" / f"{name}.txt").read_text("utf-8").strip()


SENSITIVE_DATA = _text("sensitive_data")

PROXY = _text("proxy")

GUARDIAN = _text("guardian")

# What the person is to the account, said from the agent's side.
AGENT_RELATION = {
    Holding.Relation.SPOUSE: "配偶",
    Holding.Relation.CHILD: "父母（监护人）",
    Holding.Relation.PARENT: "子女",
    Holding.Relation.OTHER: "其他亲属",
}

MAX_DRAWN_BYTES = 200 * 1024
MAX_DRAWN_SIDE = 4000
_PNG_URL = "data:image/png;base64,"


class InvalidSignature(ValueError):
    """The signature cannot be used; the Chinese message says how to mend it."""


def age_on(birth_date: date, day: date) -> int:
    """Whole years of age on a day."""
    had_birthday = (day.month, day.day) >= (birth_date.month, birth_date.day)
    return day.year - birth_date.year - (0 if had_birthday else 1)


def consent_kind(relation: str, birth_date: date | None, day: date) -> str | None:
    """Which consent, beside that to sensitive data, a relation needs: none for oneself,
    the guardian's for a minor child, the person's own mandate for anyone else."""
    if relation == Holding.Relation.SELF:
        return None
    minor = birth_date is not None and age_on(birth_date, day) < ADULT_AGE
    if relation == Holding.Relation.CHILD and minor:
        return Consent.Kind.GUARDIAN
    return Consent.Kind.PROXY


def proxy_text(kind: str, person: str, agent: str, relation: str) -> str:
    """The text of a mandate or guardian's consent with the names filled in."""
    template = GUARDIAN if kind == Consent.Kind.GUARDIAN else PROXY
    return template.format(person=person, agent=agent, relation=AGENT_RELATION[relation])


def record(account, kind: str, text: str, person=None, signature: str = "") -> Consent:
    """Store what was agreed to just now."""
    return Consent.objects.create(
        account=account,
        person=person,
        kind=kind,
        text=text,
        text_sha256=hashlib.sha256(text.encode()).hexdigest(),
        signature=signature,
    )


def withdraw(consent: Consent) -> None:
    """Note that a consent no longer holds; the row stays as the record of the past."""
    if consent.withdrawn_at is None:
        consent.withdrawn_at = timezone.now()
        consent.save(update_fields=["withdrawn_at"])


def check_drawn(data_url: str) -> str:
    """A signature drawn on the screen: a PNG data URL of bearable size.

    Returns it unchanged; raises InvalidSignature.
    """
    if not data_url.startswith(_PNG_URL):
        raise InvalidSignature("手写签名无法识别，请清除后重签，或改为输入姓名。")
    try:
        data = base64.b64decode(data_url[len(_PNG_URL) :], validate=True)
    except binascii.Error:
        raise InvalidSignature("手写签名无法识别，请清除后重签，或改为输入姓名。") from None
    if len(data) > MAX_DRAWN_BYTES:
        raise InvalidSignature("手写签名图片过大，请清除后重签，或改为输入姓名。")
    _require_png(data)
    return data_url


def _require_png(data: bytes) -> None:
    try:
        with Image.open(io.BytesIO(data), formats=["PNG"]) as image:
            sides = image.size
            image.verify()
    except (UnidentifiedImageError, OSError, SyntaxError, Image.DecompressionBombError):
        raise InvalidSignature("手写签名无法识别，请清除后重签，或改为输入姓名。") from None
    if max(sides) > MAX_DRAWN_SIDE:
        raise InvalidSignature("手写签名图片过大，请清除后重签，或改为输入姓名。")
