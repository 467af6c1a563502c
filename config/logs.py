"""Logs without personal data: every line passes `mask` before it is written.

Phones, ID numbers and bank numbers are recognised by their shape wherever they stand (in
messages, values, exceptions); names, addresses, passwords and codes by the key under
which they are logged, since no shape tells them.
"""

import re

import structlog

# A digit here is any decimal digit, full-width ones too; groups may be parted by one
# space or hyphen. A number inside a longer run of digits (a case number has 24) is left.
_START = r"(?<!\d)(?<!\d\.)"
_ID_OR_BANK = re.compile(_START + r"\d(?:[ -]?\d){13,17}(?:[ -]?[\dXx\uff38\uff58])(?!\d)")
_MOBILE = re.compile(_START + r"(?:\+?86[ -]?)?[1\uff11][3-9\uff13-\uff19](?:[ -]?\d){9}(?!\d)")
_LANDLINE = re.compile(_START + r"0\d{2,3}-\d{7,8}(?!\d)")
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
# A path segment nobody can guess opens a page by itself.
_TOKEN = re.compile(r"(?<=/)(?=[\w-]*\d)(?=[\w-]*[A-Za-z])([\w-]{4})[\w-]{16,}(?=/|$)")

PERSONAL_KEYS = ("name", "full_name", "person_name", "id_number", "phone", "mobile", "address")
CREDENTIAL_KEYS = ("password", "code", "otp", "token", "secret", "cookie", "cookies")
OTHER_KEYS = ("bank_account", "authorization", "signature", "answers")
SECRET_KEYS = frozenset(PERSONAL_KEYS + CREDENTIAL_KEYS + OTHER_KEYS)
HIDDEN = "***"
# Written by the logging machinery itself; holds the module's name, not a person's.
OWN_KEYS = frozenset({"timestamp", "level", "logger", "_record", "_from_structlog"})


def mask_text(text: str) -> str:
    """The text with every phone, ID and bank number reduced to its last two characters."""
    if _UUID.fullmatch(text):
        return text
    for pattern in (_ID_OR_BANK, _MOBILE, _LANDLINE):
        text = pattern.sub(lambda match: HIDDEN + match.group()[-2:], text)
    return text


def mask_value(value):
    """The value with personal data masked, at any depth; other objects as their masked repr."""
    if value is None or isinstance(value, bool | float):
        return value
    if isinstance(value, int):
        masked = mask_text(str(value))
        return value if masked == str(value) else masked
    if isinstance(value, str):
        return mask_text(value)
    if isinstance(value, dict):
        return {
            mask_value(key): HIDDEN if str(key).lower() in SECRET_KEYS else mask_value(item)
            for key, item in value.items()
        }
    if isinstance(value, list | tuple | set | frozenset):
        return [mask_value(item) for item in value]
    return mask_text(repr(value))


def mask_request(request: str) -> str:
    """ "GET /path?query" without the query (it may hold a name) and without unguessable tokens."""
    return _TOKEN.sub(r"\1…", request.partition("?")[0])


def mask(logger, method, event: dict) -> dict:
    """The structlog processor: the whole event, just before it is rendered."""
    shown = {}
    for key, value in event.items():
        if key in OWN_KEYS:
            shown[key] = value
        elif key.lower() in SECRET_KEYS and not _is_status(key, value):
            shown[key] = HIDDEN
        elif key == "request":
            shown[key] = mask_text(mask_request(str(value)))
        else:
            shown[key] = mask_value(value)
    return shown


def _is_status(key: str, value) -> bool:
    """The HTTP status of an answer stands under `code`, where a log-in code would be hidden."""
    return key == "code" and isinstance(value, int) and 100 <= value < 600


def configure(json_lines: bool, level: str = "INFO") -> dict:
    """Set structlog up and return Django's LOGGING: one stream, one format, always masked."""
    shared = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        # Lines that a machine collects are compared across servers and zones: UTC, said so.
        structlog.processors.TimeStamper(fmt="iso", utc=json_lines),
        structlog.stdlib.PositionalArgumentsFormatter(),
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"masked": formatter(json_lines, shared)},
        "handlers": {"stream": {"class": "logging.StreamHandler", "formatter": "masked"}},
        "root": {"handlers": ["stream"], "level": level},
        # Django's own handlers would write a second, unmasked line.
        "loggers": {
            "django": {"handlers": [], "level": level, "propagate": True},
            "django.server": {"handlers": [], "level": level, "propagate": True},
            # Greetings at every start.
            "axes.apps": {"level": "WARNING"},
            "pikepdf": {"level": "WARNING"},
        },
    }


def formatter(json_lines: bool, shared: list) -> dict:
    """The last steps of every line, whoever logged it: exception as text, mask, render."""
    if json_lines:
        render = structlog.processors.JSONRenderer(ensure_ascii=False)
    else:
        plain = structlog.dev.plain_traceback
        render = structlog.dev.ConsoleRenderer(colors=False, exception_formatter=plain)
    return {
        "()": structlog.stdlib.ProcessorFormatter,
        "foreign_pre_chain": shared,
        "processors": [
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            mask,
            render,
        ],
    }
