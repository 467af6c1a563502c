"""Has it been proven that the account may act for this person?

Name and ID number alone prove nothing: everyone in a family may know them.
"""

from casework.kinds import Finding
from residents.models import Holding

CODE = "identity_unproven"


def check(dossier) -> Finding | None:
    """A clerk at the counter has seen the person; an account must be bound."""
    counter = dossier.answers.counter
    if counter:
        if counter.get("caller") == "present":
            return None
        return Finding(CODE, "电话代录，没有见到本人，请回拨核对身份后再办理。", "field:name")
    holding = dossier.holding
    if holding is None:
        return Finding(CODE, "提交的账户已不再持有该参保人，请核对身份。", "field:name")
    if holding.standing == Holding.Standing.CONTESTED:
        return Finding(
            CODE, "另一个账户也登记了该参保人，请核对身份证件照片后确认由谁办理。", "field:name"
        )
    if not holding.is_bound:
        return Finding(
            CODE, "账户与参保人的关系没有核实，请核对身份证件照片或关系证明。", "field:name"
        )
    return None
