"""Rows of the table once a claim is decided: paid or not, tried again, taken back, got back."""

from casework import guards as common
from casework.guards import all_of
from casework.rows import HEAD, MACHINE
from casework.workflow import Transition
from reimbursements import guards
from reimbursements.acts import paying, recovering
from reimbursements.states import MONEY, ONESELF

_AT_HAND = all_of(guards.of_stage, guards.apart, common.in_hand)
# What the bank answered is a fact, whoever has taken the claim and wherever its paper is
# now: what must be in order before money leaves is asked when its list is made and released.
_ANSWERED = all_of(guards.of_stage, guards.apart, guards.something_due, guards.batch_is_sent)

PAYING = (
    Transition(
        "pay",
        "已支付",
        ("payable",),
        "paid",
        MONEY,
        "paid",
        guard=_ANSWERED,
        clock="stop",
        effect=paying.pay,
        notice="claim_paid",
        keeps_assignee=False,
        # By the answer of the bank alone: a list is made by one person and released by another.
        in_panel=False,
        help="银行已把款付到申请人账户；制单和发出以前须收齐纸质票据原件。",
    ),
    Transition(
        "close",
        "办结",
        ("payable",),
        "paid",
        MONEY | MACHINE,
        "closed",
        guard=all_of(_AT_HAND, guards.nothing_due),
        clock="stop",
        effect=paying.close,
        notice="claim_closed",
        keeps_assignee=False,
        help="没有需要支付的金额，直接办结。",
    ),
    Transition(
        "fail",
        "支付未成功",
        ("payable",),
        "payment_failed",
        MONEY,
        "payment_failed",
        guard=_ANSWERED,
        needs_reason=True,
        effect=paying.fail,
        notice="claim_payment_failed",
        keeps_assignee=False,
        in_panel=False,
        help="银行退回，请申请人核对收款账户。",
    ),
    Transition(
        "retry",
        "重新支付",
        ("payment_failed",),
        "payable",
        MONEY,
        "retried",
        guard=_AT_HAND,
        help="账户无误的，直接重新支付。",
    ),
    Transition(
        "give_account",
        "更正收款账户",
        ("payment_failed",),
        "payable",
        ONESELF,
        "account_given",
        guard=common.own,
        effect=paying.give_account,
        notice="claim_account_given",
        help="填写正确的账户后，会重新支付。",
    ),
    Transition(
        "reverse",
        "冲销",
        ("payable", "payment_failed", "paid"),
        "reversed",
        MONEY | HEAD,
        "reversed",
        guard=all_of(guards.apart, guards.not_in_batch),
        needs_reason=True,
        clock="stop",
        effect=paying.reverse,
        notice="claim_reversed",
        keeps_assignee=False,
        dangerous=True,
        help="原来的结算保留，另记一笔负数；已付的款列为待追回。",
    ),
    Transition(
        "recover",
        "登记追回",
        ("paid", "reversed"),
        None,
        MONEY,
        "recovered",
        guard=all_of(guards.apart, guards.something_to_recover),
        effect=recovering.recover,
        notice="claim_recovered",
        in_panel=False,
        help="申请人退回的款每到一笔登记一笔，可以分次；登记后不能改，只能作废重记。",
    ),
    Transition(
        "strike_recovery",
        "作废追回登记",
        ("paid", "reversed"),
        None,
        MONEY,
        "recovery_struck",
        guard=guards.apart,
        effect=recovering.strike_recovery,
        in_panel=False,
        help="登记错的作废并写明原因，原登记保留，金额重新列为待追回。",
    ),
)
