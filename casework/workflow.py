"""What a workflow is: a table of rows, and nothing else.

A kind of case declares its table; `casework.perform` is the only code that
follows it. The table is data, so that tests can walk every (state, action, role).
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

# Who acts. Roles of staff are those of StaffProfile.Role.
RESIDENT = "resident"
SYSTEM = "system"
COUNTER = "counter"  # a clerk who files for somebody at the counter

Clock = Literal["keep", "start", "pause", "resume", "stop"]


@dataclass(frozen=True)
class Ask:
    """One thing an action wants to be told besides its reason; posted as `data-<name>`.

    `kind` is "date" (ISO), "number", "check" (ticked or not) or "choice" (of `choices`).
    What is typed is checked by the effect, which answers in Chinese. `doubts` are the codes
    that call for it: the page asks openly when the case has one of them.
    """

    name: str
    label: str
    kind: Literal["date", "number", "check", "choice"]
    required: bool = False
    choices: tuple[tuple[str, str], ...] = ()
    help: str = ""
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Transition:
    """One row: who may take a case from where to where, and what that does.

    `guard(case, ctx)` returns a Chinese sentence to refuse, else None.
    `effect(case, ctx)` runs inside the transaction after the status is set.
    In `perform_many`, `bulk_effect(cases, ctx)` replaces `effect` (`bulk_columns` are the
    columns of the case that it sets), and `bulk_guard(cases, ctx)` -> {pk: sentence}
    replaces `guard`: both look at a whole chunk with few queries.
    `target` None keeps the status. `event` says what the timeline calls it.
    `item_reasons` names the action whose maintained reasons each item takes; where it is
    set, the actor lists fields and documents (`data["items"]`) instead of one reason.
    A `quiet` row is not shown while it is refused: it concerns few cases.
    `in_panel` False: a page of the kind's own asks for it, the decision panel leaves it out.
    `in_bulk` False: each case is opened and read, it is not done to many that were ticked.
    """

    name: str
    label: str
    sources: tuple[str, ...]
    target: str | None
    actors: frozenset[str]
    event: str
    guard: Callable | None = None
    needs_reason: bool = False
    clock: Clock = "keep"
    effect: Callable | None = None
    bulk_effect: Callable | None = None
    bulk_columns: tuple[str, ...] = ()
    bulk_guard: Callable | None = None
    notice: str | None = None
    keeps_assignee: bool = True
    dangerous: bool = False
    help: str = ""
    asks: tuple[Ask, ...] = ()
    item_reasons: str = ""
    quiet: bool = False
    in_panel: bool = True
    in_bulk: bool = True

    def reaches(self, status: str) -> str:
        """The status after this action from `status`."""
        return self.target or status


@dataclass(frozen=True)
class Workflow:
    """The states of one kind of case and the rows between them.

    `waiting_for_staff` are the states in which a case waits for a clerk; `stages` says which
    roles work on it where not everybody does who may `take` a case.
    """

    states: dict[str, str]  # code -> what a resident reads
    open_states: frozenset[str]
    waiting_for_staff: frozenset[str]
    transitions: tuple[Transition, ...]
    stages: dict[str, frozenset[str]] = field(default_factory=dict)
    by_name: dict[str, Transition] = field(init=False)

    def __post_init__(self):
        names = [row.name for row in self.transitions]
        if len(names) != len(set(names)):
            raise ValueError(f"an action is declared twice: {names}")
        for row in self.transitions:
            unknown = {*row.sources, row.target or row.sources[0]} - set(self.states)
            if unknown:
                raise ValueError(f"{row.name}: unknown states {unknown}")
        object.__setattr__(self, "by_name", {row.name: row for row in self.transitions})

    def waiting_for(self, role: str) -> frozenset[str]:
        """The states in which a case waits for somebody of this role."""
        take = self.by_name.get("take")
        takers = take.actors if take else frozenset()
        return frozenset(
            state
            for state in self.waiting_for_staff
            if role in takers and role in self.stages.get(state, takers)
        )

    def allowed(self, status: str, role: str) -> list[Transition]:
        """The rows that someone of this role may try from this status, in table order."""
        return [row for row in self.transitions if status in row.sources and role in row.actors]
