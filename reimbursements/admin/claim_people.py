"""Who did which stage of a claim, and what that leaves to the clerk who looks."""

from dataclasses import dataclass

from django.db.models import BigIntegerField
from django.db.models.expressions import RawSQL

from casework.actors import Actor
from reimbursements.dossier import Dossier
from reimbursements.models import Bill
from residents.models import User
from residents.prepared import Slot

STAGES = (("first", "初审"), ("second", "复审"), ("approval", "审批"))
WORDS = dict(STAGES)
OF_BILL = ("decided_by_id", "paper_by_id")
OF_STAGE = ("first_by_id", "second_by_id", "approved_by_id")
_BILLS, _USERS = Bill._meta.db_table, User._meta.db_table
# As User.get_full_name says it.
_NAME = f"SELECT COALESCE(NULLIF(name, ''), username) FROM {_USERS} WHERE id = %s"


@dataclass(frozen=True)
class Done:
    """One stage and who acted at it last; "" when nobody has."""

    label: str
    who: str
    oneself: bool


def naming() -> dict[str, RawSQL]:
    """Annotations for a `Prepared`, by which each bill brings the names of whoever decided it
    and of whoever noted its paper, and those of the three stages: no query of their own."""
    of_bill = {column: RawSQL(_NAME % f"{_BILLS}.{column}", ()) for column in OF_BILL}
    of_stage = {
        column: RawSQL(_NAME % "%s", [Slot(column, BigIntegerField())]) for column in OF_STAGE
    }
    return {f"name_{column}": name for column, name in {**of_bill, **of_stage}.items()}


def names_of(dossier: Dossier) -> dict[int, str]:
    """{user: name} of everybody whose name the parts of the page show."""
    found = {}
    for row in dossier.bills:
        found |= {getattr(row, column): getattr(row, f"name_{column}") for column in OF_BILL}
        found |= {
            getattr(dossier.claim, column): getattr(row, f"name_{column}") for column in OF_STAGE
        }
    asked = {pk for row in dossier.adjustments for pk in (row.made_by_id, row.approved_by_id)}
    if not dossier.bills:
        asked |= {getattr(dossier.claim, column) for column in OF_STAGE}
    if missing := asked - set(found) - {None}:
        users = User.objects.filter(pk__in=missing).only("name", "username")
        found |= {user.pk: user.get_full_name() for user in users}
    found.pop(None, None)
    return found


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
