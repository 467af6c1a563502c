"""A letter whose file is gone or was changed: no error page, and a line for the operator."""

from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse

from casework.models import Letter
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("change", [Path.unlink, lambda path: path.write_bytes(b"%PDF-1.7")])
def test_a_letter_that_is_lost_or_changed_is_not_found(client, change):
    case = factories.opened_filing()
    letter = Letter.objects.filter(case=case).first()
    client.force_login(case.account)
    pages = [
        reverse("casework:letter", args=[letter.pk]),
        reverse("casework:letter_pages", args=[letter.pk]),
        reverse("casework:letter_picture", args=[letter.pk, 1]),
    ]
    assert {client.get(page).status_code for page in pages} == {200}
    change(Path(settings.FILES_DIR) / letter.stored_name)
    assert {client.get(page).status_code for page in pages} == {404}
