"""Settings of the bench: production's way of working, with keys and folders of its own."""

import os
from pathlib import Path

from config import logs
from config.settings.base import *  # noqa: F403
from config.settings.base import VAR_DIR

SECRET_KEY = "bench-only-not-a-secret-0123456789abcdefghijklmnopqrstuv"
FIELD_KEYS = "dev1:" + "ZGV2ZWxvcG1lbnQta2V5LW5vdC1hLXNlY3JldC0wMDE="
HASH_KEYS = "dev1:" + "ZGV2ZWxvcG1lbnQta2V5LW5vdC1hLXNlY3JldC0wMDI="
EVENT_KEYS = "dev1:" + "ZGV2ZWxvcG1lbnQta2V5LW5vdC1hLXNlY3JldC0wMDM="
ALLOWED_HOSTS = ["127.0.0.1", "testserver"]
SMS_GATEWAY = "residents.sms.DevelopmentGateway"
WHITENOISE_USE_FINDERS = True
Path(VAR_DIR, "staticfiles").mkdir(parents=True, exist_ok=True)

# One JSON line a request, as in production; written, but to where nobody reads it.
LOGGING = logs.configure(json_lines=True, level="INFO")
LOGGING["handlers"]["stream"] = {
    "class": "logging.FileHandler",
    "filename": os.path.join(VAR_DIR, "bench.log"),
    "formatter": "masked",
}
