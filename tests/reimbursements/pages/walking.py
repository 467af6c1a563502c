"""Walking through the steps of a claim as people click: addresses, answers, small helpers."""

import re
from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from casework.models import Case
from reimbursements.service import answers_now
from residents.models import Holding
from tests.factories import LINXIANG, HoldingFactory, PersonFactory, proven_holding
from tests.reimbursements.bills.codes import code, saved, sheet

BACKEND = "django.contrib.auth.backends.ModelBackend"
CARD = "6222020000000000000"
WHY = {"reason": "not_filed", "stay": "out"}
INSURED = {"insured_area": LINXIANG, "insurance": "390"}
PLACE = {
    "kind": "inpatient",
    "institution": "other",
    "name": "成都市示例医院",
    "city": "成都",
    "level": "三级",
}
STAY = {
    "admitted_on": "2026-10-01",
    "discharged_on": "2026-10-10",
    "diagnosis": "肺炎",
    "nth_stay": "1",
    "third_party": "no",
    "other_insurer": "no",
}
BILL = {
    "form": "e_bill",
    "kind": "fiscal",
    "code": "51060126",
    "number": "0000000001",
    "check_code": "0bf601",
    "date": "2026-10-10",
    "payer": "王秀兰",
    "total": "20000",
    "in_scope": "18000",
    "own_expense": "2000",
}
ACCOUNT = {
    "bank_relation": "self",
    "bank_holder": "王秀兰",
    "bank_name": "示例银行临翔支行",
    "bank_number": "6222 0200 0000 0000 000",
    "phone": "13900001111",
    "contact_how": "sms",
    "address": "",
}
FISCAL_CODE = "01,01,51060126,0136427183,0bf601,20261010,20000.00,"


def insured_in_lincang(**values) -> Holding:
    """An account that has proven to be a 居民 of 临沧."""
    return proven_holding(LINXIANG, "390", **values)


def parent_of(account) -> Holding:
    """A parent whom this account acts for, proven."""
    values = {"relation": Holding.Relation.PARENT, "name": "王秀兰"}
    return HoldingFactory(account=account, person=PersonFactory(), **values)


def enter(client, holding: Holding):
    """Log the account in."""
    client.force_login(holding.account, BACKEND)
    return client


def text_of(response) -> str:
    """What is read on a page, without spaces."""
    body = re.sub(r"<(script|style).*?</\1>", " ", response.content.decode(), flags=re.DOTALL)
    return re.sub(r"\s+", "", re.sub(r"<[^>]+>", " ", body))


def begin(client) -> str:
    """Begin a claim; the address of its pages."""
    response = client.post("/claims/")
    assert response.status_code == 302, text_of(response)
    return response.url.rsplit("steps/", 1)[0]


def draft() -> Case:
    """The one claim there is."""
    return Case.objects.get(kind="claim")


def stored():
    """The answers of the one claim as they are saved."""
    return answers_now(draft())


def step(client, base: str, slug: str, data: dict, follow_to: str | None = None):
    """Post a step that must be valid; where it leads is checked when `follow_to` says so."""
    response = client.post(f"{base}steps/{slug}/", data)
    assert response.status_code == 302, text_of(response)
    if follow_to is not None:
        assert response.url.rstrip("/").endswith(follow_to), response.url
    return response


def add_bill(client, base: str, **changes):
    """Type a bill and save it."""
    response = client.post(f"{base}bills/new/", {**BILL, **changes})
    assert response.status_code == 302, text_of(response)
    return response


def photo(name="照片.jpg", picture: Image.Image | None = None) -> SimpleUploadedFile:
    """A photograph: of nothing, or of this picture."""
    data = BytesIO()
    (picture or Image.new("RGB", (1600, 1200), "white")).convert("RGB").save(data, "JPEG")
    return SimpleUploadedFile(name, data.getvalue(), content_type="image/jpeg")


def photo_of_code(text: str = FISCAL_CODE) -> SimpleUploadedFile:
    """A bill photographed with this text in its QR code."""
    return SimpleUploadedFile("票据.jpg", saved(sheet(code(text))), content_type="image/jpeg")


def upload_documents(client, base: str) -> None:
    """Upload the first of each group of documents."""
    page = client.get(f"{base}steps/documents/").content.decode()
    for number in sorted(set(re.findall(r"/upload/(\d+)/", page))):
        names = re.findall(rf'name="g{number}-document"[^>]*>?(.*?)</select>', page, re.DOTALL)
        values = re.findall(r'value="([^"]+)"', names[0]) if names else []
        hidden = re.search(rf'name="g{number}-document" value="([^"]+)"', page)
        chosen = hidden[1] if hidden else values[0]
        data = {f"g{number}-document": chosen, f"g{number}-files": photo()}
        response = client.post(f"{base}upload/{number}/", data)
        assert response.status_code == 302, text_of(response)


def to_check(client, base: str):
    """Every step answered; the page 核对."""
    step(client, base, "why", WHY, "insured")
    step(client, base, "insured", INSURED, "place")
    step(client, base, "place", PLACE, "stay")
    step(client, base, "stay", STAY, "bills")
    add_bill(client, base)
    step(client, base, "bills", {}, "documents")
    upload_documents(client, base)
    step(client, base, "documents", {}, "account")
    step(client, base, "account", ACCOUNT, "check")
    return client.get(f"{base}steps/check/")
