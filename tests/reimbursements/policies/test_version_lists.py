"""The lists of rules, texts and policies are alike: one head, one set of columns at their end."""

import re

import pytest

from casework.admin.versions import VersionAdmin
from filings.decision.rulebook import shipped
from filings.rules_store import load_rulebook
from tests.casework.desk_helpers import staff_client, visible_text
from tests.factories import HOHHOT, clerk

pytestmark = pytest.mark.django_db
LISTS = {
    "/admin/filings/filingrule/": "备案规则",
    "/admin/filings/noticetext/": "告知书",
    "/admin/filings/promisetext/": "承诺书",
    "/admin/reimbursements/settlementpolicy/": "结算政策",
}


@pytest.fixture
def everything(policies):
    load_rulebook(shipped())


@pytest.mark.parametrize(("address", "name"), LISTS.items())
@pytest.mark.parametrize("role", ["supervisor", "auditor"])
def test_a_list_stands_under_its_own_name(everything, address, name, role):
    page = staff_client(clerk(role, HOHHOT)).get(address).content.decode()
    assert f"<h1>{name}</h1>" in page
    assert not re.search(r"选择 ?.*(修改|查看)", visible_text(page))


@pytest.mark.parametrize("address", LISTS)
def test_every_list_ends_alike(everything, address):
    page = staff_client(clerk("supervisor", HOHHOT)).get(address)
    shown = page.context["cl"]
    assert isinstance(shown.model_admin, VersionAdmin)
    assert tuple(shown.list_display)[-5:] == (
        "valid_from",
        "valid_to",
        "state",
        "marked",
        "numbered",
    )
    text = visible_text(page.content.decode())
    assert "sortoptions" not in page.content.decode(), "the marks of sorting covered the heads"
    assert "版本" in text and re.search(r"第 1 [版稿]", text) and "第几稿" not in text


@pytest.mark.parametrize("address", LISTS)
def test_a_list_is_narrowed_by_place_and_mark(everything, address):
    client = staff_client(clerk("supervisor", HOHHOT))
    column = "area" if "policy" in address else "place"
    shown = client.get(address, {column: HOHHOT, "mark": "待核"}).context["cl"]
    assert all(getattr(row, column) == HOHHOT for row in shown.queryset)
    assert client.get(address, {column: "nowhere"}).context["cl"].queryset.count() == 0
