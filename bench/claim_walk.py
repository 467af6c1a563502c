"""One claim as a resident clicks through it: see bench/walk.py for filings."""

import re
from datetime import timedelta
from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from bench.browsers import InProcess
from bench.walk import BrokenWalk, Request
from reimbursements.demo.story import sample_card

WHY = {"reason": "not_filed", "stay": "out"}
INSURED = {"insured_area": "530902", "insurance": "390"}
PLACE = {"kind": "inpatient", "institution": "other", "name": "成都市示例医院", "city": "成都"}
ACCOUNT = {
    "bank_relation": "self",
    "bank_holder": "王秀兰示例",
    "bank_name": "示例银行",
    "bank_number": sample_card(1),
    "phone": "13900001111",
    "contact_how": "sms",
    "address": "",
}
STEPS = (
    *("why", "insured", "place", "place?q", "stay", "bill", "bills", "documents", "account"),
    "check",
)


def claim(browser: InProcess, number: str) -> str:
    """Walk one claim with one typed bill of this number from the start page to its record;
    returns the address of the record."""
    browser.send(Request("start", "GET", "/claims/", {}))
    to = browser.send(Request("start", "POST", "/claims/", {}))
    base = to.rsplit("steps/", 1)[0]
    _step(browser, base, "why", WHY)
    _step(browser, base, "insured", INSURED)
    browser.send(Request("place?q", "GET", f"{base}steps/place/", {"q": "示例医院"}))
    _step(browser, base, "place", {**PLACE, "level": "三级"})
    out = timezone.localdate() - timedelta(days=10)
    _step(browser, base, "stay", _stay(out))
    browser.send(Request("bill", "GET", f"{base}bills/new/", {}))
    _post(browser, Request("bill", "POST", f"{base}bills/new/", _bill(out, number)))
    _step(browser, base, "bills", {})
    _documents(browser, base)
    _step(browser, base, "account", ACCOUNT)
    browser.send(Request("check", "GET", f"{base}steps/check/", {}))
    version = re.search(r'name="version" value="(\d+)"', browser.body)
    data = {"version": version[1] if version else ""}
    record = _post(browser, Request("submit", "POST", f"{base}steps/check/", data))
    browser.send(Request("record", "GET", record, {}))
    return record


def _stay(out) -> dict:
    return {
        "admitted_on": (out - timedelta(days=7)).isoformat(),
        "discharged_on": out.isoformat(),
        "diagnosis": "肺炎",
        "nth_stay": "1",
        "third_party": "no",
        "other_insurer": "no",
    }


def _bill(day, number: str) -> dict:
    return {
        "form": "e_bill",
        "kind": "digital",
        "number": number,
        "date": day.isoformat(),
        "payer": "王秀兰示例",
        "total": "20000",
        "in_scope": "18000",
        "own_expense": "2000",
    }


def _step(browser: InProcess, base: str, slug: str, data: dict) -> None:
    path = f"{base}steps/{slug}/"
    browser.send(Request(slug, "GET", path, {}))
    _post(browser, Request(slug, "POST", path, data))


def _documents(browser: InProcess, base: str) -> None:
    """The page, a photograph for each group that is asked for, the page again, and on."""
    path = f"{base}steps/documents/"
    browser.send(Request("documents", "GET", path, {}))
    page = browser.body
    for group in sorted(set(re.findall(r"/upload/(\d+)/", page))):
        # A hidden field, or the first choice of a list.
        code = re.search(rf'name="g{group}-document".*?value="([^"]+)"', page, re.DOTALL)
        picture = SimpleUploadedFile("照片.jpg", _picture(), content_type="image/jpeg")
        data = {f"g{group}-document": code[1], f"g{group}-files": [picture]}
        _post(browser, Request("upload", "POST", f"{base}upload/{group}/", data))
    browser.send(Request("documents", "GET", path, {}))
    _post(browser, Request("documents", "POST", path, {}))


def _picture() -> bytes:
    data = BytesIO()
    Image.new("RGB", (1600, 1200), "white").save(data, "JPEG")
    return data.getvalue()


def _post(browser: InProcess, request: Request) -> str:
    to = browser.send(request)
    if not to or to == request.path:
        raise BrokenWalk(f"{request.name}: not taken")
    return to
