"""A direct settlement as the engine sees it: its stay, and the deductible it took. Fen."""

from datetime import date

from facilities.areas import UnknownArea, scope_between
from facilities.models import Institution
from reimbursements.models import ImportedSettlement
from reimbursements.policy_store import policy_for
from reimbursements.settlement import Account, Policy, Stay, StayError
from reimbursements.settlement.account import Counter
from reimbursements.settlement.direct import deductible_taken
from reimbursements.settlement.engine import deciding_day, version_on
from reimbursements.settling.computing import age_on
from reimbursements.settling.estimating import institution_key
from reimbursements.settling.rows import group_of
from residents.models import Person


def stay_of(row: ImportedSettlement, policy: Policy, person: Person, day: date) -> Stay:
    """A direct settlement as far as the import tells; what it is silent on is None."""
    found = Institution.objects.filter(pk=row.institution).first() if row.institution else None
    level = found and policy.vocabulary.level(found.get_level_display())
    charging = found and policy.vocabulary.level(found.get_charging_level_display())
    try:
        place = scope_between(row.area, found.pooling_area_id) if found else None
    except UnknownArea:
        place = None
    group = group_of(person, row.insurance, day)
    return Stay(
        kind=row.kind,
        place=place,
        filing=None,
        level=level or charging,
        charging_level=charging or level,
        person_group=group if group in policy.vocabulary.person_groups else None,
        age=age_on(person.birth_date, day),
        institution=institution_key(row.institution, row.institution_name) or None,
        admitted_on=row.admitted_on,
        discharged_on=row.discharged_on,
        settled_on=row.settled_on,
    )


def deductible_of(
    row: ImportedSettlement, person: Person, account: Account
) -> dict[Counter, int] | None:
    """The counters of the year that the deductible of this row moves; None where there is no
    policy, or it does not tell under which name it counts."""
    policy = policy_for(row.area, row.insurance, row.discharged_on or row.settled_on)
    if policy is None:
        return None
    stay = stay_of(row, policy, person, row.settled_on)
    try:
        day, field = deciding_day(policy, stay)
        version = version_on(policy, day, field)
    except StayError:
        return None
    return deductible_taken(policy, version, stay, account, row.deductible_fen, day)
