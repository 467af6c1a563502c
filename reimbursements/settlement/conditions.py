"""Conditions (``when``) over the facts of a stay, and the proof that a table is whole.

A condition is a box: for each dimension it names, the set of values it accepts.
Dimensions are finite (age and the ordinal of the stay are counted), so gaps and
overlaps of a table are found by subtracting boxes, with a concrete example to show.
"""

from collections.abc import Iterable, Mapping

from reimbursements.settlement import terms
from reimbursements.settlement.errors import StayError
from reimbursements.settlement.yamltree import Item, Section

MAX_AGE = 150
MAX_NTH = 99

Box = Mapping[str, frozenset]

_DECLARED_BY = {
    "level": "levels",
    "charging_level": "levels",
    "person_group": "person_groups",
    "hardship": "hardship",
}


class Vocabulary:
    """The words one policy may use for levels, people and tags."""

    def __init__(self, levels=(), person_groups=(), hardship=(), tags=(), level_aliases=None):
        self.levels = tuple(levels)
        self.person_groups = tuple(person_groups)
        self.hardship = tuple(hardship)
        self.tags = tuple(tags)
        self.level_aliases = dict(level_aliases or {})
        hard = (*self.hardship, terms.NO_HARDSHIP) if self.hardship else ()
        self._values = {
            "kind": tuple(terms.KINDS),
            "place": tuple(terms.PLACES),
            "filing": tuple(terms.FILINGS),
            "level": self.levels,
            "charging_level": self.levels,
            "person_group": self.person_groups,
            "hardship": hard,
            "age": tuple(range(MAX_AGE + 1)),
            "nth_stay": tuple(range(1, MAX_NTH + 1)),
        }

    def values(self, dimension: str) -> tuple:
        """Every value of a dimension, in the order in which people list them."""
        if dimension.startswith("tag:"):
            return (True, False)
        return self._values[dimension]

    def domain(self, dimension: str) -> frozenset:
        return frozenset(self.values(dimension))

    def level(self, word: str) -> str | None:
        """The policy's level for a hospital grade, ``三级甲等`` falling back to ``三级``."""
        for candidate in (word, self.level_aliases.get(word), terms.LEVEL_FALLBACKS.get(word)):
            if candidate in self.levels:
                return candidate
        return None


def read_when(item: Item | None, vocabulary: Vocabulary) -> dict[str, frozenset]:
    """A ``when`` mapping as a box. Raises PolicyError at the line of a bad value."""
    if item is None:
        return {}
    section = Section(item, "一组条件，例如 {level: 三级}")
    box: dict[str, frozenset] = {}
    for dimension in ("kind", "place", "filing"):
        _read_codes(section, dimension, box)
    for dimension in ("level", "charging_level", "person_group", "hardship"):
        _read_words(section, dimension, vocabulary, box)
    for dimension in ("age", "nth_stay"):
        _read_numbers(section, dimension, vocabulary, box)
    _read_tags(section, "tag", True, vocabulary, box)
    _read_tags(section, "no_tag", False, vocabulary, box)
    section.done()
    return box


def _read_codes(section: Section, dimension: str, box: dict) -> None:
    item = section.get(dimension)
    if item is None:
        return
    groups = terms.GROUPS.get(dimension, {})
    expected = "、".join([*terms.CODES[dimension], *groups])
    chosen: list[str] = []
    for value in item.one_or_more(expected):
        word = value.text(expected)
        code = terms.code_of(dimension, word)
        found = groups.get(word, (code,) if code else None)
        if found is None:
            value.fail(expected)
        chosen.extend(found)
    box[dimension] = frozenset(chosen)


def _read_words(section: Section, dimension: str, vocabulary: Vocabulary, box: dict) -> None:
    item = section.get(dimension)
    if item is None:
        return
    known = vocabulary.values(dimension)
    if not known:
        item.fail(f"先在文件开头用 {_DECLARED_BY[dimension]} 列出可用的值")
    expected = "、".join(known)
    chosen = []
    for value in item.one_or_more(expected):
        word = value.text(expected)
        if word not in known:
            value.fail(expected)
        chosen.append(word)
    box[dimension] = frozenset(chosen)


def _read_numbers(section: Section, dimension: str, vocabulary: Vocabulary, box: dict) -> None:
    item = section.get(dimension)
    if item is None:
        return
    domain = vocabulary.domain(dimension)
    if isinstance(item.value, dict):
        box[dimension] = _read_range(item, domain)
        return
    values = item.one_or_more("一个整数")
    box[dimension] = frozenset(_whole(value, domain) for value in values)


def _read_range(item: Item, domain: frozenset) -> frozenset:
    section = Section(item)
    low, high = section.get("at_least"), section.get("below")
    section.done()
    if low is None and high is None:
        item.fail("at_least（含）或 below（不含），至少写一个")
    first = _whole(low, domain) if low else min(domain)
    last = _whole(high, domain) if high else max(domain) + 1
    chosen = frozenset(n for n in domain if first <= n < last)
    if not chosen:
        item.fail("at_least 小于 below")
    return chosen


def _whole(item: Item, domain: frozenset) -> int:
    expected = f"{min(domain)} 到 {max(domain)} 的整数"
    text = item.text(expected)
    if not (text.isascii() and text.isdigit() and len(text) < 5 and int(text) in domain):
        item.fail(expected)
    return int(text)


def _read_tags(section: Section, key: str, wanted: bool, vocabulary: Vocabulary, box) -> None:
    item = section.get(key)
    if item is None:
        return
    expected = "、".join(vocabulary.tags) or "先在文件开头用 tags 列出可用的标签"
    for value in item.one_or_more(expected):
        word = value.text(expected)
        if word not in vocabulary.tags or f"tag:{word}" in box:
            value.fail(expected)
        box[f"tag:{word}"] = frozenset([wanted])


def meet(space: Box, box: Box) -> dict[str, frozenset] | None:
    """The common part of two boxes, or None when there is none."""
    common = dict(space)
    for dimension, accepted in box.items():
        both = common[dimension] & accepted if dimension in common else accepted
        if not both:
            return None
        common[dimension] = both
    return common


def first_uncovered(space: Box, boxes: Iterable[Box], vocabulary: Vocabulary) -> dict | None:
    """A part of ``space`` that no box accepts, or None when the boxes cover it all."""
    pending = [dict(space)]
    for box in boxes:
        pending = [piece for part in pending for piece in _subtract(part, box, vocabulary)]
    return pending[0] if pending else None


def _subtract(space: dict, box: Box, vocabulary: Vocabulary) -> list[dict]:
    if meet(space, box) is None:
        return [space]
    pieces, rest = [], dict(space)
    for dimension, accepted in box.items():
        held = rest.get(dimension) or vocabulary.domain(dimension)
        outside = held - accepted
        if outside:
            pieces.append({**rest, dimension: outside})
        rest[dimension] = held & accepted
    return pieces


def example(box: Box, vocabulary: Vocabulary) -> str:
    """One member of a box in words, for a message about a gap or an overlap."""
    parts = []
    for dimension, accepted in box.items():
        if dimension.startswith("tag:"):
            word = dimension.removeprefix("tag:")
            parts.append(word if True in accepted else f"没有“{word}”标签")
        elif len(accepted) < len(vocabulary.values(dimension)):
            first = next(v for v in vocabulary.values(dimension) if v in accepted)
            label = terms.FIELD_LABELS[dimension]
            parts.append(f"{label} {terms.label_of(dimension, first)}")
    return "、".join(parts) or "任何情况"


def describe(box: Box, vocabulary: Vocabulary) -> str:
    """A condition in the words of a notice: ``三级、退休``; empty when it holds always."""
    parts = []
    for dimension, accepted in box.items():
        if dimension.startswith("tag:"):
            word = dimension.removeprefix("tag:")
            parts.append(word if True in accepted else f"非{word}")
        elif dimension in ("age", "nth_stay"):
            parts.append(_describe_numbers(dimension, accepted, vocabulary))
        elif len(accepted) < len(vocabulary.values(dimension)):
            chosen = [v for v in vocabulary.values(dimension) if v in accepted]
            parts.append("/".join(terms.label_of(dimension, v) for v in chosen))
    return "、".join(parts)


def _describe_numbers(dimension: str, accepted: frozenset, vocabulary: Vocabulary) -> str:
    low, high = min(accepted), max(accepted)
    top = vocabulary.values(dimension)[-1]
    if len(accepted) == 1:
        return terms.label_of(dimension, low)
    if high == top:
        return f"{terms.label_of(dimension, low)}起"
    return f"{terms.label_of(dimension, low)}至{terms.label_of(dimension, high)}"


def holds(box: Box, profile: Mapping[str, object]) -> bool:
    """Whether a stay is in a box.

    Raises StayError naming the field when the answer depends on a fact that was not given.
    """
    missing = None
    for dimension, accepted in box.items():
        value = profile[dimension]
        if value is None:
            missing = missing or dimension
        elif value not in accepted:
            return False
    if missing is not None:
        raise StayError(missing, f"政策按{terms.FIELD_LABELS[missing]}区分，请填写")
    return True
