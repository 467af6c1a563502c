"""The fonts of the paper: which, where, and which characters they have."""

from functools import cache
from pathlib import Path

import typst
from django.conf import settings
from fontTools.ttLib import TTFont

# Only the two weights that are printed: typst would load all nine.
REQUIRED = (
    "@expo-google-fonts/noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf",
    "@expo-google-fonts/noto-sans-sc/700Bold/NotoSansSC_700Bold.ttf",
)
# Used when installed: 1,700 more rare characters than the family above.
WIDER = ("@expo-google-fonts/noto-sans-hk/400Regular/NotoSansHK_400Regular.ttf",)
# An agency lays fonts of its own here, for instance for Extension B names.
OWN_FOLDER = "fonts"
SUFFIXES = {".ttf", ".otf"}
# They choose a shape and have none of their own; a font may list them all the same.
VARIATION_SELECTORS = frozenset((*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)))


class FontsMissing(Exception):
    """The fonts are not installed; the message is one Chinese line that says what to run."""

    def __init__(self, path: Path):
        super().__init__(f"打印字体没有安装（缺少 {path.name}）：请在项目目录运行 npm ci 后再试。")


def font_files() -> tuple[Path, ...]:
    """The font files in the order in which they are tried. Raises FontsMissing."""
    node = Path(settings.NODE_DIR)
    required = [node / name for name in REQUIRED]
    for path in required:
        if not path.is_file():
            raise FontsMissing(path)
    wider = [node / name for name in WIDER if (node / name).is_file()]
    return (*required, *_own_fonts(), *wider)


def loaded_fonts() -> typst.Fonts:
    """The fonts as typst wants them, loaded once and shared by all threads."""
    return _load(font_files())


def families() -> list[str]:
    """Font family names in the order in which they are tried."""
    return list(_usable(font_files()).values())


def covered() -> frozenset[int]:
    """Every code point that at least one of the fonts has."""
    return _covered(font_files())


def _own_fonts() -> list[Path]:
    folder = Path(settings.VAR_DIR) / OWN_FOLDER
    if not folder.is_dir():
        return []
    return sorted(path for path in folder.iterdir() if path.suffix.lower() in SUFFIXES)


@cache
def _load(files: tuple[Path, ...]) -> typst.Fonts:
    folders = dict.fromkeys(str(path.parent) for path in files)
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=list(folders)
    )


@cache
def _usable(files: tuple[Path, ...]) -> dict[Path, str]:
    """Path and family of the files that typst took; it passes over a font with defects."""
    taken = {Path(info.path): info.family for info in _load(files).fonts()}
    return {path: taken[path] for path in files if path in taken}


@cache
def _covered(files: tuple[Path, ...]) -> frozenset[int]:
    points: set[int] = set()
    for path in _usable(files):
        with TTFont(path, lazy=True) as font:
            points |= (font.getBestCmap() or {}).keys()
    return frozenset(points - VARIATION_SELECTORS)
