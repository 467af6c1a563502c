"""The documents of a case: the one way to add, remove, rotate and read a file of it."""

from io import BytesIO

from django.db import transaction

from casework.drafts import locked_revision
from casework.errors import NotAllowed
from casework.models import Attachment, Case, Revision
from casework.storage import read_stored, sha256, store
from casework.uploads import PROOF, UploadRefused, accept, preview, rotate

# How many files one document and one case may have: a limit of ours, said before choosing.
MAX_PER_DOCUMENT = 10
MAX_PER_CASE = 60


def attach(
    case: Case,
    document: str,
    upload,
    user,
    *,
    keep_original: bool = False,
    allow: frozenset[str] = PROOF,
    most: int = MAX_PER_DOCUMENT,
) -> Attachment:
    """Check, clean and store an uploaded file as a document of the case's open revision.

    `allow` is PROOF or E_BILLS, `most` how many files this document may have. Raises
    UploadRefused (what is wrong with the file) or NotAllowed (nobody may write now).
    Nothing is stored when it is refused.
    """
    accepted = accept(upload, allow=allow, keep_original=keep_original)
    with transaction.atomic():
        revision = _writable(case)
        _check_room(case, document, most)
        return Attachment.objects.create(
            case=case,
            document=document,
            display_name=accepted.display_name,
            content_type=accepted.content_type,
            size=len(accepted.data),
            pages=accepted.pages or 1,
            width=accepted.width or 0,
            height=accepted.height or 0,
            sha256=accepted.sha256,
            stored_name=store(accepted.data, accepted.suffix),
            original_name=store(accepted.original, ".bin") if accepted.original else "",
            added_in=revision,
            uploaded_by=user,
        )


def attach_bytes(case: Case, document: str, data: bytes, name: str, user) -> Attachment:
    """The same for bytes the system made itself (a scanned page, a drawn signature)."""
    upload = BytesIO(data)
    upload.name, upload.size = name, len(data)
    return attach(case, document, upload, user)


def remove(attachment: Attachment) -> None:
    """Take a file out of the open revision; a revision already submitted keeps it."""
    with transaction.atomic():
        revision = _writable(attachment.case)
        if attachment.added_in_id == revision.pk:
            attachment.delete()
            return
        attachment.removed_in = revision
        attachment.save(update_fields=["removed_in"])


def turn(attachment: Attachment, degrees: int) -> Attachment:
    """Turn a picture or a PDF clockwise by 90, 180 or 270 degrees; stored under a new name.

    Raises UploadRefused for a file that cannot be turned, NotAllowed for one that was
    submitted already.
    """
    try:
        data = rotate(read_stored(attachment.stored_name), degrees)
    except ValueError:
        raise UploadRefused("cannot_turn", "这种文件不能旋转。请转好方向后重新上传。") from None
    with transaction.atomic():
        revision = _writable(attachment.case)
        if attachment.added_in_id != revision.pk:
            raise NotAllowed("这份材料已经提交过，不能再旋转。可以删除后重新上传。")
        if degrees % 180:
            attachment.width, attachment.height = attachment.height, attachment.width
        attachment.size, attachment.sha256 = len(data), sha256(data)
        suffix = attachment.stored_name.rsplit(".", 1)[-1]
        attachment.stored_name = store(data, f".{suffix}")
        attachment.save()
    return attachment


def is_drawn(attachment: Attachment) -> bool:
    """Whether a page may show it; the originals of e-bills (OFD, XML) are only downloaded."""
    kind = attachment.content_type
    return kind.startswith("image/") or kind == "application/pdf"


def picture(attachment: Attachment, page: int = 0, max_px: int = 1600) -> bytes:
    """A JPEG of one page for looking at on the screen."""
    return preview(
        read_stored(attachment.stored_name), attachment.content_type, page=page, max_px=max_px
    )


def _writable(case: Case) -> Revision:
    revision = locked_revision(case)
    if revision is None:
        raise NotAllowed("这件申请已经提交，不能再增减材料。如需补充，请等候补正通知或先撤回。")
    return revision


def _check_room(case: Case, document: str, most: int) -> None:
    present = Attachment.objects.filter(case=case, removed_in=None)
    if present.filter(document=document).count() >= most:
        raise UploadRefused("too_many", f"同一种材料最多 {most} 个文件，请先删除多余的再上传。")
    if present.count() >= MAX_PER_CASE:
        raise UploadRefused(
            "too_many", f"一件申请最多 {MAX_PER_CASE} 个文件，请先删除多余的再上传。"
        )
