"""What a correction can ask for: every field and every document, each with its reasons."""

from dataclasses import dataclass

from casework.admin.typed import Typed


@dataclass(frozen=True)
class Target:
    """One thing that can be asked for."""

    code: str  # "field:start" or "document:residence", or what the kind names of the case
    label: str
    like: str = ""  # another target whose reasons fit as well


@dataclass(frozen=True)
class Item:
    """A target in a form: the reasons that fit it, and what was typed."""

    code: str
    label: str
    reasons: list
    ticked: bool
    reason: str
    text: str
    doubtful: bool


def correction_targets(kind, case, answers) -> list[Target]:
    """Every field, those that were left empty last, and every document the case needs or has."""
    shown = {
        name: label
        for _, rows in kind.outline(case, answers)
        for name, label, _ in rows
        if name in kind.fields
    }
    empty = {name: f"{label}（未填写）" for name, label in kind.fields.items() if name not in shown}
    fields = [Target(f"field:{name}", label) for name, label in (shown | empty).items()]
    codes = {code for group in kind.documents(case, answers) for code in group}
    documents = [
        Target(f"document:{code}", kind.document_labels.get(code, code)) for code in sorted(codes)
    ]
    parts = [Target(part.code, part.label, part.like) for part in kind.targets(case)]
    return fields + parts + documents


def form_items(targets: list[Target], reasons: list, typed: Typed, doubtful: set) -> list[Item]:
    """The targets as rows of a form; those in doubt come first."""
    items = [
        Item(
            code=target.code,
            label=target.label,
            reasons=[reason for reason in reasons if _fits(reason.target, target)],
            ticked=target.code in typed.targets,
            reason=typed.item_reasons.get(target.code, ""),
            text=typed.item_texts.get(target.code, ""),
            doubtful=target.code in doubtful,
        )
        for target in targets
    ]
    return sorted(items, key=lambda item: not item.doubtful)


def _fits(meant: str, target: Target) -> bool:
    """A reason is meant for one target, for all fields or documents, or for anything."""
    codes = [code for code in (target.code, target.like) if code]
    return not meant or any(meant in (code, code.partition(":")[0]) for code in codes)
