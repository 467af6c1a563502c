"""Paper: official forms and letters as PDF, the same bytes for the same data."""

from casework.printing.characters import missing_characters
from casework.printing.compiler import PrintingFailed, Rendered, render_pdf
from casework.printing.data import Letter, Promise, Signed, date_text
from casework.printing.fonts import FontsMissing
from casework.printing.qr import qr_svg

# Letters and promises belong to every kind of case; forms lie with their own app.
LETTER = "casework/printing/letter.typ"
PROMISE = "casework/printing/promise.typ"

__all__ = [
    "LETTER",
    "PROMISE",
    "FontsMissing",
    "Letter",
    "PrintingFailed",
    "Promise",
    "Rendered",
    "Signed",
    "date_text",
    "missing_characters",
    "qr_svg",
    "render_pdf",
]
