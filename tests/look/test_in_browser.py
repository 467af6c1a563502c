"""The scripts and the style sheets where they work: in Chromium, under the real content policy."""

import base64
import io
from pathlib import Path

import pytest
from PIL import Image

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

AXE = Path(__file__).resolve().parent.parent.parent / "node_modules/axe-core/axe.min.js"
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 800}
TARGETS = "a, button, input:not([type=hidden], [tabindex='-1']), select, textarea, summary"
TOO_SMALL = """([selector, least]) => [...document.querySelectorAll(selector)]
  .filter((e) => e.checkVisibility() && !e.closest(".skip, .notice p, .error-summary p"))
  .map((e) => [e.outerHTML.slice(0, 80), e.getBoundingClientRect()])
  .filter(([, box]) => Math.min(box.width, box.height) < least)
  .map(([html, box]) => `${html} ${box.width}x${box.height}`)"""
TOO_FINE = """(least) => [...document.querySelectorAll("body *")]
  .filter((e) => e.checkVisibility())
  .filter((e) => [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim()))
  .filter((e) => parseFloat(getComputedStyle(e).fontSize) < least)
  .map((e) => e.outerHTML.slice(0, 80))"""


@pytest.fixture
def troubles(page):
    """What the console and the page complain of; read at the end of a test."""
    found = []
    page.on("console", lambda line: found.append(line.text) if line.type == "error" else None)
    page.on("pageerror", lambda error: found.append(str(error)))
    return found


@pytest.fixture
def style(page, live_server, troubles):
    """The page of all parts, on a phone; nothing may have gone wrong when the test ends."""
    page.set_viewport_size(PHONE)
    page.goto(live_server.url + "/dev/style")
    yield page
    assert troubles == []


@pytest.fixture
def photo(tmp_path) -> Path:
    path = tmp_path / "居住证.jpg"
    Image.new("RGB", (400, 200), "#0A5FA8").save(path)
    return path


def drawn(page) -> Image.Image:
    _, data = page.input_value("#id_signature").split(",")
    return Image.open(io.BytesIO(base64.b64decode(data)))


def stroke(page, offset: int) -> None:
    box = page.locator("canvas").bounding_box()
    x, y = box["x"] + 40 + offset, box["y"] + 60
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 60, y + 60, steps=6)
    page.mouse.up()


@pytest.mark.parametrize("address", ["/", "/dev/style", "/dev/style?errors", "/nowhere"])
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize("elder", [False, True], ids=["standard", "elder"])
def test_it_is_accessible_and_large_enough(page, live_server, address, size, elder):
    page.context.add_cookies([{"name": "elder", "value": str(int(elder)), "url": live_server.url}])
    page.set_viewport_size(size)
    page.goto(live_server.url + address)
    page.evaluate(AXE.read_text())
    found = page.evaluate("axe.run()")["violations"]
    assert [(rule["id"], [node["target"] for node in rule["nodes"]]) for rule in found] == []
    assert page.evaluate(TOO_SMALL, [TARGETS, 60 if elder else 44]) == []
    assert page.evaluate(TOO_FINE, 24 if elder else 16) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]


def test_errors_take_the_focus_and_lead_to_the_field(style):
    style.click("button[form=sample]")
    style.wait_for_selector("[data-error-summary]:focus")
    assert style.title().startswith("有误：")
    style.click(".error-summary a:has-text('险种')")
    assert style.evaluate("document.activeElement.id") == "id_insurance_0"


def test_a_second_press_does_not_submit_twice(style):
    held = []
    style.route(
        "**/dev/style",
        lambda route: held.append(route) if route.request.method == "POST" else route.continue_(),
    )
    said = style.evaluate(
        "() => { const button = document.querySelector('button[form=sample]');"
        " button.click(); button.click(); return button.textContent; }"
    )
    assert said == "正在提交…"
    style.wait_for_timeout(300)
    assert len(held) == 1
    held[0].continue_()
    style.wait_for_selector("[data-error-summary]")


def test_quick_days_fill_the_three_boxes(style):
    style.click("[data-date='2026-11-23']")
    assert [style.input_value(f"#id_start_{part}") for part in ("year", "month", "day")] == [
        "2026",
        "11",
        "23",
    ]


def test_a_signature_is_drawn_undone_and_cleared(style):
    style.locator("canvas").scroll_into_view_if_needed()
    stroke(style, 0)
    stroke(style, 100)
    two = drawn(style).size
    style.click("[data-signature-undo]")
    assert drawn(style).size[0] < two[0]
    style.click("[data-signature-clear]")
    assert style.input_value("#id_signature") == ""


def test_a_signature_survives_an_error_elsewhere(style):
    style.locator("canvas").scroll_into_view_if_needed()
    stroke(style, 0)
    before = style.input_value("#id_signature")
    style.click("button[form=sample]")
    style.wait_for_selector("[data-error-summary]")
    assert style.input_value("#id_signature") == before
    assert style.locator(".signature__earlier").count() == 1
    style.click("[data-signature-clear]")
    assert style.input_value("#id_signature") == ""
    assert style.locator(".signature__earlier").count() == 0


def test_typing_the_name_replaces_the_drawing(style):
    style.locator("canvas").scroll_into_view_if_needed()
    stroke(style, 0)
    style.click("[data-signature-type]")
    assert style.evaluate("document.activeElement.id") == "id_typed_name"
    assert style.input_value("#id_signature") == ""


def test_a_photo_is_shown_turned_and_removed(style, photo):
    style.set_input_files("#id_proof", photo)
    assert "居住证.jpg" in style.inner_text(".file-card__name")
    style.click("[data-rotate]")
    style.wait_for_selector("[data-rotate]:not([aria-disabled]):focus")
    size = style.evaluate(
        "createImageBitmap(document.querySelector('#id_proof').files[0])"
        ".then((b) => [b.width, b.height])"
    )
    assert size == [200, 400]
    style.click("[data-remove]")
    assert style.locator(".file-card").count() == 0
    assert style.evaluate("document.querySelector('#id_proof').files.length") == 0


def test_an_upload_that_is_refused_shows_the_page_with_its_errors(style, photo):
    style.set_input_files("#id_proof", photo)
    style.fill("#id_name", "张兰")
    style.click("button[form=sample]")
    style.wait_for_selector("[data-error-summary]")
    assert style.input_value("#id_name") == "张兰"


def test_an_upload_that_is_taken_goes_on(style, photo):
    style.check("#id_kind_1")
    style.check("#id_insurance_0")
    style.check("#id_agree")
    style.fill("#id_name", "张兰")
    style.fill("#id_phone", "13900000000")
    style.select_option("#id_relation", "self")
    style.set_input_files("#id_proof", photo)
    with style.expect_navigation():
        style.click("button[form=sample]")
    assert style.locator("[data-error-summary]").count() == 0


def test_without_a_network_the_form_stays_usable(page, live_server, photo):
    page.goto(live_server.url + "/dev/style")
    page.set_input_files("#id_proof", photo)
    page.context.set_offline(True)
    page.click("button[form=sample]")
    page.wait_for_selector("[data-upload-status]:has-text('网络中断')")
    assert page.inner_text("button[form=sample]") == "下一步"


def test_without_scripts_everything_can_be_filled_in(browser, live_server):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(live_server.url + "/dev/style")
    assert page.is_visible("#id_proof") and page.is_visible("#id_typed_name")
    assert not page.is_visible("canvas") and not page.is_visible("[data-upload-buttons]")
    assert not page.is_visible("[data-date-quick]") and not page.is_visible("[data-print]")
    context.close()
