"""Codes by text message: sent within limits, tried a few times, used once.

What the asker is told never depends on whether the phone has an account.
"""

import hmac
import logging
import secrets
from datetime import timedelta

from django.conf import settings
from django.db.models import F
from django.utils import timezone

from residents import limits, sms
from residents.crypto import keyed_hash, keyed_hashes
from residents.models import PhoneCode

logger = logging.getLogger(__name__)

DIGITS = 6
VALID_MINUTES = 5
MAX_ATTEMPTS = 5
RESEND_SECONDS = 60
PER_PHONE_HOUR = 5
PER_PHONE_DAY = 10
# A village service point or a call centre shares one address: generous.
PER_ADDRESS_HOUR = 200
WRONG_PER_ADDRESS_HOUR = 300
KEEP_HOURS = 24

HOUR, DAY = 3600, 24 * 3600


class CodeRefused(Exception):
    """No code was sent, or the typed one does not count; the Chinese text says why."""


def send_code(phone: str, address: str | None) -> PhoneCode:
    """Send a fresh code to `phone` (eleven digits), asked for from `address`.

    Raises CodeRefused when a limit is reached or the gateway does not take the message.
    """
    _require_within_limits(phone, address)
    _forget_old(phone)
    code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
    record = PhoneCode.objects.create(
        phone=phone,
        code_hash=keyed_hash("code", f"{phone}:{code}"),
        expires_at=timezone.now() + timedelta(minutes=VALID_MINUTES),
    )
    _send(phone, code, record)
    return record


def check_code(code_id: int | None, typed: str, address: str | None) -> PhoneCode:
    """The record of the code `typed`, now used up.

    `code_id` is what this browser's session remembers of `send_code`. Raises CodeRefused.
    """
    if not limits.consume("wrong", address or "-", WRONG_PER_ADDRESS_HOUR, HOUR):
        raise CodeRefused("从您所在的网络尝试次数过多，请一小时后再试。")
    record = PhoneCode.objects.filter(pk=code_id, used_at=None).first() if code_id else None
    if record is None or record.expires_at <= timezone.now():
        raise CodeRefused("验证码已失效，请重新获取。")
    if not _take_attempt(record):
        raise CodeRefused("验证码输错次数过多，已作废，请重新获取。")
    if not _matches(record, typed):
        left = MAX_ATTEMPTS - record.attempts - 1
        raise CodeRefused(_wrong(left))
    if not PhoneCode.objects.filter(pk=record.pk, used_at=None).update(used_at=timezone.now()):
        raise CodeRefused("验证码已失效，请重新获取。")
    return record


def _require_within_limits(phone: str, address: str | None) -> None:
    if not limits.consume("send-address", address or "-", PER_ADDRESS_HOUR, HOUR):
        raise CodeRefused("从您所在的网络获取验证码的次数过多，请一小时后再试。")
    if not limits.claim("send-again", phone, RESEND_SECONDS):
        raise CodeRefused(f"验证码刚刚发送过，请 {RESEND_SECONDS} 秒后再获取。")
    if not (
        limits.consume("send-hour", phone, PER_PHONE_HOUR, HOUR)
        and limits.consume("send-day", phone, PER_PHONE_DAY, DAY)
    ):
        raise CodeRefused("该手机号码获取验证码的次数过多，请过一段时间再试。")


def _send(phone: str, code: str, record: PhoneCode) -> None:
    text = (
        f"【{settings.SITE_NAME}】验证码 {code}，{VALID_MINUTES} 分钟内有效。"
        "请勿告诉他人；不是您本人操作请忽略。"
    )
    try:
        sms.gateway().send(phone, text)
    except Exception as error:  # whatever a gateway raises, the resident gets one sentence
        logger.error("sms_failed", extra={"gateway": settings.SMS_GATEWAY}, exc_info=error)
        record.delete()
        limits.release("send-again", phone)
        raise CodeRefused(
            "短信暂时发不出去，请过几分钟再试。急需办理可拨打参保地区号 + 12393。"
        ) from None


def _forget_old(phone: str) -> None:
    """Earlier codes of this phone no longer count; nothing is kept for longer than a day."""
    PhoneCode.objects.filter(phone_hash__in=keyed_hashes("phone", phone)).delete()
    limit = timezone.now() - timedelta(hours=KEEP_HOURS)
    PhoneCode.objects.filter(created_at__lt=limit).delete()


def _take_attempt(record: PhoneCode) -> bool:
    """Count one attempt in the database, so that two requests never share one."""
    rows = PhoneCode.objects.filter(pk=record.pk, attempts__lt=MAX_ATTEMPTS)
    return bool(rows.update(attempts=F("attempts") + 1))


def _matches(record: PhoneCode, typed: str) -> bool:
    candidates = keyed_hashes("code", f"{record.phone}:{typed}")
    found = [hmac.compare_digest(record.code_hash, candidate) for candidate in candidates]
    return any(found)


def _wrong(left: int) -> str:
    if left <= 0:
        return "验证码不正确，次数已用完，请重新获取。"
    return f"验证码不正确，还可以再试 {left} 次。请核对短信里的最新验证码。"
