"""What the journeys share: reference data, a walker for each screen, and the published work."""

from pathlib import Path
from queue import Empty

import pytest
from celery import current_app
from django.core.management import call_command
from django.db import connection
from PIL import Image

from filings.rules_store import forget_rulebook
from tests.e2e.walker import DESK, PHONE, Walker


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix, tmp_path_factory):
    """A database in a file: a browser asks for several things at once, and with SQLite in
    memory one of them would find its table locked instead of waiting its turn."""
    if connection.vendor == "sqlite":
        name = tmp_path_factory.mktemp("database") / "e2e.sqlite3"
        connection.settings_dict["TEST"]["NAME"] = str(name)


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(settings, tmp_path):
    settings.FILES_DIR = tmp_path / "files"
    settings.SMS_GATEWAY = "residents.sms.DevelopmentGateway"
    settings.DEMONSTRATION = False


@pytest.fixture
def site(live_server, transactional_db, settings):
    """The address of a running site with the reference data and rules of `make run`."""
    forget_rulebook()
    for command in ("load_reference", "load_rules"):
        call_command(command, verbosity=0)
    settings.PUBLIC_URL = live_server.url
    do_published_work()
    yield live_server.url
    forget_rulebook()


@pytest.fixture
def screens(browser, site):
    """Makes walkers, each in a browser context of its own; nothing may be wrong at the end."""
    made = []

    def make(*, elder=False, scripts=True, desk=False) -> Walker:
        width, height = DESK if desk else PHONE
        context = browser.new_context(
            viewport={"width": width, "height": height},
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            java_script_enabled=scripts,
            accept_downloads=True,
        )
        if elder:
            context.add_cookies([{"name": "elder", "value": "1", "url": site}])
        walker = Walker(context.new_page(), site, elder=elder, scripts=scripts)
        made.append(walker)
        return walker

    yield make
    for walker in made:
        assert walker.troubles == []
        walker.page.context.close()


@pytest.fixture
def phone(screens) -> Walker:
    """A resident's phone."""
    return screens()


def do_published_work() -> list[str]:
    """Do what was published to the broker, by the tasks of those names; what was done.

    A worker would take the same messages: nothing is done here that was not published.
    """
    done = []
    current_app.loader.import_default_modules()
    with current_app.connection_for_read() as connection:
        queue = connection.SimpleQueue("celery")
        while True:
            try:
                message = queue.get(block=False)
            except Empty:
                break
            name, (args, kwargs, _) = message.headers["task"], message.payload
            message.ack()
            current_app.tasks[name](*args, **kwargs)
            done.append(name)
        queue.close()
    return done


def work(walker: Walker) -> list[str]:
    """The worker's turn, while the browser asks for nothing."""
    address = walker.page.url
    walker.page.goto("about:blank")
    done = do_published_work()
    walker.page.goto(address)
    return done


@pytest.fixture
def photo(tmp_path) -> Path:
    """A picture as a phone takes it."""
    path = tmp_path / "居住证.jpg"
    Image.new("RGB", (1200, 1600), "#fffdf5").save(path)
    return path
