"""Pinyin of the names of places and institutions, for searching by letters.

Character by character, from a table made beforehand (`manage.py make_pinyin_table`),
with the readings that such names use: segmenting each name by dictionary takes
about 0.3 ms, five minutes for a million rows, and reads 长治 and 朝阳 wrong all the
same; importing the dictionary costs every process half a second.
"""

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
_LONGEST = max(map(len, _WORDS))


def syllables(text: str) -> list[str]:
    """One syllable for each Chinese character, without tone; ASCII letters and digits stay.

    Anything else is left out. ü is written v (绿春 lv chun), as input methods do.
    """
    found, at = [], 0
    while at < len(text):
        word = _word_at(text, at)
        found.extend(_WORDS[word].split() if word else _reading(text[at]))
        at += len(word) or 1
    return found


def full(text: str) -> str:
    """The syllables in one word: 临沧 is lincang."""
    return "".join(syllables(text))


def initials(text: str) -> str:
    """The first letter of each syllable: 临沧 is lc."""
    return "".join(syllable[0] for syllable in syllables(text))


def _word_at(text: str, at: int) -> str:
    """The longest known word that starts here, or ""."""
    for size in range(_LONGEST, 1, -1):
        if text[at : at + size] in _WORDS:
            return text[at : at + size]
    return ""


def _reading(character: str) -> tuple[str, ...]:
    """The syllable of one character, as a tuple of one or none."""
    if character.isascii():
        return (character.lower(),) if character.isalnum() else ()
    return _table().get(character, ())


@cache
def _table() -> dict[str, tuple[str, ...]]:
    """Character to its one syllable, read once."""
    table = {}
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        syllable, characters = line.split(" ")
        table.update(dict.fromkeys(characters, (syllable,)))
    return table | {character: (syllable,) for character, syllable in _READINGS.items()}
