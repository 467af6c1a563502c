"""费用查询: what was settled for a person in a year, by claim and directly, and what is left of
deductibles and ceilings. Only for persons whom the account has proven."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from config.bars import stacked
from reimbursements.codes import KINDS
from reimbursements.models import ImportedSettlement, Settlement, YearAccount
from reimbursements.pages.after_limits import limits_of
from reimbursements.pages.claim.steps import area_words
from reimbursements.pages.explained import Step, grouped
from reimbursements.policy_store import policy_for
from reimbursements.settlement import Policy, Stay, StayError, read_stay
from reimbursements.settlement.engine import version_on
from reimbursements.settlement.money import parse_yuan
from reimbursements.settlement.terms import FUNDS, INSURANCES
from reimbursements.settling.direct import stay_of
from reimbursements.settling.years import account_of
from residents.crypto import keyed_hashes
from residents.gate import resident_required
from residents.holdings import current_holding, my_holdings
from residents.models import Holding, Person
from residents.personal import mask_name

CLAIMED, DIRECT, TAKEN_BACK = "手工报销", "直接结算", "直接结算（冲正）"


@dataclass
class Part:
    """One insurance of one place in the year: its rows, sums in fen, and what is left."""

    area: str
    insurance: str
    account: YearAccount | None = None
    settlements: list[Settlement] = field(default_factory=list)
    imported: list[ImportedSettlement] = field(default_factory=list)

    @property
    def standing(self) -> list[ImportedSettlement]:
        """The direct settlements that were not taken back."""
        gone = {row.reverses_id for row in self.imported}
        return [row for row in self.imported if not row.reverses_id and row.pk not in gone]


@resident_required
@require_GET
def year(request):
    """The settlements of a year of one person; other years and persons by links."""
    holding = _chosen(request)
    if holding is None:
        return render(request, "reimbursements/after/year.html", {"unproven": True})
    today = timezone.localdate()
    person = holding.person
    hashes = keyed_hashes("id", person.id_number)
    accounts = list(YearAccount.objects.filter(person=person))
    direct = ImportedSettlement.objects.filter(id_hash__in=hashes)
    years = {row.year for row in accounts} | set(direct.values_list("year", flat=True).distinct())
    wanted = _year(request.GET.get("year", ""), today)
    parts = _parts([row for row in accounts if row.year == wanted], direct.filter(year=wanted))
    context = {
        "year": wanted,
        "parts": [_shown(part, person, wanted, today) for part in parts],
        "years": [each for each in sorted(years | {today.year}, reverse=True) if each != wanted],
        "person": holding,
        "name": mask_name(holding.name),
        "others": [(row, mask_name(row.name)) for row in _proven(request) if row.pk != holding.pk],
        "acting_for": {
            "name": mask_name(holding.name),
            "relation": holding.get_relation_display(),
            "switch_url": "",
        },
    }
    return render(request, "reimbursements/after/year.html", context)


def _proven(request) -> list[Holding]:
    return [row for row in my_holdings(request) if row.is_bound]


def _chosen(request) -> Holding | None:
    """The person asked for, else the one acted for, else the first; None without a proven one."""
    rows = _proven(request)
    asked = request.GET.get("person", "")
    current = current_holding(request)
    by_number = next((row for row in rows if str(row.pk) == asked), None)
    return by_number or next((row for row in rows if row == current), rows[0] if rows else None)


def _year(text: str, today: date) -> int:
    good = text.isascii() and text.isdigit() and 2000 <= int(text) <= today.year + 1
    return int(text) if good else today.year


def _parts(accounts: list[YearAccount], direct) -> list[Part]:
    """The year by place and insurance."""
    parts = {(row.area, row.insurance): Part(row.area, row.insurance, row) for row in accounts}
    by_account = {row.pk: parts[row.area, row.insurance] for row in accounts}
    standing = Settlement.objects.filter(
        account__in=list(by_account), replaced_by=None, total_fen__gt=0
    )
    rows = standing.select_related("claim__case").defer("before", "after")
    for row in rows.order_by("claim__discharged_on", "pk") if accounts else ():
        by_account[row.account_id].settlements.append(row)
    for row in direct.select_related("ledger_entry").order_by("settled_on", "pk"):
        key = (row.area, row.insurance)
        parts.setdefault(key, Part(*key)).imported.append(row)
    return [part for part in parts.values() if part.settlements or part.imported]


def _shown(part: Part, person: Person, number: int, today: date) -> dict:
    day = min(today, date(number, 12, 31))
    policy = policy_for(part.area, part.insurance, day)
    labels = {**FUNDS, **(policy.fund_labels if policy else {})}
    funds: dict[str, int] = defaultdict(int)
    for row in (*part.settlements, *part.imported):
        for name, fen in row.funds.items():
            funds[name] += fen
    total = sum(row.total_fen for row in (*part.settlements, *part.imported))
    personal = sum(row.personal_fen for row in part.settlements)
    personal += sum(row.account_fen + row.cash_fen for row in part.imported)
    shares = [(labels.get(name, name), fen) for name, fen in funds.items() if fen]
    shares.append(("个人负担", personal))
    rows = [_claimed(row) for row in part.settlements] + [_direct(row) for row in part.imported]
    return {
        "title": area_words(part.area),
        "insurance": INSURANCES.get(part.insurance, ""),
        "rows": sorted(rows, key=lambda row: row["last"], reverse=True),
        "total": grouped(total),
        "paid": grouped(sum(funds.values())),
        "personal": grouped(personal),
        "shares": stacked([(f"{label} {grouped(fen)} 元", fen) for label, fen in shares if fen]),
        "limits": _limits(part, policy, person, day) if policy else [],
        "mark": (policy and version_on(policy, day).rule.mark) or "",
        "place": policy.place_name if policy else "",
    }


def _claimed(row: Settlement) -> dict:
    claim = row.claim
    return {
        "source": CLAIMED,
        "kind": KINDS.get(claim.kind, ""),
        "where": claim.institution_name,
        "first": claim.admitted_on,
        "last": claim.discharged_on,
        "total": grouped(row.total_fen),
        "deductible": grouped(parse_yuan(row.output["deductible"])),
        "paid": grouped(row.paid_fen),
        "personal": grouped(row.personal_fen),
        "url": reverse("reimbursements:record", args=[claim.case.public_id]),
        "number": claim.case.number,
    }


def _direct(row: ImportedSettlement) -> dict:
    deductible = row.deductible_fen
    return {
        "source": TAKEN_BACK if row.reverses_id else DIRECT,
        "kind": KINDS.get(row.kind, ""),
        "where": row.institution_name or row.institution,
        "first": row.admitted_on or row.settled_on,
        "last": row.discharged_on or row.settled_on,
        "total": grouped(row.total_fen),
        "deductible": "" if deductible is None else grouped(deductible),
        "paid": grouped(sum(row.funds.values())),
        "personal": grouped(row.account_fen + row.cash_fen),
        "url": "",
        "number": row.serial,
    }


def _limits(part: Part, policy: Policy, person: Person, day: date) -> list[Step]:
    """What is left, for the last stay of each kind; direct settlements that are in no account
    yet count against the ceilings of the funds."""
    stays: dict[str, Stay] = {}
    for row in part.standing:
        stays[row.kind] = stay_of(row, policy, person, day)
    for row in part.settlements:
        try:
            stays[row.claim.kind] = read_stay(row.input, policy)
        except StayError:  # written under words that the policy of today has not
            continue
    besides: dict[str, int] = defaultdict(int)
    for row in part.imported:
        if getattr(row, "ledger_entry", None) is None:
            for name, fen in row.funds.items():
                besides[name] += fen
    account = account_of(part.account.data if part.account else {})
    version = version_on(policy, day)
    return limits_of(policy, version, list(stays.values()), account, day, besides)
