"""Settlements that a policy published afterwards would make come out otherwise.

A proposal is for a supervisor to look into. Nothing here changes a settlement: what is to
be put right goes by the acts of the table (冲销 and a new claim, or 复核), and a proposal
whose settlement was replaced is settled with it.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from casework.actors import Actor
from casework.errors import NotAllowed
from casework.models import StaffProfile
from reimbursements.models import Claim, Proposal, Settlement
from reimbursements.settlement.money import yuan

CODE = "policy_changed"
MIN_NOTE = 4
State = Proposal.State


@dataclass(frozen=True)
class Found:
    """What the policy that holds now says: its version, its source, and fen by fund."""

    version: str
    sha256: str
    source: str
    funds: dict[str, int]

    @property
    def fen(self) -> int:
        """What all funds would pay."""
        return sum(self.funds.values())


def propose(row: Settlement, found: Found, now: datetime) -> bool:
    """Note what a settlement would be now; whether that is something new. What a supervisor
    has decided of the same figure under the same policy stays decided."""
    with transaction.atomic():
        claim = Claim.objects.select_for_update(of=("self",)).get(pk=row.claim_id)
        old = Proposal.objects.filter(settlement=row).first()
        same = old and (old.policy_sha256, old.now_fen) == (found.sha256, found.fen)
        if same and old.state != State.GONE:
            return False
        values = {
            "claim": claim,
            "city": row.claim.case.city,
            "county": row.claim.case.county,
            "policy_version": found.version[:80],
            "policy_sha256": found.sha256,
            "source": found.source[:300],
            "paid_fen": row.paid_fen,
            "now_fen": found.fen,
            "funds": found.funds,
            "state": State.OPEN,
            "found_at": now,
            "decided_by": None,
            "decided_at": None,
            "note": "",
        }
        made, _ = Proposal.objects.update_or_create(settlement=row, defaults=values)
        _set_finding(claim, _finding(made))
    return True


def drop(row: Settlement) -> None:
    """The policy that holds now pays what was settled: nothing is left to look into."""
    with transaction.atomic():
        gone = Proposal.objects.filter(settlement=row, state=State.OPEN)
        if gone.update(state=State.GONE):
            _set_finding(Claim.objects.select_for_update(of=("self",)).get(pk=row.claim_id), None)


def open_proposals(user):
    """The open proposals of the area of a member of staff, the newest first; those whose
    settlement was replaced meanwhile are none any more."""
    rows = Proposal.objects.filter(
        **user.staff_profile.scope_filter(), state=State.OPEN, settlement__replaced_by=None
    )
    return rows.order_by("-id")


def decided_proposals(user, most: int = 20):
    """The proposals of the area that a supervisor has decided last: nothing was put right."""
    rows = Proposal.objects.filter(**user.staff_profile.scope_filter(), state=State.KEPT)
    return rows.order_by("-decided_at", "-id")[:most]


def is_noted(claim: Claim) -> bool:
    """Whether the findings of a claim say that it would be settled otherwise now."""
    return any(found["code"] == CODE for found in claim.findings)


def proposal_of(claim: Claim) -> Proposal | None:
    """The open proposal of a claim; asks the database only where a finding says there is one."""
    if not is_noted(claim):
        return None
    rows = Proposal.objects.filter(claim=claim, state=State.OPEN, settlement__replaced_by=None)
    return rows.order_by("-id").first()


def may_decide_proposals(user) -> bool:
    """Whether this member of staff says what becomes of proposals: the supervisors."""
    profile = getattr(user, "staff_profile", None)
    return bool(profile and profile.role == StaffProfile.Role.SUPERVISOR)


def keep_as_settled(user, pk: int, note: str, now: datetime) -> Proposal:
    """A supervisor has looked into it and the settlement stays; with the reason, in words.
    Raises NotAllowed, in Chinese, also where somebody else was quicker."""
    note = note.strip()
    if not may_decide_proposals(user):
        raise NotAllowed("重算建议由主管核实")
    if len(note) < MIN_NOTE:
        raise NotAllowed(f"请写明为什么不更正（至少 {MIN_NOTE} 个字）")
    if len(note) > Proposal._meta.get_field("note").max_length:
        raise NotAllowed("说明最多 200 个字，请写短一些")
    mine = Proposal.objects.filter(pk=pk, state=State.OPEN, **user.staff_profile.scope_filter())
    with transaction.atomic():
        # The claim before the proposal, as the job does that proposes: neither waits for ever.
        locked = Claim.objects.select_for_update(of=("self",)).select_related("case")
        claim = locked.filter(pk__in=mine.values("claim")).first()
        found = mine.select_for_update(of=("self",)).first()
        if claim is None or found is None:
            raise NotAllowed("这条重算建议已经处理，或不在您的经办范围内")
        if Actor.staff(user).concerns_own(claim.case):
            raise NotAllowed("这是您本人的办件，须由其他主管核实")
        found.state, found.note = State.KEPT, note
        found.decided_by, found.decided_at = user, now
        found.save(update_fields=["state", "note", "decided_by", "decided_at"])
        _set_finding(claim, None)
    return found


def _finding(row: Proposal) -> dict:
    text = (
        f"结算以后发布了新的政策（{row.policy_version}），重算后各基金应付 {yuan(row.now_fen)} 元，"
        f"原结算 {yuan(row.paid_fen)} 元，相差 {yuan(row.difference_fen)} 元。"
        "系统没有改动结算，请核实是否需要更正。"
    )
    return {"code": CODE, "text": text, "target": "proposal", "source": row.source}


def _set_finding(claim: Claim, finding: dict | None) -> None:
    findings = [each for each in claim.findings if each["code"] != CODE]
    claim.findings = findings + ([finding] if finding else [])
    claim.save(update_fields=["findings"])
