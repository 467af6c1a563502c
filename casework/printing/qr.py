"""The square that leads from paper back to the case."""

from io import BytesIO

import segno

# Every reader undoes any of the eight masks. Trying all of them for the most even one
# takes longer than the rest of the page, and a random token is even enough under each.
MASK = 3


def qr_svg(text: str) -> str:
    """A QR code (level M, two modules of margin) as an SVG text, for a template."""
    out = BytesIO()
    code = segno.make_qr(text, error="m", mask=MASK)
    code.save(out, kind="svg", xmldecl=False, nl=False, border=2, scale=4)
    return out.getvalue().decode("ascii")
