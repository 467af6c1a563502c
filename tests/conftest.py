"""What holds for every test: the strict guards, clean state, and the helpers of services."""

import os
import shutil

import pytest
from django.conf import settings
from django.db import connection
from hypothesis import settings as hypothesis_settings

from tests.caches import forget_all
from tests.strict import network, queries
from tests.workers import empty_queue, no_worker_unasked, real_worker, worker_pool

__all__ = ["empty_queue", "no_worker_unasked", "real_worker", "worker_pool"]

# Where the longest tests are, in the order in which they begin: none is left for the end, when
# the other processes have nothing to do, and those of one file stay with one process.
LONGEST = (
    "services/test_storm",
    "services/test_launcher",
    "services/",
    # Each of the two to another process: one is given two at a time.
    "e2e/test_gallery.py::test_every_page_of_residents",
    "e2e/test_payment_journeys.py::test_every_page",
    "e2e/test_gallery.py::test_every_page_of_the_desk",
    "e2e/test_ways_of_filing.py::test_a_filing_in_the_large_mode",
    "e2e/test_claim_journeys",
    "e2e/",
    "test_urls_by_role",
)

network.install()

# A test may be killed, but none loses power: nothing has to reach the disk before it goes on.
os.fsync = lambda handle: None

# A property is about what holds, not about how busy the machine is; speed is for the bench.
# The suite asks the same questions each time, so that a change is judged by itself; to look
# for new ones, SEARCH=1 asks others on each run.
SEARCHING = bool(os.environ.get("SEARCH"))
hypothesis_settings.register_profile("suite", deadline=None, derandomize=not SEARCHING)
hypothesis_settings.load_profile("suite")


def pytest_configure(config):
    config.addinivalue_line(
        "filterwarnings", "error::django.core.paginator.UnorderedObjectListWarning"
    )


def pytest_report_header(config):
    return f"order of unordered rows: YB_SEED={queries.SEED}"


@pytest.fixture(scope="session", autouse=True)
def strict(django_test_environment):
    """Every guard of tests/strict, from the first test to the last."""
    queries.install()


@pytest.fixture(autouse=True)
def empty_cache():
    """Limits and codes of one test never reach the next."""
    forget_all()
    yield
    forget_all()


def pytest_collection_modifyitems(config, items):
    """What takes longest begins first. A test of services never passes by being skipped:
    without them it fails at set-up."""
    items.sort(key=_turn)
    for item in items:
        if item.get_closest_marker("postgres") or item.get_closest_marker("services"):
            item.fixturenames.insert(0, "needed_services")


def _turn(item) -> int:
    starts = (n for n, start in enumerate(LONGEST) if item.nodeid.startswith(f"tests/{start}"))
    return next(starts, len(LONGEST))


@pytest.fixture(scope="session")
def needed_services():
    """PostgreSQL and Redis, by DATABASE_URL and REDIS_URL (`make services` starts both)."""
    missing = []
    if connection.vendor != "postgresql":
        missing.append("DATABASE_URL=postgres://…")
    if not settings.REDIS_URL:
        missing.append("REDIS_URL=redis://…")
    if missing:
        pytest.fail(
            "这项测试需要 " + " 与 ".join(missing) + ",见 scripts/services.py", pytrace=False
        )


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    """Debian's Chromium, since the project downloads no browser of its own."""
    # Playwright runs an event loop in this thread, which Django takes for asynchronous code.
    os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if not path:
        pytest.fail("没有找到 Chromium，请运行 scripts/services.py install", pytrace=False)
    arguments = ["--no-sandbox", "--disable-dev-shm-usage"] if os.getuid() == 0 else []
    return {**browser_type_launch_args, "executable_path": path, "args": arguments}
