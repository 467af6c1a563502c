"""What a kind of case adds to the case page of the desk, and the addresses below a case.

The admin of a kind says so when it is loaded; the desk itself knows no kind by name.
"""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class DeskParts:
    """Templates of a kind, which read `parts.data`.

    `before` is shown above the answers, `beside` above the decision. `styles` and `scripts`
    are static files. The documents of `files_first` (ids of attachments) come first. Findings
    whose target begins with a word of `placed` ("bill") are shown by the parts and not again
    among the loose ones. `wide` gives the answers the wider column.
    """

    before: str = ""
    beside: str = ""
    data: object = None
    styles: tuple[str, ...] = ()
    scripts: tuple[str, ...] = ()
    files_first: tuple[int, ...] = ()
    placed: frozenset[str] = frozenset()
    wide: bool = False


NO_PARTS = DeskParts()
_PARTS: dict[str, Callable] = {}
# Functions of the wrapper of admin views that give addresses below /admin/casework/case/.
CASE_PAGES: list[Callable] = []


def add_parts(kind_code: str, parts: Callable) -> None:
    """Say what a kind adds: `parts(case, user, findings, asked) -> DeskParts`. `findings` are
    those of the case without what this user may not see; `asked` is a dict of what the
    address or a refused form of the parts said."""
    _PARTS[kind_code] = parts


def parts_of(case, user, findings: list, asked: dict) -> DeskParts:
    """What the kind of this case adds to its page."""
    found = _PARTS.get(case.kind)
    return found(case, user, findings, asked) if found else NO_PARTS
