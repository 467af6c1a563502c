"""The shipped policy of 呼和浩特 for employees, from another day and with other numbers."""

from reimbursements.settlement.library import POLICIES

FILE = POLICIES / "150100-310.yaml"
SHIPPED = FILE.read_text(encoding="utf-8")
# A stay of 2027 in a hospital of level 三级: 31000 − 1000, by 82 % and 87 %.
CASES = (
    "名称,就医类别,起付线等级,就医地,人员类别,第几次住院,出院日,政策范围内,期望.基本医保统筹基金\n"
    "本地三级,住院,三级,参保地,在职,1,2027-03-10,31000,{paid}\n"
)


def from_day(day: str = "2027-01-01", name: str = "示例二", text: str = SHIPPED) -> str:
    """The text of a version that begins on `day`."""
    return text.replace("valid_from: 2024-01-01", f"valid_from: {day}").replace("示例一", name)


def cases(paid: str = "25100") -> str:
    """One example of a stay in 2027, and what the basic fund should pay."""
    return CASES.format(paid=paid)
