"""A complete production environment with random keys, for checks and image builds only.

`python scripts/throwaway.py` prints it as lines for a shell; nothing of it is kept.
"""

import base64
import secrets
import shlex


def environment(folder: str) -> dict[str, str]:
    """Variables that satisfy config/required.py; `folder` is where files would be written."""
    return {
        "DJANGO_SETTINGS_MODULE": "config.settings.production",
        "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none",
        "REDIS_URL": "redis://127.0.0.1:1/0",
        "SECRET_KEY": secrets.token_urlsafe(60),
        "FIELD_KEYS": _key(),
        "HASH_KEYS": _key(),
        "EVENT_KEYS": _key(),
        "ALLOWED_HOSTS": "ybj.example.invalid",
        "PUBLIC_URL": "https://ybj.example.invalid",
        "FILES_DIR": f"{folder}/files",
        "VAR_DIR": folder,
        "SMS_GATEWAY": "residents.sms.HttpGateway",
        "SMS_HTTP_URL": "https://sms.example.invalid/",
        "SMS_HTTP_TOKEN": secrets.token_urlsafe(20),
    }


def _key() -> str:
    return "k1:" + base64.b64encode(secrets.token_bytes(32)).decode()


if __name__ == "__main__":
    for name, value in environment("/tmp/throwaway").items():
        print(f"export {name}={shlex.quote(value)}")
