"""How a name is written for searching, and the grams by which it is found.

The grams of a name are the pairs of neighbouring characters in it, the triples of
neighbouring pinyin initials, what it begins with, and each rare character. Every
text has grams, and can only stand in a name that has all of them. Why pairs and
not trigrams: docs/decisions/facilities-search.md.
"""

import re
import unicodedata
from dataclasses import dataclass

from facilities.pinyin import syllables

_INITIALS_AT_ONCE = 3
_START = "start"
_NO_LETTER = re.compile(r"[\W_]+")
# Characters that SQLite's tokenizer may not know as letters (it is of Unicode 6.1).
_RARE = re.compile("[^a-z0-9\u3400-\u4db5\u4e00-\u9fcc]+")


def clean_name(text: str) -> str:
    """A name as it is kept: full-width letters and brackets made half-width, no blanks."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def search_form(text: str) -> str:
    """Only letters, digits and Chinese characters, in lower case."""
    return _NO_LETTER.sub("", unicodedata.normalize("NFKC", text).lower())


def is_letters(text: str) -> bool:
    """Whether a search form is to be looked up as pinyin."""
    return text.isascii()


@dataclass(frozen=True, slots=True)
class SearchForms:
    """Everything that is kept of a name so that it is found."""

    name: str
    initials: str
    grams: tuple[str, ...]


def forms_of_name(name: str) -> SearchForms:
    """The search forms of a name; its grams each once."""
    form = search_form(name)
    letters = "".join([syllable[0] for syllable in syllables(form)])
    grams = (*_pairs(form), *_triples(letters), *_rare(form))
    starts = [f"{_START}{start}" for start in (form[:1], letters[:1], letters[:2]) if start]
    return SearchForms(form, letters, tuple(dict.fromkeys((*grams, *starts))))


def grams_of_query(form: str) -> list[str]:
    """The grams that a name with this search form has; at least one unless it is empty.

    One character, or two letters, stand for the beginning of a name.
    """
    if is_letters(form):
        grams = _triples(form) or [f"{_START}{form}"]
    else:
        grams = [*_pairs(form), *_rare(form)] or [f"{_START}{form}"]
    return list(dict.fromkeys(grams)) if form else []


def is_short(form: str) -> bool:
    """Whether a search form stands for the beginning of a name only."""
    return grams_of_query(form) == [f"{_START}{form}"]


def _pairs(text: str) -> list[str]:
    """Neighbouring characters. Two letters are left out: the initials hold them."""
    return [
        run[at : at + 2]
        for run in _RARE.split(text)
        for at in range(len(run) - 1)
        if not run[at : at + 2].isascii()
    ]


def _triples(letters: str) -> list[str]:
    steps = range(len(letters) - _INITIALS_AT_ONCE + 1)
    return [letters[at : at + _INITIALS_AT_ONCE] for at in steps]


def _rare(text: str) -> list[str]:
    """Each character that makes no pair, by its number."""
    return [f"rare{ord(character):x}" for run in _RARE.findall(text) for character in run]
