"""The rows that explain a settlement.

``part`` names the total that the amount of a row belongs to; the amounts of all rows
of one part add up to that total. A row without an amount only says why. Codes:

====================  ========================================================
policy_mark           the policy is an example or not yet verified
line_own_expense, line_over_limit, line_self_first   one line of the bill
own_expense, over_limit, self_first, in_scope        the parts of the bill
area_self_pay         paid first by the person for care out of the area
ratio_addition, out_of_area                          why a ratio or deductible differs
deductible            what is taken off
fund_band             one band of a fund: base × ratio = amount
fund_none             nothing due, and why
fund_floor, fund_cap, fund_limit                     raised to a floor, cut by a cap,
                                                     cut to what is left
layer_base            what a later layer counts
personal, account, cash, account_unused              who pays the rest
====================  ========================================================
"""

from functools import partial
from typing import NamedTuple

from reimbursements.settlement.model import Rule


class Row(NamedTuple):
    """One step: fen for ``base`` and ``amount``, ``ratio`` as people write it."""

    code: str
    text: str
    base: int | None
    ratio: str | None
    amount: int | None
    part: str | None
    rule: Rule | None


# A row from a tuple of its seven fields: the engine's hot path, without keyword checks.
make_row = partial(tuple.__new__, Row)
