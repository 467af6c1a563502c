"""Development and the demonstration: embedded defaults, nothing to configure."""

import os
from pathlib import Path

_var = Path(os.environ.get("VAR_DIR") or Path(__file__).resolve().parent.parent.parent / "var")
_broker = _var / "run" / "redis.url"
if not os.environ.get("REDIS_URL") and _broker.is_file():
    # `make run` is running: commands started by hand reach the same worker.
    os.environ["REDIS_URL"] = _broker.read_text().strip()

from config import logs  # noqa: E402
from config.settings.base import *  # noqa: E402, F403
from config.settings.base import VAR_DIR  # noqa: E402

DEBUG = False  # the pages a developer sees are the pages a resident sees
SECRET_KEY = "development-only-not-a-secret-0123456789abcdefghijklmnop"
FIELD_KEYS = "dev1:" + "ZGV2ZWxvcG1lbnQta2V5LW5vdC1hLXNlY3JldC0wMDE="
HASH_KEYS = "dev1:" + "ZGV2ZWxvcG1lbnQta2V5LW5vdC1hLXNlY3JldC0wMDI="
EVENT_KEYS = "dev1:" + "ZGV2ZWxvcG1lbnQta2V5LW5vdC1hLXNlY3JldC0wMDM="
ALLOWED_HOSTS = ["*"]
SHOW_DEVELOPMENT_PAGES = True
DEMONSTRATION = True
SMS_GATEWAY = "residents.sms.DevelopmentGateway"
# Whitenoise wants its folder even where it finds the files at their source.
(VAR_DIR / "staticfiles").mkdir(parents=True, exist_ok=True)
WHITENOISE_USE_FINDERS = True
LOGGING = logs.configure(json_lines=False, level=os.environ.get("LOG_LEVEL", "INFO"))
