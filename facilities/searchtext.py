"""How a name is written for searching, and the grams by which it is found.

The grams of a name are the pairs of neighbouring characters in it and the triples
of neighbouring pinyin initials; a text can only stand in a name that has all of
the text's grams. Why pairs and not trigrams: docs/decisions/facilities-search.md.
"""

import re
import unicodedata
from dataclasses import dataclass

from facilities.pinyin import syllables

_INITIALS_AT_ONCE = 3
_NO_LETTER = re.compile(r"[\W_]+")
# Characters that SQLite's tokenizer does not know as letters (it is of Unicode 6.1):
# they make no gram; the name is compared character by character anyway.
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
    pinyin: str
    initials: str
    grams: str


def forms_of_name(name: str) -> SearchForms:
    """The search forms of a name; its grams each once, separated by blanks."""
    form = search_form(name)
    spelled = syllables(form)
    letters = "".join([syllable[0] for syllable in spelled])
    grams = dict.fromkeys((*_pairs(form), *_triples(letters)))
    return SearchForms(form, "".join(spelled), letters, " ".join(grams))


def grams_of_query(text: str) -> list[str]:
    """The grams that a name with this search form has; none for a text too short."""
    return list(dict.fromkeys(_triples(text) if is_letters(text) else _pairs(text)))


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
