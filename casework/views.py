"""Papers and messages of cases: files, letters, the public check of a paper, the in-box."""

import re

import structlog
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from casework.access import attachment_or_404, letter_or_404
from casework.files import is_drawn, picture
from casework.kinds import kind_of
from casework.letters import letter_bytes, page_count
from casework.models import Letter, Notice
from casework.storage import FileMissing, open_stored
from casework.uploads import UploadRefused, preview
from residents.gate import resident_required
from residents.models import AccessLog
from residents.personal import log_access

log = structlog.get_logger(__name__)
# Messages end with the address of their case, which a page shows as a link instead.
LINK_AT_END = re.compile(r"查看[:：]\s*https?://\S+\s*$")
SIZES = {"small": 480, "large": 2000}


@login_required
@require_GET
def file(request, pk: int):
    """A document as stored. Shown in the page for images, downloaded otherwise."""
    attachment = attachment_or_404(request.user, pk)
    _log(request, attachment.case, attachment.document)
    try:
        stored = open_stored(attachment.stored_name)
    except FileMissing as error:
        raise _lost(attachment, error) from error
    response = FileResponse(stored, content_type=attachment.content_type)
    shown = "inline" if attachment.content_type.startswith("image/") else "attachment"
    suffix = attachment.stored_name.rsplit(".", 1)[-1]
    response["Content-Disposition"] = f'{shown}; filename="document-{attachment.pk}.{suffix}"'
    return _private(response)


@login_required
@require_GET
def file_picture(request, pk: int, size: str, page: int = 0):
    """A JPEG of one page of a document, for looking at; 404 for what is only downloaded."""
    attachment = attachment_or_404(request.user, pk)
    if size not in SIZES or not 0 <= page < max(attachment.pages, 1):
        raise Http404
    if not is_drawn(attachment):
        raise Http404
    _log(request, attachment.case, attachment.document)
    try:
        data = picture(attachment, page=page, max_px=SIZES[size])
    except (OSError, UploadRefused, ValueError, IndexError) as error:
        raise _lost(attachment, error) from error
    return _private(HttpResponse(data, content_type="image/jpeg"))


def _lost(paper, error: Exception) -> Http404:
    """A stored file that is gone, changed or cannot be drawn: a line for the operator, and for
    whoever asks a page that is not there."""
    which = {paper._meta.model_name: paper.pk}
    log.error("stored_file_unreadable", **which, error=type(error).__name__)
    return Http404()


def _issued(paper: Letter) -> bytes:
    """The letter as issued. Raises Http404 where its file is lost or was changed."""
    try:
        return letter_bytes(paper)
    except (OSError, ValueError) as error:
        raise _lost(paper, error) from error


@login_required
@require_GET
def letter(request, pk: int):
    """A letter as issued, as PDF."""
    paper = letter_or_404(request.user, pk)
    _log(request, paper.case, paper.kind)
    response = HttpResponse(_issued(paper), content_type="application/pdf")
    name = f"{paper.kind}-{paper.number or paper.pk}.pdf"
    response["Content-Disposition"] = f'inline; filename="{name}"'
    return _private(response)


@login_required
@require_GET
def letter_pages(request, pk: int):
    """A letter as pictures of its pages, for printing from the browser, exactly as issued."""
    paper = letter_or_404(request.user, pk)
    count = page_count(_issued(paper))
    context = {"letter": paper, "pages": range(1, count + 1)}
    return _private(render(request, "casework/letter_pages.html", context))


@login_required
@require_GET
def letter_picture(request, pk: int, page: int):
    """One page of a letter as a picture."""
    paper = letter_or_404(request.user, pk)
    data = _issued(paper)
    if not 1 <= page <= page_count(data):
        raise Http404
    picture_of_page = preview(data, "application/pdf", page=page - 1, max_px=2200)
    return _private(HttpResponse(picture_of_page, content_type="image/jpeg"))


@require_GET
def verify(request, token: str):
    """Whether a printed paper is genuine and in force; for anyone who holds it."""
    paper = Letter.objects.select_related("case", "case__person").filter(token=token).first()
    found = kind_of(paper.case).verification(paper) if paper else None
    context = {"paper": paper, "found": found, "checked_at": timezone.now()}
    status = 200 if found else 404
    response = render(request, "casework/verify.html", context, status=status)
    response["X-Robots-Tag"] = "noindex"
    return _private(response)


@resident_required
@require_GET
def messages(request):
    """The messages of this account, newest first."""
    rows = Notice.objects.filter(recipient=request.user, channel=Notice.Channel.IN_SITE)
    page = Paginator(rows.select_related("case").order_by("-id"), 20).get_page(
        request.GET.get("page")
    )
    context = {
        "page": page,
        "rows": [_message(notice) for notice in page.object_list],
        "unread": rows.filter(read_at=None).count(),
    }
    return render(request, "casework/messages.html", context)


def _message(notice: Notice) -> tuple[Notice, str, str]:
    """(notice, its words without the address at their end, where it leads)."""
    url = kind_of(notice.case).record_url(notice.case) if notice.case_id else ""
    return notice, LINK_AT_END.sub("", notice.text), url


@resident_required
@require_POST
def messages_read(request):
    """Mark every message of this account as read."""
    Notice.objects.filter(
        recipient=request.user, channel=Notice.Channel.IN_SITE, read_at=None
    ).update(read_at=timezone.now())
    return redirect("casework:messages")


def _private(response):
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _log(request, case, what: str) -> None:
    """Staff who open a document are logged; a resident opening their own is not."""
    if request.user.is_staff:
        log_access(request.user, AccessLog.Action.DOCUMENT, case.number or "", what)
