"""Does one account claim for many persons?"""

from casework.kinds import Finding
from reimbursements.bills.warnings import proxy_of_many
from reimbursements.dossier import Dossier
from reimbursements.models import Claim


def check(dossier: Dossier) -> list[Finding]:
    """Persons for whom this account has handed in claims, this one included."""
    account = dossier.case.account_id
    if account is None:
        return []
    rows = Claim.objects.filter(case__account_id=account).order_by("person_id")
    persons = set(rows.values_list("person_id", flat=True).distinct())
    found = proxy_of_many(len({*persons, dossier.case.person_id}))
    return [Finding(each.code, each.text, "field:name") for each in found]
