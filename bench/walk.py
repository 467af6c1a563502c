"""One filing as a resident clicks through it, over whatever answers requests.

`browser.get(path)` and `browser.post(path, data)` return (status, address of a redirect or
"", body). Every redirect is followed, as a browser does; pictures and styles are left out,
since a browser has them already.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils import timezone


@dataclass(frozen=True)
class Request:
    """One request to make: what the table calls it, method, path and data."""

    name: str
    method: str
    path: str
    data: dict


class BrokenWalk(RuntimeError):
    """A page answered something else than the walk expects."""


def steps(base: str) -> Iterator[Request]:
    """The requests between beginning a filing and submitting it, in order."""
    today = timezone.localdate()
    contact = {"phone": "13900001111", "contact_how": "sms", "address": ""}
    start = {"start_year": today.year, "start_month": today.month, "start_day": today.day}
    yield Request("insured", "GET", f"{base}insured/", {})
    yield Request("insured", "POST", f"{base}insured/", INSURED)
    yield Request("place", "GET", f"{base}place/", {})
    yield Request("place?q", "GET", f"{base}place/", {"q": "成都"})
    yield Request("place", "POST", f"{base}place/", PLACE)
    yield Request("notice", "GET", f"{base}notice/", {})
    yield Request("notice", "POST", f"{base}notice/", {"read": "on"})
    yield Request("stay", "GET", f"{base}stay/", {})
    yield Request("stay", "POST", f"{base}stay/", {"stay": "none"})
    yield Request("details", "GET", f"{base}details/", {})
    yield Request("details", "POST", f"{base}details/", {**start, **contact})
    yield Request("proof", "GET", f"{base}proof/", {})
    yield Request("proof", "POST", f"{base}proof/", {})
    yield Request("check", "GET", f"{base}check/", {})


INSURED = {"insured_area": "530902", "insurance": "310"}
PLACE = {"destination": "510100", "care": "inpatient"}


def file(browser) -> str:
    """Walk one filing from the start page to its record; returns the address of the record."""
    browser.send(Request("start", "GET", "/filings/", {}))
    to = browser.send(Request("start", "POST", "/filings/", {"category": "TMP-OTH"}))
    base = to.removesuffix("insured/")
    for request in steps(base):
        to = browser.send(request)
        if request.method == "POST" and (not to or to == request.path):
            raise BrokenWalk(f"{request.name}: not taken")
    record = browser.send(Request("submit", "POST", f"{base}check/", {"version": "0"}))
    browser.send(Request("record", "GET", record, {}))
    return record
