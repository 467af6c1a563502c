"""Why a stay was not settled directly, and what to do before claiming.

The tree: still in hospital → file now and settle at the desk (a networked hospital must,
经办规程第16条); discharged and paid → first ask the hospital for 补记账; otherwise the claim goes
on and the reason becomes 手工报销原因. Sources: docs/sources.md (`nhsa-2022-22`,
`guangdong-intra` for 补记账, 手工报销的情况).
"""

from dataclasses import dataclass
from enum import StrEnum

from reimbursements.codes import REASONS

__all__ = ["HINTS", "REASONS", "Advice", "Next", "advice"]

# What the resident reads below each choice.
HINTS = {
    "psychiatric": "精神病专科医院住院，不能跨省直接结算。",
    "observation": "在急诊留观室观察治疗，没有转成住院。",
    "emergency_no_card": "急诊抢救时没有带医保码、身份证或社保卡，先自费结清了。",
    "not_filed": "看病前没有办异地就医备案，或者备案晚于入院。",
    "system_failure": "医院或医保的系统出故障，当时刷不了卡。",
    "not_opened": "看病的医院没有开通这项异地直接结算。",
    "disease_not_opened": "门诊慢特病的病种没有开通异地直接结算，或者医院没有开通这个病种。",
    "external_drug": "住院期间医院没有药，凭医院的外购处方在外面买的药。",
    "maternity": "产前检查、生育或计划生育手术的费用。",
    "transfer": "医保关系正在转移，或者参保信息当时没有更新。",
    "other": "不在上面的情况，请在“时间与情况”一步写明。",
}
# Where the hospital cannot settle directly at all, now or afterwards.
_NEVER_DIRECT = frozenset({"psychiatric", "not_opened", "disease_not_opened", "external_drug"})


class Next(StrEnum):
    """What comes next; only CLAIM leads on by itself, the others may still be passed by."""

    FILE_NOW = "file_now"
    SETTLE_AT_DESK = "settle_at_desk"
    REBOOK_FIRST = "rebook_first"
    CLAIM = "claim"
    CLAIM_AFTER_DISCHARGE = "claim_after_discharge"


@dataclass(frozen=True, slots=True)
class Advice:
    """What to do, in plain words, and where that comes from (a code of docs/sources.md)."""

    next: Next
    text: str
    source: str

    @property
    def claim_goes_on(self) -> bool:
        """Whether the claim is the right way now. Somebody still in hospital has no bill yet."""
        return self.next == Next.CLAIM


_FILE_NOW = Advice(
    Next.FILE_NOW,
    "您还在住院，请现在就办异地就医备案。办好以后，出院时在医院窗口直接结算，"
    "不用自己垫钱，也不用手工报销。急诊抢救视同已备案，请先告诉医院。",
    "nhsa-2022-22",
)
_SETTLE_AT_DESK = Advice(
    Next.SETTLE_AT_DESK,
    "您还在住院，出院前请带上医保码、身份证或社保卡问医院的医保办：问题解决以后可以在窗口"
    "直接结算，不用自己垫钱。"
    "出院时仍然不能结算的，再来申请手工报销。",
    "nhsa-2022-22",
)
_WAIT = Advice(
    Next.CLAIM_AFTER_DISCHARGE,
    "这种情况医院不能直接结算。请在出院结清以后，带齐票据、费用清单和病历再来申请手工报销。",
    "filing-guide",
)
_REBOOK = Advice(
    Next.REBOOK_FIRST,
    "医院说可以“补记账”（补办手续后改按医保结算，退回您垫付的钱）。请先到医院办理，"
    "通常比手工报销快；医院办不了的，再回来继续申请。",
    "guangdong-intra",
)
_CLAIM = Advice(
    Next.CLAIM,
    "可以继续申请手工报销。请准备好票据、费用清单和病历。",
    "nhsa-2022-22",
)


def advice(reason: str, in_hospital: bool, can_rebook: bool) -> Advice:
    """What to tell somebody who was not settled directly. `reason` is one of REASONS.

    `can_rebook`: the hospital said that it can settle the stay after all (补记账).
    Raises ValueError for an unknown reason.
    """
    if reason not in REASONS:
        raise ValueError(f"不认识的原因：{reason}")
    if in_hospital:
        return _in_hospital(reason)
    return _REBOOK if can_rebook else _CLAIM


def _in_hospital(reason: str) -> Advice:
    if reason == "not_filed":
        return _FILE_NOW
    return _WAIT if reason in _NEVER_DIRECT else _SETTLE_AT_DESK
