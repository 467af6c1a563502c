"""Settlements of claims on chosen days, without going through every act."""

from datetime import date, datetime, time, timedelta

from casework.clock import SHANGHAI
from casework.models import Case
from reimbursements.models import Bill, Claim, LedgerEntry, Settlement, Stay, YearAccount
from reimbursements.settlement.money import yuan
from tests.factories import CHENGDU, LINCANG, LINXIANG, proven_holding

DAY = date(2026, 3, 30)
BEIJING, YUNXIAN = "110000", "530922"
PLACES = ((LINXIANG, CHENGDU), (YUNXIAN, CHENGDU), (LINXIANG, BEIJING))


def at(day: int) -> datetime:
    """Noon of the so-many-th day, in China."""
    return datetime.combine(DAY + timedelta(days=day), time(12), SHANGHAI)


def bare_claim(number: int, stay: Stay | None = None, *, claimed: int = 0, cut: int = 0) -> Claim:
    """A claim with one bill and no events: the first of its stay, or a late one of it."""
    county, to = PLACES[number % len(PLACES)]
    person = stay.person if stay else proven_holding(county, "390").person
    place = {"insurance": "390", "institution_area": to, "kind": "inpatient"}
    days = {"admitted_on": DAY, "discharged_on": DAY + timedelta(days=number)}
    case = Case.objects.create(
        kind="claim",
        number=f"T{number:05d}",
        status="paid",
        city=LINCANG,
        county=county,
        insurance="390",
        topic="inpatient",
        destination=to,
        person=person,
    )
    stay = stay or Stay.objects.create(
        person=person, area=LINCANG, institution_key=f"医院{number}", **place, **days
    )
    claim = Claim.objects.create(
        case=case, person=person, stay=stay, insured_area=county, area=LINCANG, **place, **days
    )
    Bill.objects.create(
        claim=claim,
        key="b",
        form="e_bill",
        kind="fiscal",
        number=str(number),
        total_fen=claimed,
        cut_fen=cut,
        decision="cut" if cut else "accepted",
        cut_reason="cut_repeated" if cut else "",
        revision=case.revisions.create(number=1),
    )
    return claim


def settled(
    claim: Claim, day: int, total: int, funds: dict[str, int], account: int = 0, *, reverse=False
) -> Settlement:
    """The next settlement of the claim's stay, with its line in the ledger. `reverse` takes
    the claim out of it: with a total, what its other claims leave of the stay."""
    last = claim.stay.settlements.order_by("-seq").first()
    year, _ = YearAccount.objects.get_or_create(
        person=claim.person, area=LINCANG, insurance="390", year=2026
    )
    paid, before = sum(funds.values()), last.paid_fen if last else 0
    row = Settlement.objects.create(
        stay=claim.stay,
        claim=claim,
        account=year,
        seq=last.seq + 1 if last else 1,
        kind="reversed" if reverse else "settled",
        replaces=last,
        area=LINCANG,
        insurance="390",
        input={},
        output={"total": yuan(total), "account": yuan(account)} if total else {},
        before={},
        after={},
        total_fen=total,
        in_scope_fen=total // 2,
        personal_fen=total - paid,
        funds=funds,
        paid_fen=paid,
        paid_before_fen=before,
        difference_fen=paid - before,
        at=at(day),
    )
    old = last.funds if last else {}
    LedgerEntry.objects.create(
        account=year,
        seq=year.entries.count() + 1,
        kind=row.kind,
        settlement=row,
        change={name: funds.get(name, 0) - old.get(name, 0) for name in {*old, *funds}},
        at=at(day),
    )
    return row
