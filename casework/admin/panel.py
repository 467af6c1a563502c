"""The decision panel: the actions this role may take now, each with its form."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from django.utils.safestring import SafeString

from casework.admin import case_html
from casework.admin.targets import Item, Target, form_items
from casework.admin.typed import NOTHING, Typed
from casework.models import Reason
from casework.notices import render_notice
from casework.perform import available
from casework.reasons import reasons_key
from config.near import near

# Actions with a button of their own above the panel, or taken from the list.
NOT_IN_THE_PANEL = {"take", "release"}
REASONS_SECONDS = 60


@dataclass(frozen=True)
class AskField:
    """One thing an action wants to be told, with what was typed."""

    name: str
    label: str
    kind: str
    required: bool
    choices: tuple
    help: str
    value: str


@dataclass(frozen=True)
class Action:
    """One action of the decision panel."""

    name: str
    label: str
    help: str
    refusal: str | None
    needs_reason: bool
    dangerous: bool
    preview: str
    reasons: list
    asks: list[AskField]
    more_asks: list[AskField]
    items: list[Item]
    typed: Typed

    @property
    def is_folded(self) -> bool:
        """Whether its form is long enough to be opened first."""
        return bool(self.needs_reason or self.dangerous or self.items)

    @property
    def items_html(self) -> SafeString:
        """What a correction can ask for, as the form shows it."""
        return case_html.items(self.items)


def panel(
    case, kind, actor, now, targets: Callable[[], list[Target]], doubtful: set, typed: Typed
) -> dict:
    """The actions in table order, and whether the case may be taken or released. `targets`
    gives what a correction can ask for, where one can be asked for."""
    rows = available(case, actor, now)
    free = {row.name for row, refusal in rows if not refusal}
    receivers_later = NOT_IN_THE_PANEL | {"assign"}
    reasons = reasons_of(kind.code)
    kept: dict = {}  # what the words of several messages share
    return {
        "actions": [
            _action(case, kind, row, refusal, reasons, targets, doubtful, typed, kept)
            for row, refusal in rows
            if row.name not in receivers_later and row.in_panel
        ],
        "can_take": "take" in free and not case.assignee_id,
        "can_release": "release" in free,
        "can_assign": "assign" in free,
    }


def _action(case, kind, row, refusal, reasons, targets, doubtful, typed, kept) -> Action:
    mine = typed if typed.action == row.name else NOTHING
    pressing, more = _asks(case, row, mine)
    items = []
    if row.item_reasons and not refusal:
        listed = [reason for reason in reasons if reason.action == row.item_reasons]
        items = form_items(targets(), listed, mine, doubtful)
    return Action(
        name=row.name,
        label=row.label,
        help=row.help,
        refusal=refusal,
        needs_reason=row.needs_reason,
        dangerous=row.dangerous,
        preview="" if refusal else preview(case, kind, row, kept),
        reasons=[reason for reason in reasons if reason.action == row.name],
        asks=pressing,
        more_asks=more,
        items=items,
        typed=mine,
    )


def _asks(case, row, typed: Typed) -> tuple[list[AskField], list[AskField]]:
    """What is asked openly, and what is folded away. A box to tick is left out altogether
    where no doubt calls for it."""
    pressing, more = [], []
    for ask in row.asks:
        called = ask.required or bool(set(ask.doubts) & set(case.doubt_codes))
        if not called and ask.kind == "check" and ask.doubts:
            continue
        shown = AskField(
            ask.name,
            ask.label,
            ask.kind,
            ask.required,
            ask.choices,
            ask.help,
            typed.data.get(ask.name, ""),
        )
        (pressing if called else more).append(shown)
    return pressing, more


def preview(case, kind, row, kept: dict) -> str:
    """The message the applicant will get, with what is not known yet left open; `kept` is a
    dict shared by the messages of one page."""
    if not row.notice:
        return ""
    known = {"number": case.number, "matter": kind.label, "url": "", "note": "……"}
    return render_notice(row.notice, _Open({**known, **kind.words(case, kept)}))


class _Open(dict):
    """Shows an ellipsis for what is known only once the action is taken."""

    def __missing__(self, key):
        return "……"


def reasons_of(kind_code: str) -> list[Reason]:
    """The maintained reasons of a kind, kept for a minute."""
    load = partial(_load_reasons, kind_code)
    return near(reasons_key(kind_code), load, REASONS_SECONDS)


def _load_reasons(kind_code: str) -> list[Reason]:
    return list(Reason.objects.filter(kind=kind_code, active=True))
