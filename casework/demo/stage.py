"""Telling a demonstration: on its own days, with papers that say that they are none."""

from contextlib import contextmanager
from datetime import datetime
from io import BytesIO
from unittest.mock import patch

from django.utils import timezone
from PIL import Image, ImageDraw


@contextmanager
def on_day(moment: datetime):
    """The clock of the program stands at a moment: the demonstration is told day by day."""
    with patch.object(timezone, "now", return_value=moment):
        yield


def sample_page(word: str) -> bytes:
    """A picture that stands for a document and says that it is none."""
    picture = Image.new("RGB", (1200, 1600), "#fffdf5")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((60, 60, 1140, 1540), outline="#56616f", width=6)
    for line in range(200, 1400, 90):
        draw.line((140, line, 1060, line), fill="#d8dee6", width=4)
    draw.text((160, 110), f"SAMPLE {word}", fill="#1b2430", font_size=48)
    data = BytesIO()
    picture.save(data, "JPEG", quality=70)
    return data.getvalue()
