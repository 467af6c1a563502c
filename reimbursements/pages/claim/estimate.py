"""估算 before submitting: what would probably be paid, and what a filing would have changed."""

from dataclasses import dataclass, replace

from filings.decision.codes import CATEGORIES
from reimbursements.codes import SETTLED_AS
from reimbursements.dossier import Dossier
from reimbursements.pages.calculator import MARK_WORDS
from reimbursements.pages.claim.claimer import is_proven
from reimbursements.pages.explained import Explained, explained, grouped
from reimbursements.settlement import Settlement, StayError, read_stay, settle
from reimbursements.settling import Estimate, estimate_of

UNPROVEN = (
    "您的账户还没有核实与参保人的关系，这里不能按参保人的备案和今年已报销的金额估算。"
    "想先有个数，可以用费用估算，自己填几个数。"
)
# The ways of filing shown beside, from the easiest to get to the best.
COMPARED = ("TMP-OTH", "TMP-REF", "LT-RES")


@dataclass(frozen=True)
class Shown:
    """An estimate ready for the page; `refused` says why there is none."""

    refused: str = ""
    unproven: bool = False
    title: str = ""
    result: Explained | None = None
    settled_as: str = ""
    mark: str = ""
    unknown_parts: bool = False
    paid_before: str = ""
    compared: tuple[dict, ...] = ()


def shown_estimate(dossier: Dossier) -> Shown:
    """What the page 核对 says of the money."""
    if not is_proven(dossier):
        return Shown(refused=UNPROVEN, unproven=True)
    person = dossier.case.person
    found = estimate_of(dossier.answers, person, dossier.today, filed=dossier.filed)
    if isinstance(found, str):
        return Shown(refused=_sentence(found))
    result = explained(found.settlement)
    brings = grouped(found.payable_fen)
    return Shown(
        title=f"估算：可以报销约 {brings} 元",
        result=result,
        settled_as=SETTLED_AS.get(found.settled_as, ""),
        mark=MARK_WORDS.get(result.mark, ""),
        unknown_parts=found.unknown_parts,
        paid_before=grouped(found.paid_before_fen) if found.paid_before_fen else "",
        compared=tuple(_compared(found)),
    )


def _sentence(text: str) -> str:
    return text if text.endswith("。") else f"{text}。"


def _compared(found: Estimate) -> list[dict]:
    """The same care with each way of filing where that pays something else. Not for a stay
    that was settled before: what it brings then depends on that settlement too."""
    if found.paid_before_fen or found.input.get("place") == "same_area":
        return []
    rows = []
    for filing in COMPARED:
        other = _settled(found, filing)
        if other is None or filing == found.settled_as:
            continue
        difference = _paid(other) - _paid(found.settlement)
        if difference:
            rows.append(
                {
                    "filing": CATEGORIES[filing].removesuffix("人员"),
                    "paid": grouped(_paid(other)),
                    "change": f"{'多' if difference > 0 else '少'}报 {grouped(abs(difference))} 元",
                }
            )
    return rows


def _settled(found: Estimate, filing: str) -> Settlement | None:
    """The same stay filed in another way; None where the policy says nothing of it."""
    policy = found.settlement.policy
    try:
        stay = read_stay(found.input, policy)
        return settle(policy, replace(stay, filing=filing), found.settlement.before)
    except StayError:
        return None


def _paid(settled: Settlement) -> int:
    return sum(settled.funds.values())
