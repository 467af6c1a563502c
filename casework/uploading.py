"""What a page does with the files of a case: stored one by one, removed, turned; every refusal
is a sentence."""

from django.contrib import messages

from casework.errors import CaseworkError
from casework.files import attach, remove, turn
from casework.models import Attachment, Case
from casework.uploads import UploadRefused


def attach_all(case: Case, data: dict, user) -> list[str]:
    """Add each of `files` to `document` (both of an `UploadForm`); returns what was refused
    and why. The good ones stay."""
    refused = []
    for file in data["files"]:
        try:
            attach(case, data["document"], file, user)
        except UploadRefused as error:
            refused.append(f"{file.name[:30]}：{error.message}")
        except CaseworkError as error:
            refused.append(str(error))
    return refused


def change(request, case: Case, file: Attachment, what: str) -> None:
    """Remove a file of the case, or turn it by a quarter; a refusal is shown on the next page."""
    file.case = case
    try:
        if what == "remove":
            remove(file)
        else:
            turn(file, 90)
    except UploadRefused as error:
        messages.error(request, error.message)
    except CaseworkError as error:
        messages.error(request, str(error))
