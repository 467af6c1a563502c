"""Gateways for text messages. `settings.SMS_GATEWAY` names the one in use.

A gateway has `send(phone, text, key)`, which returns when the carrier has taken the message
and raises GatewayError when it has not. It gives up within a few seconds by itself. The key
is the same when a message is tried again, so that the platform can drop the repetition of
one that it took although nobody lived to hear it; log-in codes have none.
"""

import json
import sys
from typing import Protocol
from urllib import request as http
from urllib.error import URLError

from django.conf import settings
from django.utils.module_loading import import_string

from residents.models import DevelopmentMessage
from residents.personal import mask_phone


class GatewayError(Exception):
    """The message was not taken; the Chinese text says what the reader can do."""


class Gateway(Protocol):
    """What every gateway does."""

    def send(self, phone: str, text: str, key: str = "") -> None: ...


class ConsoleGateway:
    """Prints the message; for development without a browser."""

    def send(self, phone: str, text: str, key: str = "") -> None:
        print(f"短信 → {mask_phone(phone)}: {text}", file=sys.stderr, flush=True)


class DevelopmentGateway:
    """Keeps the message for the development in-box page; refuses in production."""

    def send(self, phone: str, text: str, key: str = "") -> None:
        if not settings.SHOW_DEVELOPMENT_PAGES:
            raise GatewayError("短信服务没有配置，请联系管理员。")
        DevelopmentMessage.objects.create(phone=phone, text=text)


class MemoryGateway:
    """Keeps messages in the process; for tests, which empty `sent` between them."""

    sent: list[tuple[str, str]] = []

    def send(self, phone: str, text: str, key: str = "") -> None:
        self.sent.append((phone, text))


class HttpGateway:
    """Hands messages to the agency's own message platform, as JSON over HTTP.

    POSTs {"phone", "text"} and, for messages of the outbox, "key" to
    `settings.SMS_HTTP_URL` with the bearer token `settings.SMS_HTTP_TOKEN`; any 2xx answer
    means taken. Gives up after five seconds.
    """

    timeout_seconds = 5

    def send(self, phone: str, text: str, key: str = "") -> None:
        if not settings.SMS_HTTP_URL.startswith(("https://", "http://")):
            raise GatewayError("短信服务没有配置，请联系管理员。")
        body = {"phone": phone, "text": text} | ({"key": key} if key else {})
        message = http.Request(
            settings.SMS_HTTP_URL,
            data=json.dumps(body).encode(),
            headers={
                "Content-Type": "application/json",
                "Authorization": f"Bearer {settings.SMS_HTTP_TOKEN}",
            },
        )
        try:
            http.urlopen(message, timeout=self.timeout_seconds).close()
        except (URLError, OSError) as error:
            raise GatewayError("短信服务暂时没有响应。") from error


def gateway() -> Gateway:
    """A gateway of the class that the settings name."""
    return import_string(settings.SMS_GATEWAY)()
