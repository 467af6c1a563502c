"""Settings that hold everywhere. What differs is in dev, test and production."""

import logging
import os
from pathlib import Path

import dj_database_url
from csp.constants import NONCE, SELF

BASE_DIR = Path(__file__).resolve().parent.parent.parent
# Everything a run of the system writes lives under one folder.
VAR_DIR = Path(os.environ.get("VAR_DIR", BASE_DIR / "var"))
# Uploaded and issued files: outside the web root, served only by permission.
FILES_DIR = Path(os.environ.get("FILES_DIR", VAR_DIR / "files"))

DEBUG = False
SITE_NAME = "异地就医备案服务"
# The address residents reach; printed on forms and used in messages.
PUBLIC_URL = os.environ.get("PUBLIC_URL", "http://127.0.0.1:8000").rstrip("/")

INSTALLED_APPS = [
    "facilities",
    "residents",
    "casework",
    "registrations",
    "filings",
    "reimbursements",
    "config.admin_site.AdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "simple_history",
    "django_structlog",
    "csp",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.uploads.UploadRedirectMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "residents.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "residents.middleware.StaffSecondFactorMiddleware",
    "config.readonly.ReadOnlyGetMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["config.tags"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "config.context.site",
                "residents.context.acting_for",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"
CRISPY_FAIL_SILENTLY = False


def database(url: str) -> dict:
    """The connection for a DATABASE_URL; SQLite gets WAL and IMMEDIATE.

    With DEFERRED transactions concurrent writers on SQLite fail at once with
    "database is locked"; with IMMEDIATE they wait their turn.
    """
    config = dj_database_url.parse(url)
    if config["ENGINE"].endswith("sqlite3"):
        config["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;"
            ),
        }
    else:
        config["CONN_MAX_AGE"] = 600
        # Django writes joins from the row that is looked for outwards. To look for a better
        # order of nine tables took PostgreSQL ten times as long as to read the rows.
        options = config.setdefault("OPTIONS", {})
        own = options.get("options", "")
        options["options"] = f"-c join_collapse_limit=4 {own}".rstrip()
        config["CONN_HEALTH_CHECKS"] = True
    config["ATOMIC_REQUESTS"] = False
    return config


DATABASES = {
    "default": database(os.environ.get("DATABASE_URL", f"sqlite:///{VAR_DIR / 'db.sqlite3'}"))
}

REDIS_URL = os.environ.get("REDIS_URL", "")
CACHES = {
    "default": (
        {
            "BACKEND": "config.cache.SteadyRedisCache",
            "LOCATION": REDIS_URL,
            "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 1},
        }
        if REDIS_URL
        else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    )
}
SESSION_ENGINE = "residents.sessions"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 60 * 60 * 12
SESSION_COOKIE_NAME = "yb_session"
CSRF_COOKIE_NAME = "yb_csrf"
CSRF_FAILURE_VIEW = "config.errors.csrf_failure"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

AUTH_USER_MODEL = "residents.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
    "django.contrib.auth.hashers.ScryptPasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "residents:login"
LOGIN_REDIRECT_URL = "home"

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = Path(os.environ.get("STATIC_ROOT", VAR_DIR / "staticfiles"))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "config.assets.Plain"},
}
# node_modules holds the pinned front-end packages; each is mapped to /static/vendor/.
NODE_DIR = BASE_DIR / "node_modules"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "config.vendor.VendorFinder",
]

# Uploads: what one file, and one request, may weigh.
UPLOAD_MAX_BYTES = 20 * 1024 * 1024
UPLOAD_MAX_PIXELS = 60_000_000
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 3000
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Celery names a unix socket in its own way; everything else takes REDIS_URL as it is.
CELERY_BROKER_URL = (
    REDIS_URL.replace("unix://", "redis+socket://", 1).replace("?db=", "?virtual_host=")
    if REDIS_URL.startswith("unix://")
    else REDIS_URL or "memory://"
)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TIMEZONE = TIME_ZONE
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# A worker waits for its broker as long as that takes; by default it ends after 100 attempts.
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
# A task that is running when the broker goes may end: each is idempotent, and see config/broker.
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = False
# A killed worker's task would otherwise wait an hour to be given to another.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 300,
    "unacked_restore_interval": 3,
    "unacked_restore_throttle": 1,
    "socket_connect_timeout": 1,
    "socket_timeout": 5,
}
# A publish gives up within a second: the sweep delivers what it could not.
CELERY_TASK_PUBLISH_RETRY = False
# After so many hours the sweep gives back a case that a clerk took and left: ours.
CASE_TAKEN_HOURS = int(os.environ.get("CASE_TAKEN_HOURS", "24"))
# Lines of the worker go through LOGGING, masked like all others.
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TASK_REMOTE_TRACEBACKS = False

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:", "blob:"],
        "object-src": ["'none'"],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": ["'none'"],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"

# Personal data. Keys: "id:base64(32 bytes)", newest first, comma separated.
FIELD_CIPHER = os.environ.get("FIELD_CIPHER", "AES-256-GCM")  # or SM4-GCM
FIELD_KEYS = os.environ.get("FIELD_KEYS", "")
HASH_KEYS = os.environ.get("HASH_KEYS", "")
EVENT_KEYS = os.environ.get("EVENT_KEYS", "")  # HMAC of the event chains

SMS_GATEWAY = os.environ.get("SMS_GATEWAY", "residents.sms.ConsoleGateway")
# Residents: a dotted path to (name, id_number, phone) -> bool, or none.
REALNAME_CHECK = os.environ.get("REALNAME_CHECK", "")
# The META key that the reverse proxy overwrites with the client's address, if there is one.
CLIENT_ADDRESS_HEADER = os.environ.get("CLIENT_ADDRESS_HEADER", "")
SMS_HTTP_URL = os.environ.get("SMS_HTTP_URL", "")  # for residents.sms.HttpGateway
SMS_HTTP_TOKEN = os.environ.get("SMS_HTTP_TOKEN", "")
SHOW_DEVELOPMENT_PAGES = False  # in-box of codes and second factors
DEMONSTRATION = False  # marks every page as demonstration data

AXES_CLIENT_IP_CALLABLE = "residents.addresses.address_of"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_TEMPLATE = "residents/staff_locked.html"
AXES_ENABLE_ADMIN = False
# The connection, or the header that our own proxy overwrites; never a header of the client's.
AXES_CLIENT_IP_CALLABLE = "residents.addresses.address_of"

# A lost device is reset by an administrator; see docs/decisions/residents-second-factor.md.
MFA_SUPPORTED_TYPES = ["totp"]
MFA_FORMS = {
    "authenticate": "residents.staff_forms.StaffCodeForm",
    "reauthenticate": "residents.staff_forms.StaffCodeAgainForm",
    "activate_totp": "residents.staff_forms.StaffEnrolForm",
}
MFA_TOTP_ISSUER = SITE_NAME
MFA_TOTP_TOLERANCE = 1  # a device may be half a minute ahead or behind
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_ADAPTER = "residents.adapters.AccountAdapter"
ACCOUNT_USER_MODEL_EMAIL_FIELD = None  # staff have no e-mail address here
ACCOUNT_USER_MODEL_USERNAME_FIELD = "username"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_FORMS = {
    "login": "residents.staff_forms.StaffLoginForm",
    "reauthenticate": "residents.staff_forms.StaffReauthenticateForm",
}
MFA_ADAPTER = "residents.adapters.MFAAdapter"

SIMPLE_HISTORY_ENABLED = True
TEST_RUNNER = "django.test.runner.DiscoverRunner"

# One line a request, written when it is answered; addresses are in the access log only.
DJANGO_STRUCTLOG_CELERY_ENABLED = True
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False
DJANGO_STRUCTLOG_STATUS_START_LOG_LEVEL = logging.DEBUG
