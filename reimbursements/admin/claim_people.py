"""Who did which stage of a claim, and what that leaves to the clerk who looks."""

from dataclasses import dataclass

from casework.actors import Actor
from reimbursements.dossier import Dossier

STAGES = (("first", "初审"), ("second", "复审"), ("approval", "审批"))
WORDS = dict(STAGES)


@dataclass(frozen=True)
class Done:
    """One stage and who acted at it last; "" when nobody has."""

    label: str
    who: str
    oneself: bool


def people_ids(dossier: Dossier) -> set[int]:
    """Everybody whose name the parts of the page show."""
    claim = dossier.claim
    found = {claim.first_by_id, claim.second_by_id, claim.approved_by_id}
    for bill in dossier.bills:
        found |= {bill.decided_by_id, bill.paper_by_id}
    for row in dossier.adjustments:
        found |= {row.made_by_id, row.approved_by_id}
    return found - {None}


def stages_done(dossier: Dossier, names: dict[int, str], actor: Actor) -> list[Done]:
    """The three stages with their people."""
    claim = dossier.claim
    acted = (claim.first_by_id, claim.second_by_id, claim.approved_by_id)
    return [
        Done(label, names.get(pk, ""), pk == actor.user.pk)
        for (_, label), pk in zip(STAGES, acted, strict=True)
    ]


def separation(dossier: Dossier, actor: Actor) -> str:
    """What this clerk may not do any more, in a sentence; "" when nothing stands against it.

    初审, 复审 and 审批 are three different people, and a second look is taken by others.
    """
    claim, me = dossier.claim, actor.user.pk
    if me in claim.decided_before:
        return "您参与过原决定，复核须由其他人员办理。"
    done = []
    if me == claim.first_by_id:
        done.append("first")
    elif any(bill.decided_by_id == me for bill in dossier.bills):
        return "您在初审中审核过票据，不能复审、审批或支付这件申请。"
    if me == claim.second_by_id:
        done.append("second")
    if me == claim.approved_by_id:
        done.append("approval")
    if not done:
        return ""
    did = "、".join(WORDS[stage] for stage in done)
    rest = "、".join(label for stage, label in STAGES if stage not in done)
    return f"您已{did}，不能{rest}或支付这件申请。"
