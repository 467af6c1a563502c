"""What an action was told in `data`: read, or refused with a sentence."""

from datetime import date

from casework.errors import NotAllowed

YES = ("1", "on", "true", "yes", "confirmed")


def day_of(data: dict, name: str, label: str, *, required: bool = False) -> date | None:
    """A date given as ISO text; None when it was not given and is not required."""
    text = data.get(name)
    if isinstance(text, date):
        return text
    if not text:
        if required:
            raise NotAllowed(f"请填写{label}")
        return None
    try:
        return date.fromisoformat(str(text))
    except ValueError:
        raise NotAllowed(f"{label}应写成 2026-11-22 这样的日期") from None


def days_of(data: dict, name: str, label: str) -> int | None:
    """A number of days from 1 to 366; None when it was not given."""
    text = str(data.get(name) or "").strip()
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= 366):
        raise NotAllowed(f"{label}应为 1 到 366 的整数")
    return int(text)


def is_ticked(data: dict, name: str) -> bool:
    """Whether a box was ticked."""
    value = data.get(name)
    return value is True or str(value or "").lower() in YES


def whole_of(data: dict, name: str) -> int | None:
    """A primary key; None when there is none."""
    text = str(data.get(name) or "")
    return int(text) if text.isascii() and text.isdigit() else None
