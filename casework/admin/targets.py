"""What a correction can ask for: every field and every document, each with its reasons."""

from dataclasses import dataclass

from casework.errors import InvalidReason


@dataclass(frozen=True)
class Target:
    """One thing that can be asked for."""

    code: str  # "field:start" or "document:residence"
    label: str


def correction_targets(kind, case, answers) -> list[Target]:
    """Every field that was answered and every document the case needs or has."""
    fields = [
        Target(f"field:{name}", label)
        for _, rows in kind.outline(case, answers)
        for name, label, _ in rows
        if name in kind.fields
    ]
    codes = {code for group in kind.documents(case, answers) for code in group}
    documents = [
        Target(f"document:{code}", kind.document_labels.get(code, code)) for code in sorted(codes)
    ]
    return fields + documents


def read_items(posted) -> list[dict]:
    """The items ticked in the form: {target, reason_code, text}.

    Raises InvalidReason when nothing is ticked, or an item lacks its sentence.
    """
    items = []
    for target in posted.getlist("target"):
        text = posted.get(f"text-{target}", "").strip()
        code = posted.get(f"reason-{target}", "")
        if not text and not code:
            raise InvalidReason("请为勾选的每一项选择理由,或写明要改什么。")
        items.append({"target": target, "reason_code": code or "other", "text": text})
    if not items:
        raise InvalidReason("请至少勾选一项需要补正的内容。")
    return items
