"""Messages that every kind of case sends."""

NOTICES = {
    # The clerk's own, in-site only.
    "staff_resubmitted": "办件 {number} 的申请人已提交补正，请继续审核。",
    "staff_assigned": "办件 {number} 已分派给您。",
    "staff_overdue": "办件 {number} 已超过应办结时间，请督办。",
    "holding_ended": (
        "另一个账户已由工作人员核实为同一参保人本人，您账户中对该参保人的登记已解除。"
        "如非您或家人操作，请拨打参保地区号+12393。"
    ),
}
