"""The table of a filing as rows of a CSV that an official can read.

The golden copy is tests/cases/filing_workflow.csv.
"""

import csv
import io
from pathlib import Path

from casework.models import StaffProfile
from casework.workflow import COUNTER, RESIDENT, SYSTEM

GOLDEN = Path(__file__).parent.parent / "cases" / "filing_workflow.csv"
ROLES = {
    RESIDENT: "申请人",
    COUNTER: "窗口代录",
    SYSTEM: "系统",
    **{code: label for code, label in StaffProfile.Role.choices},
}
CLOCK = {"keep": "", "start": "起算", "pause": "暂停", "resume": "继续", "stop": "停止"}
HEAD = ["动作", "名称", "从", "到", "要理由", "计时", "通知", *ROLES.values()]


def rows(workflow) -> list[list[str]]:
    """One row for each (action, from): who may, and what it does."""
    return [
        [
            action.name,
            action.label,
            source,
            action.reaches(source),
            "要" if action.needs_reason else "",
            CLOCK[action.clock],
            action.notice or "",
            *("可" if role in action.actors else "" for role in ROLES),
        ]
        for action in workflow.transitions
        for source in action.sources
    ]


def as_csv(workflow) -> str:
    """The whole table with its heading."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(HEAD)
    writer.writerows(rows(workflow))
    return out.getvalue()
