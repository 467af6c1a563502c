"""Which documents a claim needs: the table of documents.yaml, asked by kind of claim.

Each row of the table names its source; what it says is in docs/sources.md (手工报销，材料).
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from reimbursements.settlement.errors import PolicyError
from reimbursements.settlement.yamltree import Item, Section, read_tree

FILE = Path(__file__).with_name("documents.yaml")
KINDS = ("inpatient", "outpatient", "emergency", "chronic", "pharmacy", "maternity")
FLAGS = ("paper", "third_party", "other_insurer", "referral", "agent", "died", "counter")

Groups = list[tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Source:
    """Where a row comes from; `trust` is that of docs/sources.md."""

    title: str
    trust: str


@dataclass(frozen=True, slots=True)
class DocumentRule:
    """One row: under these conditions, any one of these. `useful` ones are never demanded."""

    kinds: tuple[str, ...]
    reasons: tuple[str, ...]
    flags: tuple[str, ...]
    any_of: tuple[str, ...]
    source: Source
    useful: bool

    def fits(self, kind: str, reason: str, flags: set[str]) -> bool:
        """Whether the row applies to this claim."""
        return (
            (not self.kinds or kind in self.kinds)
            and (not self.reasons or reason in self.reasons)
            and set(self.flags) <= flags
        )


@dataclass(frozen=True, slots=True)
class Table:
    """The whole file."""

    labels: dict[str, str]
    handed_in: frozenset[str]
    rules: tuple[DocumentRule, ...]


def documents_for(
    kind: str,
    reason: str,
    *,
    third_party: bool = False,
    other_insurer: bool = False,
    referral: bool = False,
    paper: bool = False,
    agent: bool = False,
    died: bool = False,
    counter: bool = False,
) -> Groups:
    """The groups of document codes a claim needs; of each group any one will do.

    `kind` is one of KINDS ("" while not said), `reason` a code of reasons.py. `paper`: a bill
    is a paper original. `referral`: filed as referred. `agent`: handed in by another person.
    `counter`: a clerk enters it for somebody without an account, who signs on paper.
    Words of a code: DOCUMENTS; those in HANDED_IN come on paper and are not uploaded.
    """
    rules = rules_for(
        kind,
        reason,
        third_party=third_party,
        other_insurer=other_insurer,
        referral=referral,
        paper=paper,
        agent=agent,
        died=died,
        counter=counter,
    )
    return [rule.any_of for rule in rules if not rule.useful]


def rules_for(kind: str, reason: str, **flags: bool) -> list[DocumentRule]:
    """The rows that apply, with their sources, the merely useful ones included.

    A row whose group is already asked for is left out.
    """
    unknown = set(flags) - set(FLAGS)
    if unknown:
        raise TypeError(f"unknown conditions: {sorted(unknown)}")
    true = {name for name, value in flags.items() if value}
    fitting = (rule for rule in TABLE.rules if rule.fits(kind, reason, true))
    return list({rule.any_of: rule for rule in fitting}.values())


@cache
def load_table(file: Path = FILE) -> Table:
    """The table of a file. Raises PolicyError with the line of what is wrong."""
    root = Section(read_tree(file.read_text(encoding="utf-8"), file.name))
    documents = root.need("documents", "代码和名称")
    labels, handed_in = {}, set()
    for code, item in documents.value.items():
        document = Section(item)
        labels[code] = document.need("label", "名称").text()
        if _yes(document.get("handed_in")):
            handed_in.add(code)
        document.done()
    sources = {code: _source(item) for code, item in root.need("sources", "出处").value.items()}
    rules = tuple(_rule(item, labels, sources) for item in root.need("rules", "一个列表").items())
    root.done()
    return Table(labels, frozenset(handed_in), rules)


def _source(item: Item) -> Source:
    section = Section(item)
    source = Source(section.need("title", "名称").text(), section.need("trust", "可信程度").text())
    section.done()
    return source


def _rule(item: Item, labels: dict[str, str], sources: dict[str, Source]) -> DocumentRule:
    row = Section(item)
    when = Section(row.need("when", "条件，没有条件写 {}"))
    rule = DocumentRule(
        kinds=_codes(when.get("kind"), KINDS),
        reasons=_codes(when.get("reason"), None),
        flags=tuple(flag for flag in FLAGS if _yes(when.get(flag))),
        any_of=_codes(row.need("any_of", "材料代码"), labels),
        source=_one_of(row.need("source", "出处的代码"), sources),
        useful=_yes(row.get("useful")),
    )
    when.done()
    row.done()
    return rule


def _codes(item: Item | None, known) -> tuple[str, ...]:
    """The texts of a list, each among `known` unless that is None."""
    if item is None:
        return ()
    codes = tuple(each.text() for each in item.items())
    if not codes or (known is not None and set(codes) - set(known)):
        item.fail(f"{'、'.join(known)} 中的几个" if known else "一个不空的列表", "有不认识的代码")
    return codes


def _one_of(item: Item, known: dict):
    if item.text() not in known:
        item.fail("、".join(known))
    return known[item.text()]


def _yes(item: Item | None) -> bool:
    """Whether yes is written; nothing is no, anything else is refused."""
    if item is not None and item.value != "yes":
        item.fail("yes，或者不写这一项")
    return item is not None


TABLE = load_table()
DOCUMENTS = TABLE.labels
HANDED_IN = TABLE.handed_in

__all__ = [
    "DOCUMENTS",
    "HANDED_IN",
    "DocumentRule",
    "PolicyError",
    "documents_for",
    "load_table",
    "rules_for",
]
