"""When a policy is published for days that were settled already: what it would have paid.

A settlement is never changed here. The claim gets a `Proposal` and a finding with both
figures, which a supervisor looks into (`reimbursements.proposals`), and the supervisors are
told how many.
"""

from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from casework.jobs import Run, run_job
from casework.models import JobRun, StaffProfile
from casework.notices import save_notices
from facilities.areas import area_name
from reimbursements import proposals
from reimbursements.jobs.payments import in_site, staff_of
from reimbursements.models import Settlement, SettlementPolicy
from reimbursements.policy_store import policy_of_stay
from reimbursements.settlement import Policy, PolicyError, Stay, StayError, Version
from reimbursements.settlement.engine import deciding_day, version_on
from reimbursements.settlement.jsonio import settle_data
from reimbursements.settlement.money import parse_yuan, yuan
from reimbursements.settlement.terms import INSURANCES

NAME = "reimbursements.recompute"
# Looked back where no earlier run is known; runs overlap a little, and twice is once.
FIRST = timedelta(days=60)
OVERLAP = timedelta(hours=1)
CHUNK = 100


def propose_recomputed(now: datetime | None = None) -> JobRun | None:
    """Look at what policies published since the last run would change; None when another
    process is at it."""
    now = now or timezone.now()
    since = _last_run(now)
    return run_job(NAME, lambda run: _work(run, since, now))


def paid_under(policy: Policy, row: Settlement) -> int | None:
    """Fen that all funds would pay for a settled stay under `policy`, the year as it was
    before it; None where the policy settles no such stay."""
    funds = funds_under(policy, row)
    return None if funds is None else sum(funds.values())


def funds_under(policy: Policy, row: Settlement) -> dict[str, int] | None:
    """The same by fund."""
    data = {**row.input}
    data.setdefault("year", row.before)
    data.pop("replaces", None)
    try:
        result, _ = settle_data(policy, data)
    except StayError:
        return None
    return {fund: parse_yuan(amount) for fund, amount in result["funds"].items()}


def _last_run(now: datetime) -> datetime:
    runs = JobRun.objects.filter(name=NAME, state=JobRun.State.DONE).order_by("-started_at")
    last = runs.values_list("started_at", flat=True).first()
    return last - OVERLAP if last else now - FIRST


def _work(run: Run, since: datetime, now: datetime) -> None:
    published = SettlementPolicy.objects.filter(
        state=SettlementPolicy.State.PUBLISHED, published_at__gte=since
    )
    for row in published.defer("text", "cases").order_by("pk"):
        differ = sum(_look(settled, run) for settled in _settled(row))
        if differ:
            _tell(row, differ, now)


def _settled(policy: SettlementPolicy):
    """The settlements that stand in the area of a policy and went by another one."""
    rows = Settlement.objects.filter(
        Q(area=policy.area) | Q(claim__insured_area=policy.area),
        insurance=policy.insurance,
        replaced_by=None,
    ).exclude(policy_sha256=policy.version_sha256)
    rows = rows.select_related("claim__case").defer("output", "after").order_by("pk")
    last = 0
    while chunk := list(rows.filter(pk__gt=last)[:CHUNK]):
        last = chunk[-1].pk
        yield from (row for row in chunk if row.input)


def _look(row: Settlement, run: Run) -> bool:
    """Whether the policy that holds now pays something else; then the claim says so."""
    number = row.claim.case.number
    stay = _days_of(row)
    try:
        policy = policy_of_stay(row.claim.insured_area, row.insurance, stay)
        funds = funds_under(policy, row) if policy else None
        version = version_on(policy, *deciding_day(policy, stay)) if policy else None
    except (PolicyError, StayError) as error:
        run.tick(failed=1, problem=f"{number}：{error}")
        return False
    now = None if funds is None else sum(funds.values())
    changed = now is not None and now != row.paid_fen
    if changed and _note(row, version, funds):
        run.tick(done=1, problem=f"{number}：{yuan(row.paid_fen)} → {yuan(now)} 元")
    if not changed and proposals.is_noted(row.claim):
        proposals.drop(row)
    return changed


def _note(row: Settlement, version: Version, funds: dict[str, int]) -> bool:
    """Whether there is something new for somebody to look into."""
    rule = version.rule
    source = " ".join(part for part in (rule.doc_no, rule.source) if part)
    found = proposals.Found(version.name, version.sha256, source, funds)
    return proposals.propose(row, found, timezone.now())


def _days_of(row: Settlement) -> Stay:
    claim = row.claim
    return Stay(
        kind=claim.kind,
        admitted_on=claim.admitted_on,
        discharged_on=claim.discharged_on,
        settled_on=datetime.fromisoformat(row.input["settled_on"]).date(),
    )


def _tell(policy: SettlementPolicy, count: int, now: datetime) -> None:
    words = {
        "area": area_name(policy.area),
        "insurance": INSURANCES[policy.insurance],
        "policy": policy.label,
        "count": str(count),
    }
    key = f"policy:{policy.pk}:effect"
    told = staff_of(policy.area, [StaffProfile.Role.SUPERVISOR])
    save_notices([in_site(user, "staff_policy_effect", words, key, now) for user in told])
