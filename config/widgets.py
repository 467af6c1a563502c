"""Form controls of our own: a date as three boxes 年 月 日, and one clear error for it.

Why three boxes and not a date picker is said in docs/decisions/look-dates.md.
"""

import datetime
import re
import unicodedata

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import format_html

PARTS = (("year", "年", 4), ("month", "月", 2), ("day", "日", 2))
WHOLE_DATE = re.compile(
    r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?|(\d{4})(\d{2})(\d{2})"
)


def split_date(text: str) -> tuple[str, str, str] | None:
    """Year, month and day out of a whole date typed or pasted in one piece, else None.

    >>> split_date("2026年11月5日")
    ('2026', '11', '5')
    """
    found = WHOLE_DATE.fullmatch(text)
    if not found:
        return None
    groups = found.groups()
    return groups[:3] if groups[0] else groups[3:]


def _plain(value) -> str:
    """Full-width digits made half-width, blanks and the unit words taken off."""
    return unicodedata.normalize("NFKC", str(value or "")).strip().rstrip("年月日号").strip()


class DatePartsInput(forms.Widget):
    """Three number boxes 年 月 日; a whole date pasted into the first box is understood.

    `quick` is a list of (label, date) offered as buttons where JavaScript runs.
    The value handed to the field is (year, month, day) as typed.
    """

    template_name = "django/forms/widgets/date_parts.html"
    use_fieldset = True

    def __init__(self, attrs=None, quick=()):
        super().__init__(attrs)
        self.quick = list(quick)

    def id_for_label(self, id_):
        """None: the label is the legend of a fieldset."""
        return None

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        shared = {k: v for k, v in context["widget"]["attrs"].items() if k not in ("id", "class")}
        identity = context["widget"]["attrs"].get("id") or f"id_{name}"
        context["widget"]["parts"] = [
            {
                "name": f"{name}_{part}",
                "id": f"{identity}_{part}",
                "part": part,
                "label": label,
                "size": size,
                "value": text,
                "attrs": shared,
            }
            for (part, label, size), text in zip(PARTS, self._texts(value), strict=True)
        ]
        context["widget"]["quick"] = [(label, day.isoformat()) for label, day in self.quick]
        return context

    def value_from_datadict(self, data, files, name):
        """(year, month, day) as typed; None when all three are empty.

        Also takes one ISO date under the bare name, as an API or a test would send it.
        """
        typed = tuple(_plain(data.get(f"{name}_{part}")) for part, _, _ in PARTS)
        whole = _plain(data.get(name))
        if not any(typed) and whole:
            return split_date(whole) or (whole, "", "")
        if typed[0] and not typed[1] and not typed[2]:
            return split_date(typed[0]) or typed
        return typed if any(typed) else None

    def value_omitted_from_data(self, data, files, name):
        return name not in data and all(f"{name}_{part}" not in data for part, _, _ in PARTS)

    @staticmethod
    def _texts(value) -> tuple[str, str, str]:
        if isinstance(value, datetime.date):
            return str(value.year), str(value.month), str(value.day)
        if isinstance(value, str):
            return split_date(value) or (value, "", "")
        return tuple(value) if value else ("", "", "")


class DatePartsField(forms.DateField):
    """A date from three boxes. Every error says what to do.

    `earliest` and `latest` (dates, or functions without arguments that return one) bound it.
    """

    widget = DatePartsInput
    default_error_messages = {
        "required": "请填写{label}，例如 2026 年 11 月 5 日。",
        "missing": "{label}还缺{parts}，请补上。",
        "digits": "{label}的{parts}请只填数字。",
        "year": "{label}的年份请填四位数字，例如 2026。",
        "month": "{label}的月份应在 1 到 12 之间。",
        "day": "{year}年{month}月没有{day}日，请核对{label}。",
        "early": "{label}不能早于 {limit}。",
        "late": "{label}不能晚于 {limit}。",
    }

    def __init__(self, *, earliest=None, latest=None, quick=(), **kwargs):
        super().__init__(**kwargs)
        self.earliest, self.latest = earliest, latest
        if quick:
            self.widget.quick = list(quick)

    def to_python(self, value):
        """The date, None when nothing was typed; raises ValidationError with one sentence."""
        if value in self.empty_values:
            return None
        if isinstance(value, datetime.datetime):
            return value.date()
        if isinstance(value, datetime.date):
            return value
        typed = split_date(_plain(value)) or (value, "", "") if isinstance(value, str) else value
        return self._date_of(*typed)

    def validate(self, value):
        if self.required and value in self.empty_values:
            self._fail("required")
        for code, bound in (("early", self.earliest), ("late", self.latest)):
            limit = bound() if callable(bound) else bound
            if value and limit and (value < limit if code == "early" else value > limit):
                self._fail(code, limit=limit.isoformat())

    def has_changed(self, initial, data):
        try:
            return self.to_python(initial) != self.to_python(data)
        except ValidationError:
            return True

    def _date_of(self, year: str, month: str, day: str) -> datetime.date:
        typed = list(zip((year, month, day), (label for _, label, _ in PARTS), strict=True))
        if missing := [label for text, label in typed if not text]:
            self._fail("missing", parts="、".join(missing))
        if wrong := [label for text, label in typed if not re.fullmatch(r"[0-9]+", text)]:
            self._fail("digits", parts="、".join(wrong))
        if len(year) != 4 or not 1900 <= int(year) <= 2200:
            self._fail("year")
        if not 1 <= int(month) <= 12:
            self._fail("month")
        try:
            return datetime.date(int(year), int(month), int(day))
        except ValueError:
            self._fail("day", year=int(year), month=int(month), day=int(day))

    def _fail(self, code: str, **facts):
        text = self.error_messages[code].format(label=self.label or "日期", **facts)
        raise ValidationError(text, code=code)


def cards(choices):
    """Radio cards with a second line: (value, words, help) -> Django choices."""
    return [
        (value, format_html('{} <span class="choice__help">{}</span>', words, help_text))
        for value, words, help_text in choices
    ]
