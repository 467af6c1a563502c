"""Letters: rendered once, stored with their hash, never rendered anew."""

import hashlib
from collections.abc import Callable
from io import BytesIO

import pikepdf
from django.conf import settings

from casework.models import Case, Letter, Reason
from casework.printing import render_pdf
from casework.storage import read_stored, store


def issue_letter(case: Case, ctx, *, kind: str, title: str, template, make: Callable) -> Letter:
    """Render a letter, store it, and write its row in the case's transaction.

    `ctx` is the context of the action that issues it; `make(letter)` gives the data of the
    template, which may print the letter's number and address. The bytes are stored before
    the commit: after a rollback they are an orphan, which the sweep removes.
    """
    number = f"{case.number}-{case.letters.count() + 1}" if case.number else ""
    letter = Letter(
        case=case,
        kind=kind,
        title=title,
        number=number,
        issued_at=ctx.now,
        issued_by=ctx.actor.user if ctx.actor.is_staff else None,
    )
    rendered = render_pdf(template, make(letter))
    letter.stored_name = store(rendered.pdf, ".pdf")
    letter.sha256 = hashlib.sha256(rendered.pdf).hexdigest()
    letter.missing_characters = "".join(rendered.missing)[:255]
    letter.save(force_insert=True)
    return letter


def verify_url(letter: Letter) -> str:
    """The address printed as QR code, by which anyone can check the paper."""
    return f"{settings.PUBLIC_URL}/v/{letter.token}/"


def reason_words(case: Case, ctx, default_basis: str) -> tuple[str, str, str]:
    """The reason of an action in words, its legal basis, and what the person can do."""
    rows = list(Reason.objects.filter(kind=case.kind, code=ctx.reason_code))
    # One code may stand under several actions, with another sentence under each.
    own = [row for row in rows if row.action == ctx.action]
    listed = next(iter(own or rows), None)
    text = "。".join(part.rstrip("。") for part in (listed and listed.text, ctx.note) if part)
    if listed is None:
        return text or "见办理记录", default_basis, ""
    return text, listed.basis or default_basis, listed.remedy


def letter_bytes(letter: Letter) -> bytes:
    """The letter as issued; raises ValueError when the stored file was changed."""
    data = read_stored(letter.stored_name)
    if hashlib.sha256(data).hexdigest() != letter.sha256:
        raise ValueError("文书文件与签发时不符，请联系系统管理员")
    return data


def page_count(data: bytes) -> int:
    """How many pages a letter has."""
    with pikepdf.open(BytesIO(data)) as document:
        return len(document.pages)
