"""`make shots`: pictures of every page and one contact sheet per width, in var/shots/.

Not a test of its own (its name is not collected by `make test`): it is run to be looked at.
"""

import os
import re
import shutil
from pathlib import Path

import pytest

from tests.e2e import gallery
from tests.e2e.people import enter
from tests.e2e.sheets import contact_sheet

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

ROOT = Path(__file__).resolve().parent.parent.parent
# name, width, height, 长辈版, width on the sheet
WIDTHS = (
    ("phone-390", 390, 844, False, 390),
    ("desk-1280", 1280, 800, False, 640),
    ("elder-390", 390, 844, True, 390),
)

# Resolves when every picture of the page is there, also those that load late.
LOADED = """() => Promise.all([...document.images].map((image) => {
  image.loading = "eager";
  return image.complete || new Promise((done) => { image.onload = image.onerror = done; });
}))"""


def photograph(browser, url: str, folder: Path) -> list[Path]:
    """Take every picture at every width; returns the sheets."""
    shutil.rmtree(folder, ignore_errors=True)
    made = []
    for name, width, height, elder, shown in WIDTHS:
        here = folder / name
        here.mkdir(parents=True)
        context = browser.new_context(viewport={"width": width, "height": height}, locale="zh-CN")
        page = context.new_page()
        shots = [shot for shot in gallery.shots() if not (elder and shot.desk)]
        taken = [
            _take(page, url, shot, here, number, elder) for number, shot in enumerate(shots, 1)
        ]
        context.close()
        made.append(contact_sheet(taken, shown, folder / f"{name}.png"))
    return made


def _take(page, url, shot, folder: Path, number: int, elder: bool) -> tuple[str, Path]:
    enter(page.context, shot.who, url, elder=elder)
    page.goto(url + shot.address)
    if shot.act:
        shot.act(page)
    words = re.sub(r"\W+", "-", shot.name)
    path = folder / f"{number:03d}-{words}.png"
    _whole_page(page, path)
    return shot.name, path


def _whole_page(page, path: Path) -> None:
    """The page as if the screen were as high as it is, so that nothing sticks in its middle."""
    screen = page.viewport_size
    height = page.evaluate("document.documentElement.scrollHeight")
    page.set_viewport_size({"width": screen["width"], "height": max(height, screen["height"])})
    page.evaluate(LOADED)
    page.screenshot(path=path)
    page.set_viewport_size(screen)


def test_every_page_is_photographed(browser, live_server, settings):
    settings.DEMONSTRATION = True
    settings.SHOW_DEVELOPMENT_PAGES = True
    settings.SMS_GATEWAY = "residents.sms.DevelopmentGateway"
    gallery.make_demo()
    folder = Path(os.environ.get("SHOTS_DIR", ROOT / "var" / "shots"))
    for sheet in photograph(browser, live_server.url, folder):
        print(sheet)
        assert sheet.stat().st_size > 100_000
