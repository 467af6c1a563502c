"""Why a stay cannot be settled, in words for people."""

from casework.errors import NotAllowed
from reimbursements.settlement import PolicyError, StayError
from reimbursements.settlement.terms import FIELD_LABELS

_LABELS = {
    **FIELD_LABELS,
    "admitted_on": "入院日期",
    "discharged_on": "出院日期",
    "settled_on": "结算日期",
    "total": "票据金额",
    "own_expense": "全自费",
    "over_limit": "超限价",
    "self_first": "先行自付",
    "in_scope": "政策范围内",
    "institution": "医疗机构",
    "tags": "标签",
    "year": "年度累计",
    "lines": "票据明细",
}


class CannotSettle(NotAllowed):
    """The stay cannot be settled as it stands; `str()` says in Chinese what is missing."""


def in_words(error: StayError | PolicyError) -> str:
    """What the engine refuses, with the field in words."""
    if isinstance(error, PolicyError):
        return f"结算政策有误，请联系政策管理人员：{error}"
    root = error.field.partition(".")[0].partition("[")[0]
    text = str(error).partition(": ")[2] or str(error)
    return f"{_LABELS.get(root, '结算')}：{text}"
