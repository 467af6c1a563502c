"""A resident with a plain HTTP client: pages fetched, forms sent back, patience."""

import http.client
import re
import time
from dataclasses import dataclass, field
from datetime import date
from urllib.parse import urlencode

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
TAGS = re.compile(r"<[^>]+>|\s+")
VERSION = re.compile(r'name="version"[^>]*value="(\d+)"|value="(\d+)"[^>]*name="version"')


class Unanswered(Exception):
    """The server was gone, or answered that it could not."""


class Refused(AssertionError):
    """The server answered a proper form with something else than a redirect."""


@dataclass
class Browser:
    """Cookies, a port, and no retries of its own."""

    port: int
    cookies: dict[str, str]
    slowest: float = 0.0

    def ask(self, method: str, path: str, form: dict | None = None) -> tuple[int, str, str]:
        """(status, place to go next, text); raises Unanswered when nobody answered."""
        began = time.monotonic()
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=15)
        headers = {"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())}
        if form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            link.request(method, path, urlencode(form) if form is not None else None, headers)
            answer = link.getresponse()
            text = answer.read().decode("utf-8", "replace")
        except (OSError, http.client.HTTPException) as error:
            raise Unanswered(f"{method} {path}: {error!r}") from None
        finally:
            link.close()
        self.slowest = max(self.slowest, time.monotonic() - began)
        for cookie in answer.headers.get_all("Set-Cookie") or ():
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        if answer.status >= 500:
            raise Unanswered(f"{method} {path}: {answer.status}")
        return answer.status, answer.headers.get("Location", ""), text


@dataclass
class Resident:
    """Files one case through the pages, and remembers what was acknowledged.

    `tried` are all addresses that were ever sent, `kept` the number of the last one whose
    saving was acknowledged; `submitted` is the record the last POST led to.
    """

    browser: Browser
    phone: str
    started: str = ""
    tried: list[str] = field(default_factory=list)
    kept: int = -1
    submitted: str = ""
    trouble: int = 0
    until: float = 0.0

    def file(self, until: float, destination: str = "510100", rounds: int = 2) -> bool:
        """The whole way; False when time ran out on it."""
        self.until = until
        today = date.today()
        try:
            where = self.send("/filings/", "/filings/", {"category": "TMP-OTH"})
            self.started = where.split("/steps/")[0]
            steps = f"{self.started}/steps/"
            self.step(steps, "insured", insured_area="530902", insurance="310")
            self.step(steps, "place", destination=destination, care="inpatient")
            self.step(steps, "notice", read="on")
            self.step(steps, "stay", stay="none")
            for _ in range(rounds):
                self.details(steps, today)
            self.step(steps, "proof")
            self.submitted = self.submit(f"{steps}check/")
        except TimeoutError:
            return False
        return True

    def details(self, steps: str, today: date) -> None:
        """Contact and days, with an address that is another one each time it is sent."""
        form = {
            "start_year": today.year,
            "start_month": today.month,
            "start_day": today.day,
            "phone": self.phone,
            "contact_how": "sms",
        }
        self.send(f"{steps}details/", f"{steps}details/", form, numbered=True)
        self.kept = len(self.tried) - 1

    def step(self, steps: str, name: str, **form) -> str:
        return self.send(f"{steps}{name}/", f"{steps}{name}/", form)

    def submit(self, path: str) -> str:
        """Submit, and again when nobody answered: then the case may be there already."""
        while True:
            status, place, page = self.get(path)
            if status == 302:
                return place
            if status == 404:  # submitted by the POST whose answer was lost
                return f"{self.started}/"
            found = VERSION.search(page)
            form = {"version": next(filter(None, found.groups())) if found else "0"}
            try:
                return self.post(path, page, form)
            except Unanswered:
                self.rest()

    def send(self, page_path: str, path: str, form: dict, numbered: bool = False) -> str:
        """Fetch the page, send its form, and do so again until it is acknowledged."""
        while True:
            status, place, page = self.get(page_path)
            if status == 302 and not TOKEN.search(page):
                raise Refused(f"{page_path} leads to {place}")
            if numbered:
                form = {**form, "address": f"成都市第{len(self.tried)}号"}
                self.tried.append(form["address"])
            try:
                return self.post(path, page, form)
            except Unanswered:
                self.rest()

    def post(self, path: str, page: str, form: dict) -> str:
        token = TOKEN.search(page)
        if token is None:
            raise Refused(f"no form on {path}: {page[:300]}")
        form = {**form, "csrfmiddlewaretoken": token.group(1)}
        status, place, text = self.browser.ask("POST", path, form)
        if status != 302:
            raise Refused(f"POST {path}: {status} {TAGS.sub(' ', text)[:3000]}")
        return place

    def get(self, path: str) -> tuple[int, str, str]:
        while True:
            try:
                return self.browser.ask("GET", path)
            except Unanswered:
                self.rest()

    def rest(self) -> None:
        """A moment of patience; TimeoutError when there is no more of it."""
        self.trouble += 1
        if time.monotonic() > self.until:
            raise TimeoutError
        time.sleep(0.1)
