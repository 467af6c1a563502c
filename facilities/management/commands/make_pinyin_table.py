"""Writes data/pinyin.txt anew from the pypinyin package: one syllable and its characters a line."""

from collections import defaultdict

from django.core.management.base import BaseCommand
from pypinyin import Style, pinyin

from facilities.pinyin import TABLE

# Unified ideographs and their extension A; rarer characters are found by writing them.
RANGES = ((0x3400, 0x4DBF), (0x4E00, 0x9FFF))


def table() -> str:
    """The table as text, sorted, so that making it twice gives the same file."""
    groups = defaultdict(list)
    for first, last in RANGES:
        for number in range(first, last + 1):
            syllable = pinyin(chr(number), style=Style.NORMAL)[0][0].replace("ü", "v")
            if syllable.isascii() and syllable.isalpha():
                groups[syllable].append(chr(number))
    return "".join(f"{syllable} {''.join(groups[syllable])}\n" for syllable in sorted(groups))


class Command(BaseCommand):
    help = "重新生成拼音表 facilities/data/pinyin.txt（升级 pypinyin 后使用）"
    requires_system_checks = []

    def handle(self, *args, **options):
        TABLE.write_text(table(), encoding="utf-8")
        self.stdout.write(f"已生成{TABLE}")
