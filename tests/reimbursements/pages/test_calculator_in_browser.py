"""费用估算 in Chromium: accessible, large enough, nothing refused by the content policy."""

from urllib.parse import urlencode

import pytest

from reimbursements.policy_store import forget_policies
from tests.look.test_in_browser import AXE, DESK, PHONE, TARGETS, TOO_FINE, TOO_SMALL

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
STAY = {
    "policy": "150100-310",
    "kind": "inpatient",
    "where": "inter_province",
    "filed": "TMP-OTH",
    "level": "三级",
    "group": "在职",
    "day": "2026-11-01",
    "nth_stay": "1",
}
PAGES = {
    "places": {},
    "form": {"policy": "150100-310"},
    "result": {**STAY, "total": "150000", "own_expense": "2000"},
    "errors": {**STAY, "total": "很多", "own_expense": "x", "level": ""},
}


@pytest.fixture(autouse=True)
def shipped_policies():
    forget_policies()
    yield
    forget_policies()


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize(
    ("size", "elder"),
    [(PHONE, False), (PHONE, True), (DESK, False)],
    ids=["phone", "elder", "desk"],
)
def test_it_is_accessible_and_large_enough(page, live_server, name, size, elder):
    troubles = []
    page.on("console", lambda line: troubles.append(line.text) if _is_trouble(line) else None)
    page.context.add_cookies([{"name": "elder", "value": str(int(elder)), "url": live_server.url}])
    page.set_viewport_size(size)
    page.goto(f"{live_server.url}/claims/calculator/?{urlencode(PAGES[name])}")
    page.evaluate("document.querySelectorAll('details').forEach((one) => (one.open = true))")
    page.evaluate(AXE.read_text())
    found = page.evaluate("axe.run()")["violations"]
    assert [(rule["id"], [node["target"] for node in rule["nodes"]]) for rule in found] == []
    assert page.evaluate(TOO_SMALL, [TARGETS, 60 if elder else 44]) == []
    assert page.evaluate(TOO_FINE, 24 if elder else 16) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    assert page.locator("h1").count() == 1
    assert troubles == []


def _is_trouble(line) -> bool:
    """The browser itself reports the status 422 of a page with mistakes."""
    return line.type == "error" and "422" not in line.text


def test_a_place_a_few_numbers_and_the_answer(page, live_server):
    page.goto(f"{live_server.url}/")
    page.click("text=想知道能报多少")
    page.click("text=呼和浩特市 职工医保")
    page.select_option("[name=filed]", "TMP-OTH")
    page.select_option("[name=level]", "三级")
    page.select_option("[name=group]", "在职")
    page.fill("[name=total]", "５０，０００")
    page.click("button:has-text('估算')")
    page.wait_for_selector("text=估算：可以报销约")
    assert "total=" in page.url
    page.locator(".steps-of-sum summary").first.click()
    assert page.locator(".steps-of-sum details[open]").count() == 1
