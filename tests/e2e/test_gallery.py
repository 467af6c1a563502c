"""Every page of the galleries is looked at as the walker looks: axe, the console, requests that
failed, text and targets, nothing that scrolls sideways; and no page is missing from them.
The clocks run over the same demonstration.
"""

import csv
from urllib.parse import urlsplit

import pytest
from django.urls import Resolver404, resolve

from tests.clocks import run_every_clock
from tests.e2e import gallery
from tests.e2e.people import enter
from tests.e2e.walker import Walker
from tests.test_urls_by_role import TABLE

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

# What answers to some role and is in no gallery, and why.
NOT_PAGES = {
    "healthz": "JSON for the load balancer",
    "readyz": "JSON for the load balancer",
    "places/destinations/": "a fragment that htmx puts into the step",
    "places/destinations.json": "JSON for the search box",
    "account/export/": "a download",
    "cases/files/<int:pk>/": "a download",
    "cases/files/<int:pk>/<slug:size>/": "a picture",
    "cases/letters/<int:pk>.pdf": "a PDF",
    "cases/letters/<int:pk>/<int:page>.jpg": "a picture",
    "filings/blank/<slug:form>.pdf": "a PDF",
    "admin/jsi18n/": "a script",
    "admin/reimbursements/settlementpolicy/<int:pk>/export.yaml": "a download",
}


@pytest.fixture
def demo(live_server, settings, tmp_path):
    """The demonstration and what the galleries add to it; the address of the site."""
    settings.DEMONSTRATION = True
    settings.FILES_DIR = tmp_path / "files"
    settings.SMS_GATEWAY = "residents.sms.DevelopmentGateway"
    gallery.make_demo()
    return live_server.url


def answers() -> set[str]:
    """The patterns that some role reads."""
    with TABLE.open(encoding="utf-8", newline="") as source:
        rows = [row for row in csv.DictReader(source) if row["method"] == "GET"]
    return {row["pattern"].replace("^", "") for row in rows if "200" in row.values()}


def visited(shots) -> set[str]:
    """The patterns of the addresses of these pictures."""
    found = set()
    for shot in shots:
        try:
            found.add(resolve(urlsplit(shot.address).path).route)
        except Resolver404:  # the picture of a page that does not exist
            continue
    return found


def missing_from(shots) -> list[str]:
    """What is wrong with the galleries themselves."""
    pages, seen = answers(), visited(shots)
    return [
        *(f"{page}: no gallery visits it" for page in pages - seen - set(NOT_PAGES)),
        *(f"{page}: answers nobody any more" for page in set(NOT_PAGES) - pages),
        *(f"{page}: is visited after all" for page in set(NOT_PAGES) & seen),
    ]


def walk(browser, url: str, shots) -> list[str]:
    """Look at each of these pages; what is wrong with them."""
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, locale="zh-CN", timezone_id="Asia/Shanghai"
    )
    walker = Walker(context.new_page(), url)
    wrong = []
    for shot in shots:
        enter(context, shot.who, url)
        try:
            walker.page.goto(url + shot.address)
            if shot.act:
                shot.act(walker.page)
            walker.look()
        except AssertionError as error:
            wrong.append(f"{shot.name}: {error}")
            walker.troubles.clear()
    context.close()
    return wrong


def test_every_page_of_residents_is_sound_and_every_clock_runs_over_the_demonstration(
    browser, demo
):
    """Both in one, since making a demonstration takes as long as walking forty pages."""
    assert walk(browser, demo, gallery.residents()) == []
    assert run_every_clock((0, 1, 8, 45)) == []


def test_every_page_of_the_desk_is_sound_and_none_of_the_table_of_addresses_is_missing(
    browser, demo
):
    desk, residents = gallery.desk(), gallery.residents()
    assert walk(browser, demo, desk) == []
    assert missing_from([*desk, *residents]) == []
    # `make shots` asks for the pictures anew at each width, of the same demonstration.
    names = sorted(shot.name for shot in (*residents, *desk))
    assert sorted(shot.name for shot in gallery.shots()) == names
