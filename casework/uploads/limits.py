"""The limits of an upload that are ours; size and pixels are in the settings."""

# A referral with all its enclosures has some twenty pages.
MAX_PDF_PAGES = 50
# Wall seconds one PDF may take to be cleaned and test-rendered.
MAX_PDF_SECONDS = 20
# What the process that reads a stranger's PDF may take.
PDF_CPU_SECONDS = 15
PDF_MEMORY_BYTES = 1536 * 1024 * 1024
# Long edge of a stored photograph. A4 at 4,000 px is about 340 dpi: print is sharp.
MAX_EDGE = 4096
# A long screenshot keeps its width; its area is capped instead.
MAX_AREA = 16_000_000
# Fewer pixels than this on a side cannot hold readable print.
MIN_EDGE = 16
JPEG_QUALITY = 85
# More colours than this is a photograph, fewer is a drawing or a screenshot.
GRAPHIC_COLOURS = 4096


def megabytes(size: int) -> str:
    """Bytes as whole or one-decimal MB for a message."""
    value = size / (1024 * 1024)
    return f"{value:.0f}" if value == int(value) else f"{value:.1f}"
