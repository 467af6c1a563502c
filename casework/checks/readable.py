"""Could a clerk read the documents?"""

from casework.kinds import Finding, kind_of
from casework.models import Attachment

# Below this a photographed card cannot be read: numbers of ours, from trials.
MIN_SIDE = 300
MIN_PIXELS = 250_000


def check(dossier) -> Finding | None:
    """Tiny pictures and files without a page."""
    small = [file for file in dossier.files if _is_unreadable(file)]
    if not small:
        return None
    labels = kind_of(dossier.case).document_labels
    names = "、".join(dict.fromkeys(labels.get(file.document, file.document) for file in small))
    return Finding(
        "document_unreadable",
        f"{names}的图片太小或没有内容，可能看不清。",
        f"document:{small[0].document}",
    )


def _is_unreadable(file: Attachment) -> bool:
    if file.pages < 1:
        return True
    if not file.content_type.startswith("image/"):
        return False
    return min(file.width, file.height) < MIN_SIDE or file.width * file.height < MIN_PIXELS
