"""Contact sheets: every picture of a width on one large page, with its name beneath."""

from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

GAP, LABEL = 24, 56
# A column takes pictures until it is this many times as high as it is wide.
COLUMN_RATIO = 6
FONTS = (
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc",
)


def contact_sheet(shots: list[tuple[str, Path]], width: int, target: Path) -> Path:
    """Lay out (name, picture) in columns, each picture `width` pixels wide; returns `target`.

    Pictures keep their proportions and are never cut.
    """
    font = _font(max(22, width // 18))
    columns = _columns([(name, _picture(path, width)) for name, path in shots], width)
    height = max(sum(picture.height + LABEL + GAP for _, picture in one) for one in columns)
    sheet = Image.new("RGB", (len(columns) * (width + GAP) + GAP, height + GAP), "#8a94a0")
    draw = ImageDraw.Draw(sheet)
    for place, column in enumerate(columns):
        x, y = GAP + place * (width + GAP), GAP
        for name, picture in column:
            sheet.paste(picture, (x, y))
            draw.text((x, y + picture.height + 8), name, fill="#ffffff", font=font)
            y += picture.height + LABEL + GAP
    sheet.save(target, optimize=True)
    return target


def _picture(path: Path, width: int) -> Image.Image:
    with Image.open(path) as opened:
        picture = opened.convert("RGB")
    if picture.width == width:
        return picture
    return picture.resize((width, round(picture.height * width / picture.width)))


def _columns(shots: list, width: int) -> list[list]:
    columns: list[list] = [[]]
    filled = 0
    for shot in shots:
        height = shot[1].height + LABEL + GAP
        if columns[-1] and filled + height > width * COLUMN_RATIO:
            columns.append([])
            filled = 0
        columns[-1].append(shot)
        filled += height
    return columns


def _font(size: int):
    path = next((path for path in FONTS if Path(path).exists()), None)
    return ImageFont.truetype(path, size) if path else ImageFont.load_default(size)
