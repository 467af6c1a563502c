"""A person at a screen: every page they come to is looked at before they go on.

A page fails for any axe violation, any error in the console (a report of the content policy
is one), any failed request, text or targets that are too small, and anything that makes it
scroll sideways, on a phone, on a desk, and zoomed in to 200 % on either.
"""

import hashlib
import re
from pathlib import Path

from playwright.sync_api import Page, expect

AXE = (
    Path(__file__).resolve().parent.parent.parent / "node_modules/axe-core/axe.min.js"
).read_text()
PHONE, DESK = (390, 844), (1280, 800)
# 1280 and 640 pixels at 200 %.
ZOOMED = ((640, 400), (320, 568))
# Refused input and what does not exist are answered like this, and are pages as well.
EXPECTED = (403, 404, 409, 422)

TARGETS = "a, button, input:not([type=hidden], [tabindex='-1']), select, textarea, summary"
TOO_SMALL = """([selector, least]) => [...document.querySelectorAll(selector)]
  .filter((e) => e.checkVisibility())
  .filter((e) => !e.closest(".skip, .visually-hidden, .notice p, [data-upload-plain]"))
  .map((e) => [e.outerHTML.slice(0, 120), e.getBoundingClientRect()])
  .filter(([, box]) => box.width && Math.min(box.width, box.height) < least - 0.5)
  .map(([html, box]) => `${html} ${box.width}x${box.height}`)"""
TOO_FINE = """(least) => [...document.querySelectorAll("body *")]
  .filter((e) => e.checkVisibility())
  .filter((e) => [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim()))
  .filter((e) => parseFloat(getComputedStyle(e).fontSize) < least)
  .map((e) => e.outerHTML.slice(0, 120))"""
# The elements within each other; of those that follow on one another alike, two stand for all.
SKELETON = """() => { const of = (e) => {
  const inner = [];
  for (const child of e.children) {
    const one = of(child);
    if (inner.at(-1) !== one || inner.at(-2) !== one) inner.push(one);
  }
  return e.tagName + "." + (e.getAttribute("class") || "") + (e.open || "") + `(${inner})`; };
  return of(document.documentElement); }"""
# What is focused must not lie under the bar at the bottom of a phone.
COVERED = """() => {
  const bar = document.querySelector(".primary-bar"), one = document.activeElement;
  if (!bar || !one || one === document.body || bar.contains(one)) return false;
  const a = bar.getBoundingClientRect(), b = one.getBoundingClientRect();
  return getComputedStyle(bar).position === "sticky" && b.top >= a.top && b.bottom <= a.bottom;
}"""
RING = """() => { const one = document.activeElement.matches(".choice input")
  ? document.activeElement.closest(".choice") : document.activeElement;
  const style = getComputedStyle(one);
  return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2; }"""

# Only what is wrong is described and sent: the same rules, a third of the time.
FAULTS = """axe.run({resultTypes: ["violations"], preload: false}).then((found) =>
  found.violations.map((rule) =>
    [rule.id, rule.nodes.map((node) => [node.target, node.html.slice(0, 120)])]))"""

_seen: set[tuple] = set()


class Walker:
    """One browser page and what went wrong on it."""

    def __init__(self, page: Page, url: str, *, elder: bool = False, scripts: bool = True):
        self.page, self.url, self.elder, self.scripts = page, url, elder, scripts
        self.troubles: list[str] = []
        page.set_default_timeout(15_000)
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.troubles.append(str(error)))
        page.on("response", self._response)
        page.on("requestfailed", self._failed)

    def _console(self, line) -> None:
        if line.type == "error" and not line.text.startswith("Failed to load resource"):
            self.troubles.append(line.text)

    def _response(self, response) -> None:
        document = response.request.resource_type in ("document", "fetch", "xhr")
        if response.status >= 500 or (
            response.status >= 400 and not (document and response.status in EXPECTED)
        ):
            self.troubles.append(f"{response.status} {response.url}")

    def _failed(self, request) -> None:
        if request.failure != "net::ERR_ABORTED":
            self.troubles.append(f"{request.failure} {request.url}")

    # --- going about -------------------------------------------------------------------

    def go(self, address: str) -> "Walker":
        """Open an address of the site and look at the page."""
        self.page.goto(address if address.startswith("http") else self.url + address)
        return self.look()

    def press(self, words: str, *, exact: bool = True) -> "Walker":
        """Press the button or follow the link of these words, and look at what comes."""
        main = self.page.locator("body")
        one = main.get_by_role("button", name=words, exact=exact)
        if one.count() == 0:
            one = main.get_by_role("link", name=words, exact=exact)
        with self.page.expect_navigation():
            one.first.click()
        return self.look()

    def choose(self, words: str) -> "Walker":
        """Tick the card whose words begin like this."""
        box = self.page.locator("main").get_by_role("radio", name=re.compile(f"^{words}"))
        if box.count() == 0:
            box = self.page.locator("main").get_by_role("checkbox", name=re.compile(f"^{words}"))
        box.first.check()
        return self

    def fill(self, label: str, text: str) -> "Walker":
        """Type into the field of this label."""
        self.page.get_by_label(label, exact=True).first.fill(text)
        return self

    def next(self) -> "Walker":
        """The one primary button."""
        return self.press("下一步")

    def sees(self, *words: str) -> "Walker":
        """These words stand on the page."""
        for each in words:
            expect(self.page.locator("body")).to_contain_text(each)
        return self

    @property
    def text(self) -> str:
        """What the page says."""
        return self.page.inner_text("body")

    # --- looking -----------------------------------------------------------------------

    def look(self) -> "Walker":
        """Everything that must hold on every page; once for each kind of page and width."""
        self.page.wait_for_load_state()
        assert self.troubles == [], (self.page.url, self.troubles)
        if self.scripts:
            skeleton = hashlib.sha1(self.page.evaluate(SKELETON).encode()).hexdigest()
            if (skeleton, self.elder) in _seen:
                return self
            self._look_closely()
            _seen.add((skeleton, self.elder))
        return self

    def _look_closely(self) -> None:
        was = self.page.viewport_size
        desk = "/admin/" in self.page.url
        assert not self.page.evaluate(COVERED), f"{self.page.url}: focus lies under the bar"
        self.page.evaluate(AXE)
        for size in (PHONE, DESK):
            self._size(size)
            self._axe()
            if not desk:
                self._sizes()
        for size in (PHONE, *ZOOMED) if not desk else (PHONE, DESK):
            self._size(size)
            wide = self.page.evaluate("document.documentElement.scrollWidth")
            assert wide <= size[0], f"{self.page.url}: {wide} px wide on {size[0]}"
        self.page.set_viewport_size(was)

    def _size(self, size: tuple[int, int]) -> None:
        self.page.set_viewport_size({"width": size[0], "height": size[1]})

    def _axe(self) -> None:
        found = self.page.evaluate(FAULTS)
        assert found == [], f"{self.page.url} at {self.page.viewport_size}: {found}"

    def _sizes(self) -> None:
        small = self.page.evaluate(TOO_SMALL, [TARGETS, 60 if self.elder else 44])
        assert small == [], self.page.url
        fine = self.page.evaluate(TOO_FINE, 24 if self.elder else 16)
        assert fine == [], self.page.url

    def ring(self) -> bool:
        """Whether what has the focus shows it."""
        return self.page.evaluate(RING)
