"""What a picture of the galleries is, and the presses that several of them need."""

from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO

from PIL import Image

from casework.models import Attachment, Case
from casework.storage import store
from residents.models import User


@dataclass(frozen=True)
class Shot:
    """One picture: its name, who looks, where, and what they do there first."""

    name: str
    who: User | None
    address: str
    act: Callable | None = None
    desk: bool = False


def next_step(page) -> None:
    """Press the one primary button."""
    page.locator(".primary-bar button.btn-primary, .primary-bar button.btn-danger").last.click()
    page.wait_for_load_state()


def press(words: str, **filled: str) -> Callable:
    """Fill the fields of these names, press the button of these words; what the browser would
    refuse to send is sent, so that the page of the server is seen."""

    def act(page) -> None:
        for name, text in filled.items():
            box = page.locator(f"main [name='{name}'], #content [name='{name}']").last
            (box.select_option if box.evaluate("e => e.tagName") == "SELECT" else box.fill)(text)
        page.evaluate("for (const form of document.forms) form.noValidate = true")
        with page.expect_navigation():
            page.get_by_role("button", name=words).last.click()
        page.wait_for_load_state()

    return act


def draw(cases) -> None:
    """Real pictures in place of the bytes that factories store for documents."""
    data = BytesIO()
    Image.new("RGB", (900, 1200), "#fffdf5").save(data, "JPEG")
    for file in Attachment.objects.filter(case__in=cases):
        file.stored_name = store(data.getvalue(), ".jpg")
        file.content_type = "image/jpeg"
        file.save(update_fields=["stored_name", "content_type"])


def first(**wanted) -> Case:
    """The oldest case like this."""
    return Case.objects.filter(**wanted).order_by("pk")[0]
