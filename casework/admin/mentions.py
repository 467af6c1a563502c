"""Cases that a finding names: a pointer for who may see them, and no number for who may not."""

import re
from dataclasses import replace

from casework.kinds import Finding
from casework.models import Case

# The layout of casework.numbers: county, window, day, running number.
NUMBER = re.compile(r"(?<!\d)\d{6}\d{3}\d{8}\d{7}(?!\d)")
ELSEWHERE = "另一统筹区/区县的申请"


def seen_by(user, case: Case, findings: list[Finding]) -> list[Finding]:
    """The findings as this member of staff may read them, each with the cases it names.

    A case outside their area is said to be elsewhere, without its number. One query, and
    none when no finding names another case.
    """
    named = {number for found in findings for number in NUMBER.findall(found.text)}
    named.discard(case.number)
    if not named:
        return findings
    visible = Case.objects.visible_to(user).filter(number__in=named)
    known = {row["number"]: row["pk"] for row in visible.values("number", "pk")}
    return [_told(found, known, case.number) for found in findings]


def _told(found: Finding, known: dict[str, int], own: str) -> Finding:
    numbers = dict.fromkeys(NUMBER.findall(found.text))
    cases = tuple((number, known[number]) for number in numbers if number in known)
    return replace(found, text=_hidden(found.text, known, own), cases=cases)


def _hidden(text: str, known: dict[str, int], own: str) -> str:
    def word(match: re.Match) -> str:
        number = match.group()
        return number if number in known or number == own else ELSEWHERE

    return NUMBER.sub(word, text).replace(f"办件{ELSEWHERE}", ELSEWHERE)
