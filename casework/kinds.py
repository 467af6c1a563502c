"""The kinds of case, registered by the apps that define them.

casework knows no kind by name: it asks the registry.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from casework.workflow import Workflow


@dataclass(frozen=True)
class Verification:
    """What anyone who scans a paper may read: no full name, no full number."""

    in_force: bool
    state: str  # 有效, 未生效, 已失效, ...
    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Finding:
    """What the machine doubts: a code, a sentence, and the field or document it concerns.

    `cases` is filled by the desk: (number, primary key) of other cases that the sentence
    names and its reader may see.
    """

    code: str
    text: str
    target: str = ""  # "field:start", "document:residence" or ""
    source: str = ""
    cases: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class CorrectionTarget:
    """A part of one case that a correction may name, besides fields and documents ("bill:b1");
    the reasons of the target it is `like` ("field:bills") fit it too."""

    code: str
    label: str
    like: str = ""


@dataclass(frozen=True)
class Compared:
    """One line of a comparison: what was typed, what is known, and whether they agree
    (None: nothing to hold it against). Both values are masked."""

    label: str
    typed: str
    known: str
    agrees: bool | None


@dataclass(frozen=True)
class Kind:
    """One kind of case and what the house needs to know of it.

    `review(case_id)` runs the automatic review (inside the Celery task).
    `outline(case, answers)` -> list of (heading, rows), a row being (field, label, value).
    `documents(case, answers)` -> list of groups of document codes, each "any one of".
    `promised_days(case)` -> (statutory, promised) working days.
    `detail(case)` -> the one-to-one detail row or None.
    `record_url(case)` -> where the resident follows it.
    `contact(case)` -> `notices.Contact`: phone, and how the person wants to be told.
    `verification(letter)` -> `Verification` of a printed paper, or None when it has none.
    `desk_links`: (words, url name, function of the user) of the kind's own desk pages.
    `findings(case)` -> list of `Finding`: the results of the automatic review.
    `facts(case)` -> list of (label, value, hint) shown beside the answers on the desk.
    `waits_elsewhere(user)` -> Q of its cases that wait for another desk than this clerk's,
    though the role would fit, or None.
    `words(case, kept)` -> what every message of this kind may name besides {number} {matter}
    {url}; `kept` is a dict that lives as long as one chunk, for what was looked up once.
    `targets(case)` -> list of `CorrectionTarget`: what a correction of this case may name besides
    the fields and documents of the kind.
    `compare(case)` -> list of `Compared`: what was typed of the person beside what is known,
    for the clerk who has to say who this is; empty when nobody has to.
    """

    code: str
    label: str
    workflow: Workflow
    topics: dict[str, str]
    doubts: dict[str, str]
    document_labels: dict[str, str]
    review: Callable
    outline: Callable
    documents: Callable
    promised_days: Callable
    detail: Callable
    record_url: Callable
    contact: Callable
    facts: Callable = lambda case: []
    verification: Callable = lambda letter: None
    findings: Callable = lambda case: []
    waits_elsewhere: Callable = lambda user: None
    words: Callable = lambda case, kept: {}
    targets: Callable = lambda case: []
    compare: Callable = lambda case: []
    internal_events: frozenset[str] = frozenset({"taken", "released", "assigned"})
    event_labels: dict[str, str] = field(default_factory=dict)
    desk_links: tuple[tuple, ...] = ()
    item_code: str = "001"
    fields: dict[str, str] = field(default_factory=dict)
    review_topics: frozenset[str] = frozenset()


_KINDS: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Make a kind known; a second registration of one code is a mistake in the code."""
    if kind.code in _KINDS and _KINDS[kind.code] is not kind:
        raise ValueError(f"kind {kind.code} is registered twice")
    _KINDS[kind.code] = kind


def kind_of(case) -> Kind:
    """The kind of a case (or of a kind code); KeyError when no app registered it."""
    return _KINDS[case if isinstance(case, str) else case.kind]


def all_kinds() -> list[Kind]:
    """Every registered kind, in order of registration."""
    return list(_KINDS.values())
