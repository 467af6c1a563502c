"""The documents of a case: added, turned, removed, looked at by those who may."""

from io import BytesIO

import pikepdf
import pytest
from PIL import Image
from structlog.testing import capture_logs

from casework.actors import Actor
from casework.drafts import attachments_at, open_revision
from casework.errors import NotAllowed
from casework.files import MAX_PER_DOCUMENT, attach_bytes, picture, remove, turn
from casework.models import Attachment
from casework.perform import perform
from casework.storage import remove as remove_stored
from casework.storage import store
from casework.uploads import UploadRefused
from residents.staff import mark_second_factor

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.FILES_DIR = tmp_path


def jpeg(size=(800, 600)) -> bytes:
    data = BytesIO()
    Image.new("RGB", size, "white").save(data, "JPEG")
    return data.getvalue()


def pdf(pages=3) -> bytes:
    document = pikepdf.new()
    for _ in range(pages):
        document.add_blank_page(page_size=(595, 842))
    data = BytesIO()
    document.save(data)
    return data.getvalue()


def test_a_pdf_is_kept_with_its_pages(draft, resident):
    file = attach_bytes(draft, "proof", pdf(), "合同.pdf", resident)
    assert (file.pages, file.content_type, file.width) == (3, "application/pdf", 0)
    assert picture(file, page=2, max_px=400).startswith(b"\xff\xd8")


def test_a_picture_is_turned_and_stored_under_a_new_name(draft, resident):
    file = attach_bytes(draft, "proof", jpeg(), "照片.jpg", resident)
    before = file.stored_name
    turned = turn(file, 90)
    assert (turned.width, turned.height) == (600, 800)
    assert turned.stored_name != before


def test_a_submitted_file_stays_in_its_revision_when_it_is_removed_later(draft, resident, clerk_of):
    file = attach_bytes(draft, "proof", jpeg(), "照片.jpg", resident)
    case = perform(draft, "submit", Actor.resident(resident), version=0)
    with pytest.raises(NotAllowed, match="已经提交"):
        remove(file)
    first = case.revision
    asked = perform(case, "ask", clerk_of(), reason="other", note="重拍", version=1)
    remove(file)
    attach_bytes(asked, "proof", jpeg(), "重拍.jpg", resident)
    assert list(attachments_at(first)) == [file]
    assert file not in attachments_at(open_revision(asked))


def test_there_is_a_limit_of_files_and_it_is_said(draft, resident):
    for _ in range(MAX_PER_DOCUMENT):
        attach_bytes(draft, "proof", jpeg((90, 90)), "a.jpg", resident)
    with pytest.raises(UploadRefused, match="最多"):
        attach_bytes(draft, "proof", jpeg((90, 90)), "a.jpg", resident)


def test_a_file_is_shown_to_its_owner_and_the_clerk_of_the_area_and_to_nobody_else(
    draft, resident, clerk_of, client
):
    file = attach_bytes(draft, "proof", jpeg(), "照片.jpg", resident)
    url = f"/cases/files/{file.pk}/small/"

    def status(user, staff=False):
        client.force_login(user, "django.contrib.auth.backends.ModelBackend")
        if staff:
            mark_second_factor(client.session, user)
        return client.get(url).status_code

    clerk, other = clerk_of(), clerk_of("530921")
    assert status(resident) == 200
    assert status(clerk.user, staff=True) == 404  # not submitted yet
    perform(draft, "submit", Actor.resident(resident), version=0)
    assert status(clerk.user, staff=True) == 200
    assert status(other.user, staff=True) == 404
    client.logout()
    assert client.get(url).status_code == 302


@pytest.mark.parametrize("harm", ["gone", "damaged"])
def test_a_stored_file_that_is_lost_is_no_page_of_its_own_and_is_told_the_operator(
    draft, resident, client, harm
):
    file = attach_bytes(draft, "proof", jpeg(), "照片.jpg", resident)
    if harm == "gone":
        remove_stored(file.stored_name)
    else:
        Attachment.objects.filter(pk=file.pk).update(stored_name=store(b"no picture", ".jpg"))
    client.force_login(resident, "django.contrib.auth.backends.ModelBackend")
    with capture_logs() as told:
        assert client.get(f"/cases/files/{file.pk}/small/").status_code == 404
    assert [each["attachment"] for each in told if each["log_level"] == "error"] == [file.pk]
    if harm == "gone":
        assert client.get(f"/cases/files/{file.pk}/").status_code == 404
