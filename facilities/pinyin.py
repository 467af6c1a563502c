"""Pinyin of the names of places and institutions, for searching by letters.

Character by character, from a table made beforehand (`manage.py make_pinyin_table`),
with the readings that such names use: segmenting each name by dictionary takes
about 0.3 ms, five minutes for a million rows, and reads 长治 and 朝阳 wrong all the
same; importing the dictionary costs every process half a second.
"""

import re
import string
from functools import cache
from pathlib import Path

TABLE = Path(__file__).parent / "data" / "pinyin.txt"

# The reading of a character in names of places and institutions, where the
# commonest reading of the language is another.
_READINGS = {
    "长": "chang", "朝": "chao", "都": "du", "乐": "le", "藏": "zang", "厦": "xia", "勒": "le",
    "卡": "ka", "坻": "di", "漯": "luo", "牟": "mu", "蚌": "beng", "重": "zhong", "行": "xing",
    "会": "hui", "单": "dan", "石": "shi", "曲": "qu", "车": "che", "区": "qu", "省": "sheng",
    "血": "xue", "柏": "bai", "解": "jie", "任": "ren", "大": "da", "万": "wan", "什": "shi",
}  # fmt: skip
# Where the word decides. The longest that fits wins.
_WORDS = {
    "重庆": "chong qing", "乐清": "yue qing", "乐亭": "lao ting", "佛山": "fo shan",
    "佛坪": "fo ping", "佛冈": "fo gang", "六安": "lu an", "六合": "lu he", "浪卡子": "lang ka zi",
    "大埔": "da bu", "吴堡": "wu bu", "尉犁": "yu li", "马尾": "ma wei", "枞阳": "zong yang",
    "泌阳": "bi yang", "犍为": "qian wei", "番禺": "pan yu", "茄子河": "qie zi he",
    "蔚县": "yu xian", "铅山": "yan shan", "长子县": "zhang zi xian", "东阿": "dong e",
    "黄陂": "huang pi", "涡阳": "guo yang", "洪洞": "hong tong", "繁峙": "fan shi",
    "单县": "shan xian", "大城县": "dai cheng xian", "宕昌": "tan chang", "浚县": "xun xian",
    "筠连": "jun lian", "尉氏": "wei shi", "柞水": "zha shui", "莘县": "shen xian",
    "莘庄": "xin zhuang", "银行": "yin hang", "重症": "zhong zheng", "什邡": "shi fang",
}  # fmt: skip
_WORD = re.compile(f"({'|'.join(sorted(_WORDS, key=len, reverse=True))})")


def syllables(text: str) -> list[str]:
    """One syllable for each Chinese character, without tone; ASCII letters and digits stay.

    Anything else is left out. ü is written v (绿春 lv chun), as input methods do.
    """
    if not _WORD.search(text):
        return _spelled(text)
    found: list[str] = []
    for part in _WORD.split(text):
        found.extend(_WORDS[part].split() if part in _WORDS else _spelled(part))
    return found


def full(text: str) -> str:
    """The syllables in one word: 临沧 is lincang."""
    return "".join(syllables(text))


def initials(text: str) -> str:
    """The first letter of each syllable: 临沧 is lc."""
    return "".join(syllable[0] for syllable in syllables(text))


def _spelled(text: str) -> list[str]:
    """The syllable of each character that has one."""
    table = _table()
    return [table[character] for character in text if character in table]


@cache
def _table() -> dict[str, str]:
    """Character to its syllable, ASCII letters and digits to themselves; read once."""
    table = {letter: letter.lower() for letter in string.ascii_letters + string.digits}
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        syllable, characters = line.split(" ")
        table.update(dict.fromkeys(characters, syllable))
    return table | _READINGS
