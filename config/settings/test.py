"""The test suite: fast, strict, and on whatever DATABASE_URL and REDIS_URL name."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

if not os.environ.get("VAR_DIR"):
    # Inherited by every process of the run; whoever made it takes it away.
    os.environ["VAR_DIR"] = tempfile.mkdtemp(prefix="yb-test-")
    atexit.register(shutil.rmtree, os.environ["VAR_DIR"], ignore_errors=True)
Path(os.environ["VAR_DIR"], "staticfiles").mkdir(parents=True, exist_ok=True)


def own_redis(url: str, worker: str) -> str:
    """The same Redis, a database of its own for each test process: gw0 → 1, gw1 → 2, …

    Emptying the cache in one process must not take the limits or tasks of another.
    """
    number = int(worker.removeprefix("gw") or 0) + 1 if worker else 0
    parts = urlsplit(url)
    if parts.scheme == "unix":
        query = {**dict(parse_qsl(parts.query)), "db": number}
        return f"unix://{parts.path}?{urlencode(query)}"
    return urlunsplit(parts._replace(path=f"/{number}"))


if os.environ.get("REDIS_URL"):
    # The same answer in the processes a test starts, which inherit both variables.
    os.environ["REDIS_URL"] = own_redis(
        os.environ["REDIS_URL"], os.environ.get("PYTEST_XDIST_WORKER", "")
    )

from config.settings.base import *  # noqa: E402, F403
from config.settings.base import MIDDLEWARE, TEMPLATES  # noqa: E402
from tests.strict.templates import Undefined  # noqa: E402

SECRET_KEY = "test-only-not-a-secret-0123456789abcdefghijklmnopqrstuvw"
FIELD_KEYS = "dev1:" + "ZGV2ZWxvcG1lbnQta2V5LW5vdC1hLXNlY3JldC0wMDE="
HASH_KEYS = "dev1:" + "ZGV2ZWxvcG1lbnQta2V5LW5vdC1hLXNlY3JldC0wMDI="
EVENT_KEYS = "dev1:" + "ZGV2ZWxvcG1lbnQta2V5LW5vdC1hLXNlY3JldC0wMDM="
ALLOWED_HOSTS = ["*"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# A worker process of a test keeps messages where the test can read them: in the database.
SMS_GATEWAY = os.environ.get("TEST_SMS_GATEWAY", "residents.sms.MemoryGateway")
SHOW_DEVELOPMENT_PAGES = True
# A page that would be refused by CSRF or CSP in a browser fails here (tests/strict/pages.py).
MIDDLEWARE = ["tests.strict.pages.StrictPages", *MIDDLEWARE]
TEMPLATES[0]["OPTIONS"]["debug"] = True
# An undefined variable in a template of ours is a bug, not an empty string.
TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = Undefined()
