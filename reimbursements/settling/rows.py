"""What is read of the database to settle a stay: claims, bills, the settlement before."""

from datetime import date

from django.db.models import Exists, OuterRef, Q

from reimbursements.models import Bill, Claim, Settlement, Stay, YearAccount
from reimbursements.settling.computing import age_on, empty_year
from reimbursements.settling.inputs import BillParts, StayFacts, parts_of_row, read_lines
from residents.matching import enrolments_on
from residents.models import Enrolment, Person
from residents.prepared import by_columns


def facts_of(
    claim: Claim, today: date, earlier: Settlement | None, institution: str | None = None
) -> StayFacts:
    """The facts of a claim's stay. A stay settled before keeps its day of settlement.
    `institution` is the key of its institution, where it was read already."""
    settled_on = date.fromisoformat(earlier.input["settled_on"]) if _stands(earlier) else today
    return StayFacts(
        kind=claim.kind,
        insured_area=claim.insured_area,
        insurance=claim.insurance,
        institution=claim.stay.institution_key if institution is None else institution,
        institution_area=claim.institution_area,
        level=claim.level,
        charging_level=claim.charging_level,
        admitted_on=claim.admitted_on,
        discharged_on=claim.discharged_on,
        settled_on=max(settled_on, claim.discharged_on),
        settled_as=claim.settled_as,
        reason=claim.reason,
        person_group=group_of(claim.person, claim.insurance, claim.admitted_on),
        age=age_on(claim.person.birth_date, claim.discharged_on),
        nth_stay=None if _stands(earlier) else claim.nth_stay,
    )


def group_of(person: Person, insurance: str, day: date) -> str:
    """The person's group on a day in the words of policies; "" where the register is silent."""
    rows = [row for row in enrolments_on(person, day) if row.insurance == insurance]
    return str(Enrolment.PersonGroup(rows[0].person_group).label) if rows else ""


def last_settlement(stay: Stay | None) -> Settlement | None:
    """The settlement of a stay that no other has replaced."""
    if stay is None:
        return None
    return stay.settlements.select_related("account", "claim").order_by("-seq").first()


def bills_of_stay(stay: Stay, claim: Claim | None, *, open_too: bool = False) -> list[Bill]:
    """The accepted bills of a stay: those of `claim`, and those of its settled claims.

    A bill that was cut whole is no part of the stay. `open_too` counts bills of `claim` that
    nobody has decided yet as accepted.
    """
    settled = Exists(Settlement.objects.filter(claim_id=OuterRef("claim_id")))
    others = Q(alive=True) & Q(settled) & ~Q(decision=Bill.Decision.OPEN)
    own = Q(claim=claim) if claim else Q(pk=None)
    if not open_too:
        own &= ~Q(decision=Bill.Decision.OPEN)
    if claim is not None:
        others &= ~Q(claim=claim)
    rows = Bill.objects.filter(own | others, claim__stay=stay, removed=False)
    return [row for row in rows.order_by("pk") if row.cut_fen < row.total_fen]


def parts_of(bills: list[Bill]) -> list[BillParts]:
    """The bills as the engine is told of them."""
    read_lines(bills)
    return [parts_of_row(bill) for bill in bills]


_ACCOUNTS = by_columns(YearAccount.objects.all(), "person_id", "area", "insurance", "year")


def account_row(person: Person, area: str, insurance: str, year: int) -> YearAccount | None:
    """The account of a person for a year, as it stands now; None where there is none yet."""
    return _ACCOUNTS.first(person_id=person.pk, area=area, insurance=insurance, year=year)


def year_row(claim: Claim, year: int, *, lock: bool) -> YearAccount | None:
    """The account of a year. Locked, it is made where there is none."""
    key = {
        "person_id": claim.person_id,
        "area": claim.area,
        "insurance": claim.insurance,
        "year": year,
    }
    if not lock:
        return _ACCOUNTS.first(**key)
    made, _ = YearAccount.objects.get_or_create(**key, defaults={"data": empty_year(year)})
    return YearAccount.objects.select_for_update(of=("self",)).get(pk=made.pk)


def year_of(row: YearAccount | None, year: int) -> dict:
    """The data of an account, or of an empty year."""
    return row.data if row else empty_year(year)


def _stands(earlier: Settlement | None) -> bool:
    return earlier is not None and bool(earlier.output)
