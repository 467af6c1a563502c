"""Paper and files: milliseconds for one form as PDF and for one upload.

Run as `python bench/pdf.py`. Every print is of another case, so that nothing is read
from a cache; the first one, which loads the fonts, is shown on its own line.
"""

import os
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from io import BytesIO
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")

from PIL import Image, ImageDraw

from casework.printing import LETTER, Letter, Signed, render_pdf
from casework.signature import Signature
from casework.uploads import accept, preview, rotate
from filings.printing import (
    REGISTRATION_FORM,
    InsuredPerson,
    Proxy,
    RegistrationForm,
)

DAY = date(2026, 11, 22)
PHOTO = (4032, 3024)  # 12 megapixels


@dataclass(frozen=True)
class Row:
    """One line of the table: medians in ms, the best wall ms, and the budget in ms."""

    name: str
    cpu: float
    wall: float
    best: float
    budget: float | None = None


def measure(name: str, act: Callable[[int], object], times: int, budget=None) -> Row:
    """Run `act(0)`, `act(1)`… and take the medians; CPU is of the whole process."""
    cpu, wall = [], []
    for number in range(times):
        started, busy = time.perf_counter(), time.process_time()
        act(number)
        wall.append((time.perf_counter() - started) * 1000)
        cpu.append((time.process_time() - busy) * 1000)
    return Row(name, statistics.median(cpu), statistics.median(wall), min(wall), budget)


def form(number: int) -> RegistrationForm:
    """A filled form in two copies with a drawn signature."""
    ink = Image.new("L", (500, 200), 255)
    ImageDraw.Draw(ink).line([(20, 150), (110, 30), (300, 160), (470, 60)], fill=0, width=7)
    out = BytesIO()
    ink.save(out, "PNG")
    return RegistrationForm(
        dated=DAY,
        case_number=f"530902001{DAY:%Y%m%d}{number:07d}",
        person=InsuredPerson(
            name="示例人",
            id_number="530902195803120048",
            insured_area="云南省临沧市临翔区",
            address="四川省成都市武侯区示例路20号",
        ),
        proxy=Proxy("示例代办人", "母子", "530902198501010017", "13900000002"),
        category="TMP-OTH",
        destination_province="四川省",
        destination_city="成都市",
        valid_from=DAY,
        valid_to=date(2027, 2, 22),
        documents=("居民身份证",),
        signed=Signed(Signature("drawn", out.getvalue(), "示例人"), "2026年11月22日"),
        opinion="同意备案。",
        tips=("住院期间请告知医院按异地医保办理入院登记。",) * 3,
        verify_url=f"http://127.0.0.1:8000/v/{number:022d}",
    )


def letter(number: int) -> Letter:
    """A correction notice with three items."""
    return Letter(
        title="一次性告知（补正）通知书",
        number=f"示〔2026〕第{number:06d}号",
        case_number=f"530902001{DAY:%Y%m%d}{number:07d}",
        addressee="示例人",
        paragraphs=("您的申请需要补正以下全部内容：",),
        items=("照片模糊。", "号码少一位。", "签名不一致。"),
        agency="示例经办机构",
        issued_on=DAY,
        verify_url=f"http://127.0.0.1:8000/v/{number:022d}",
    )


def photo(format_name: str) -> bytes:
    """A noisy 12-megapixel picture as a phone writes it, lying on its side."""
    noise = Image.effect_noise((PHOTO[0] // 8, PHOTO[1] // 8), 80).resize(PHOTO)
    shade = Image.radial_gradient("L").resize(PHOTO)
    image = Image.merge("RGB", (noise, shade, Image.blend(noise, shade, 0.5)))
    exif = image.getexif()
    exif[0x0112] = 6
    out = BytesIO()
    image.save(out, format_name, quality=92, exif=exif)
    return out.getvalue()


def scan() -> bytes:
    """A PDF of three scanned pages."""
    page = Image.effect_noise((1240, 1754), 60)
    out = BytesIO()
    page.save(out, "PDF", save_all=True, append_images=[page, page])
    return out.getvalue()


def rows() -> Iterator[Row]:
    """Every line of the table."""
    yield measure(
        "登记备案表 PDF，首次（载入字体）", lambda n: render_pdf(REGISTRATION_FORM, form(n)), 1
    )
    forms = [form(number) for number in range(1, 41)]
    yield measure(
        "登记备案表 PDF（两联）", lambda n: render_pdf(REGISTRATION_FORM, forms[n]), 40, 30
    )
    blank = replace(forms[0], blank=True)
    yield measure("空白登记备案表 PDF", lambda _: render_pdf(REGISTRATION_FORM, blank), 10, 30)
    yield measure("补正通知书 PDF", lambda n: render_pdf(LETTER, letter(n)), 40, 30)
    jpeg, heic, pdf = photo("JPEG"), photo("HEIF"), scan()
    yield measure("上传 1200 万像素 JPEG", lambda _: accept(jpeg), 5, 1000)
    yield measure("上传 1200 万像素 HEIC", lambda _: accept(heic), 5, 1000)
    yield measure("上传 3 页扫描 PDF", lambda _: accept(pdf), 3, 1000)
    stored, pages = accept(jpeg).data, accept(pdf).data
    yield measure("旋转照片", lambda _: rotate(stored, 90), 5)
    yield measure("照片预览", lambda _: preview(stored, "image/jpeg"), 5)
    yield measure("PDF 一页预览", lambda _: preview(pages, "application/pdf"), 3)


def main() -> None:
    """Print the table."""
    print(f"{'CPU ms':>8} {'wall ms':>8} {'best':>8} {'budget':>8}  item")
    for row in rows():
        budget = f"{row.budget:.0f}" if row.budget else "–"
        print(f"{row.cpu:8.1f} {row.wall:8.1f} {row.best:8.1f} {budget:>8}  {row.name}", flush=True)


if __name__ == "__main__":
    main()
