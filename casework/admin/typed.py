"""What a clerk typed into an action's form: kept as it is when the action is refused."""

from dataclasses import dataclass, field

from casework.errors import InvalidReason

DATA = "data-"


@dataclass(frozen=True)
class Typed:
    """One posted form of the decision panel; the empty one for a page just opened."""

    action: str = ""
    note: str = ""
    reason: str = ""
    version: int = -1  # of the page; -1, which no case has, when it is no number
    data: dict[str, str] = field(default_factory=dict)
    targets: tuple[str, ...] = ()
    item_reasons: dict[str, str] = field(default_factory=dict)
    item_texts: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, posted, action: str) -> "Typed":
        """Read a QueryDict; nothing is checked here."""
        version = posted.get("version", "")
        return cls(
            action=action,
            note=posted.get("note", "").strip(),
            reason=posted.get("reason", ""),
            version=int(version) if version.isascii() and version.isdigit() else -1,
            data=_with_prefix(posted, DATA),
            targets=tuple(posted.getlist("target")),
            item_reasons=_with_prefix(posted, "reason-"),
            item_texts=_with_prefix(posted, "text-"),
        )

    def items(self) -> list[dict]:
        """The ticked items: {target, reason_code, text}.

        Raises InvalidReason when nothing is ticked, or an item lacks its sentence.
        """
        if not self.targets:
            raise InvalidReason("请至少勾选一项需要补正的内容。")
        return [self._item(target) for target in self.targets]

    def _item(self, target: str) -> dict:
        text = self.item_texts.get(target, "").strip()
        code = self.item_reasons.get(target, "")
        if not text and code in ("", "other"):
            raise InvalidReason("请为勾选的每一项选择理由，或写明要改什么。")
        return {"target": target, "reason_code": code or "other", "text": text}


NOTHING = Typed()


def _with_prefix(posted, prefix: str) -> dict[str, str]:
    return {key[len(prefix) :]: posted[key] for key in posted if key.startswith(prefix)}
