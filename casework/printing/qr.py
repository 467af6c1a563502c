"""The square that leads from paper back to the case."""

from functools import lru_cache
from io import BytesIO

import segno


@lru_cache(maxsize=512)
def qr_svg(text: str) -> str:
    """A QR code (level M, two modules of margin) as an SVG text, for a template.

    Choosing the best of eight masks takes longer than the rest of the page, and one
    case is printed several times: the last codes are kept.
    """
    out = BytesIO()
    code = segno.make_qr(text, error="m")
    code.save(out, kind="svg", xmldecl=False, nl=False, border=2, scale=4)
    return out.getvalue().decode("ascii")
