"""What submitting does alike for every kind: the case takes over the answers, and what the
checks found."""

from collections.abc import Iterable

from casework.kinds import Finding
from casework.models import Case
from casework.perform import Context


def mirror(case: Case, answers) -> None:
    """Put the answers of a kind into the columns of the case."""
    for name, value in answers.columns().items():
        setattr(case, name, value)
    case.name, case.phone = answers.name.strip(), answers.phone


def keep_findings(case: Case, detail, found: Iterable[Finding], ctx: Context) -> None:
    """Keep what the checks found: in full on the detail row, which the caller saves, by code on
    the case and in the event."""
    detail.findings = [
        {"code": each.code, "text": each.text, "target": each.target, "source": each.source}
        for each in found
    ]
    codes = sorted({each.code for each in found})
    case.doubts = Case.join_doubts(codes)
    ctx.event_data = {**ctx.event_data, "doubts": codes}
