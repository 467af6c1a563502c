"""What production must not run with. `manage.py check --deploy` asks always; settings with
PRODUCTION = True are asked at every start."""

from django.conf import settings
from django.core.checks import Error, Tags, register
from django.core.exceptions import ImproperlyConfigured

from residents import crypto
from residents.keys import parse_keys

DEVELOPMENT_GATEWAYS = ("ConsoleGateway", "DevelopmentGateway", "MemoryGateway")
DEVELOPMENT_SECRET = b"development-key"


def problems() -> list[Error]:
    """Every setting of this app that production refuses."""
    found = []
    if settings.SHOW_DEVELOPMENT_PAGES:
        found.append(
            Error(
                "SHOW_DEVELOPMENT_PAGES 会公开短信验证码和两步验证码，生产环境必须关闭。",
                hint="在生产设置中设为 False。",
                id="residents.E001",
            )
        )
    if settings.SMS_GATEWAY.rpartition(".")[2] in DEVELOPMENT_GATEWAYS:
        found.append(
            Error(
                f"SMS_GATEWAY 为开发用的 {settings.SMS_GATEWAY}，不会真正发送短信。",
                hint="设为生产短信网关，例如 residents.sms.HttpGateway。",
                id="residents.E002",
            )
        )
    return found + key_problems()


def key_problems() -> list[Error]:
    """Keys that are missing, malformed, or those of development."""
    found = []
    for name in ("FIELD_KEYS", "HASH_KEYS", "EVENT_KEYS"):
        try:
            keys = parse_keys(name, getattr(settings, name))
        except ImproperlyConfigured as error:
            found.append(Error(str(error), id="residents.E003"))
            continue
        if any(key.secret.startswith(DEVELOPMENT_SECRET) for key in keys):
            found.append(
                Error(
                    f"{name} 使用了公开的开发密钥，生产环境不能使用。",
                    hint="用 openssl rand -base64 32 生成，写成 编号：密钥（英文冒号）。",
                    id="residents.E004",
                )
            )
    try:
        crypto.current_prefix()
    except ImproperlyConfigured as error:
        found.append(Error(str(error), id="residents.E005"))
    return found


@register(Tags.security, deploy=True)
def check_for_deployment(app_configs, **kwargs) -> list[Error]:
    """Asked by `manage.py check --deploy`."""
    return problems()


@register(Tags.security)
def check_production(app_configs, **kwargs) -> list[Error]:
    """Asked at every start of settings that say they are production."""
    return problems() if getattr(settings, "PRODUCTION", False) else []
