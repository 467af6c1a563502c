"""Development and the demonstration: embedded defaults, nothing to configure."""

from config.settings.base import *  # noqa: F403
from config.settings.base import VAR_DIR

DEBUG = False  # the pages a developer sees are the pages a resident sees
SECRET_KEY = "development-only-not-a-secret-0123456789abcdefghijklmnop"
FIELD_KEYS = "dev1:" + "ZGV2ZWxvcG1lbnQta2V5LW5vdC1hLXNlY3JldC0wMDE="
HASH_KEYS = "dev1:" + "ZGV2ZWxvcG1lbnQta2V5LW5vdC1hLXNlY3JldC0wMDI="
EVENT_KEYS = "dev1:" + "ZGV2ZWxvcG1lbnQta2V5LW5vdC1hLXNlY3JldC0wMDM="
ALLOWED_HOSTS = ["*"]
SHOW_DEVELOPMENT_PAGES = True
DEMONSTRATION = True
SMS_GATEWAY = "residents.sms.DevelopmentGateway"
VAR_DIR.mkdir(parents=True, exist_ok=True)
STATICFILES_STORAGE_MANIFEST = False
WHITENOISE_USE_FINDERS = True
