"""How a name is written for searching, and the grams by which it is found.

The grams of a name are the pairs of neighbouring characters in it and the triples
of neighbouring pinyin initials; a text can only stand in a name that has all of
the text's grams. Why pairs and not trigrams: docs/decisions/facilities-search.md.
"""

import unicodedata

from facilities.pinyin import full, initials

_INITIALS_AT_ONCE = 3


def clean_name(text: str) -> str:
    """A name as it is kept: full-width letters and brackets made half-width, no blanks."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def search_form(text: str) -> str:
    """Only letters, digits and Chinese characters, in lower case."""
    folded = unicodedata.normalize("NFKC", text).lower()
    return "".join(character for character in folded if character.isalnum())


def is_letters(text: str) -> bool:
    """Whether a search form is to be looked up as pinyin."""
    return text.isascii()


def grams_of_name(name: str) -> str:
    """The grams of a name, each once, separated by blanks."""
    pairs = _pairs(search_form(name))
    triples = _triples(initials(search_form(name)))
    return " ".join(dict.fromkeys((*pairs, *triples)))


def grams_of_query(text: str) -> list[str]:
    """The grams that a name with this search form has; none for a text too short."""
    return list(dict.fromkeys(_triples(text) if is_letters(text) else _pairs(text)))


def pinyin_of(name: str) -> tuple[str, str]:
    """(full pinyin, initials) of a name, as searched."""
    form = search_form(name)
    return full(form), initials(form)


def _pairs(text: str) -> list[str]:
    """Neighbouring characters. Two letters are left out: the initials hold them."""
    pairs = (text[at : at + 2] for at in range(len(text) - 1))
    return [pair for pair in pairs if not pair.isascii() and all(map(_is_common, pair))]


def _triples(letters: str) -> list[str]:
    steps = range(len(letters) - _INITIALS_AT_ONCE + 1)
    return [letters[at : at + _INITIALS_AT_ONCE] for at in steps]


def _is_common(character: str) -> bool:
    """Whether SQLite's tokenizer knows the character as a letter (Unicode 6.1).

    Rarer characters make no gram; the name is compared character by character anyway.
    """
    return (
        character.isascii()
        or "\u3400" <= character <= "\u4db5"
        or "\u4e00" <= character <= "\u9fcc"
    )
