"""The test suite: fast, strict, and on whatever DATABASE_URL and REDIS_URL name."""

import os
import tempfile
from pathlib import Path

VAR = Path(os.environ.setdefault("VAR_DIR", tempfile.mkdtemp(prefix="yb-test-")))

from config.settings.base import *  # noqa: E402, F403
from config.settings.base import TEMPLATES  # noqa: E402

SECRET_KEY = "test-only-not-a-secret-0123456789abcdefghijklmnopqrstuvw"
FIELD_KEYS = "dev1:" + "ZGV2ZWxvcG1lbnQta2V5LW5vdC1hLXNlY3JldC0wMDE="
HASH_KEYS = "dev1:" + "ZGV2ZWxvcG1lbnQta2V5LW5vdC1hLXNlY3JldC0wMDI="
EVENT_KEYS = "dev1:" + "ZGV2ZWxvcG1lbnQta2V5LW5vdC1hLXNlY3JldC0wMDM="
ALLOWED_HOSTS = ["*"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
SMS_GATEWAY = "residents.sms.MemoryGateway"
SHOW_DEVELOPMENT_PAGES = True
# An undefined variable in a template is a bug, not an empty string.
UNDEFINED = "!!未定义变量 %s!!"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
TEMPLATES[0]["OPTIONS"]["debug"] = True
