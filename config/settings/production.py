"""Production: everything from the environment, nothing assumed. See docs/operations.md."""

import os
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from config.required import problems

_problems = problems(os.environ)
if _problems:
    raise ImproperlyConfigured("配置有误，系统未启动:\n  " + "\n  ".join(_problems))

from config import logs  # noqa: E402
from config.settings.base import *  # noqa: E402, F403
from config.settings.base import PUBLIC_URL  # noqa: E402

SECRET_KEY = os.environ["SECRET_KEY"]
# Sessions signed with the former key stay valid while it is named here.
SECRET_KEY_FALLBACKS = [key for key in os.environ.get("SECRET_KEY_FALLBACKS", "").split(",") if key]
ALLOWED_HOSTS = [host.strip() for host in os.environ["ALLOWED_HOSTS"].split(",") if host.strip()]
_public = urlsplit(PUBLIC_URL)
CSRF_TRUSTED_ORIGINS = [f"{_public.scheme}://{_public.netloc}"]

# The reverse proxy ends TLS, overwrites these headers and is the only one who reaches us.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
CLIENT_ADDRESS_HEADER = os.environ.get("CLIENT_ADDRESS_HEADER", "HTTP_X_REAL_IP")
SECURE_SSL_REDIRECT = True
# Health is asked from inside, over plain HTTP.
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = int(os.environ.get("HSTS_SECONDS", 60 * 60 * 24 * 365))
SECURE_HSTS_INCLUDE_SUBDOMAINS = os.environ.get("HSTS_SUBDOMAINS", "1") == "1"
# Preloading binds the whole domain of the agency for years: theirs to decide, not ours.
SECURE_HSTS_PRELOAD = os.environ.get("HSTS_PRELOAD", "0") == "1"
SILENCED_SYSTEM_CHECKS = ["security.W021"]
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_HTTPONLY = False  # htmx reads it for its header

STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "config.assets.Hashed"},
}
LOGGING = logs.configure(json_lines=True, level=os.environ.get("LOG_LEVEL", "INFO"))
