"""Bars drawn with whole-percent classes (static/css/percent.css): no style attributes needed."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class ValidityBar:
    """What parts/validity_bar.html shows. All positions are whole percents of the line."""

    first: date
    last: date | None
    phase: str  # before | running | open | ended
    past: int
    today_at: int | None
    locked: int
    text: str
    lock_text: str


def percent(part: int, whole: int) -> int:
    """`part` of `whole` as a whole percent between 0 and 100."""
    return max(0, min(100, (200 * part + whole) // (2 * whole))) if whole > 0 else 100


def validity_bar(
    first: date, last: date | None, today: date, locked_until: date | None = None
) -> ValidityBar:
    """The calendar line from `first` to `last` (inclusive; None = 长期有效) as seen on `today`.

    `locked_until` is the last day on which a change is not possible. The text says in words
    all that the line shows, since the line itself is hidden from screen readers.
    """
    days = (last - first).days + 1 if last else 0
    phase = _phase(first, last, today)
    locked = percent((locked_until - first).days + 1, days) if locked_until and last else 0
    owed = locked_until and locked_until >= today and phase != "ended"
    past = percent((today - first).days + 1, days) if phase == "running" else 0
    return ValidityBar(
        first=first,
        last=last,
        phase=phase,
        past=100 if phase == "ended" else past,
        today_at=past if phase == "running" else None,
        locked=locked if owed else 0,
        text=_words(first, last, today, phase),
        lock_text=f"{locked_until.isoformat()}（含当日）之前不能变更或取消。" if owed else "",
    )


def stacked(parts: list[tuple[str, int]]) -> list[dict]:
    """Shares of a whole for a stacked bar: [(label, amount)] → [{label, amount, percent, tone}].

    Amounts are integers (fen); the percents add up to 100 by largest remainder, and are
    all 0 when the whole is 0.
    """
    whole = sum(amount for _, amount in parts)
    shares = [100 * amount // whole if whole else 0 for _, amount in parts]
    by_remainder = sorted(
        range(len(parts)), key=lambda i: -(100 * parts[i][1] % whole) if whole else 0
    )
    for index in by_remainder[: (100 - sum(shares)) if whole else 0]:
        shares[index] += 1
    return [
        {"label": label, "amount": amount, "percent": share, "tone": place % 5 + 1}
        for place, ((label, amount), share) in enumerate(zip(parts, shares, strict=True))
    ]


def _phase(first: date, last: date | None, today: date) -> str:
    if last and today > last:
        return "ended"
    if today < first:
        return "before"
    return "running" if last else "open"


def _words(first: date, last: date | None, today: date, phase: str) -> str:
    if phase == "before":
        return f"{first.isoformat()} 起生效，还有 {(first - today).days} 天。"
    if phase == "ended":
        return f"已于 {last.isoformat()} 到期。"
    if phase == "open":
        return f"已生效 {(today - first).days + 1} 天，长期有效。"
    left = (last - today).days
    return f"今天是第 {(today - first).days + 1} 天，" + (
        f"到期前还有 {left} 天。" if left else "今天是最后一天。"
    )
