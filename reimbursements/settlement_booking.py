"""Booking direct settlements into the year of a person, each by an entry of the ledger. Fen."""

from collections import defaultdict
from datetime import datetime

from django.db import transaction

from reimbursements.models import ImportedSettlement, LedgerEntry, YearAccount
from reimbursements.settlement import Account, year_data
from reimbursements.settlement.account import take_back
from reimbursements.settling.computing import empty_year
from reimbursements.settling.direct import deductible_of
from reimbursements.settling.years import account_of
from residents.crypto import keyed_hashes
from residents.models import Person


def book_imported(person: Person, now: datetime) -> int:
    """Book what was imported before the system knew this person; returns how many rows."""
    rows = ImportedSettlement.objects.filter(
        id_hash__in=keyed_hashes("id", person.id_number), ledger_entry=None
    ).select_related("reverses")
    with transaction.atomic():
        return _book_for(person, list(rows.order_by("settled_on", "pk")), now)


def book(rows: list[ImportedSettlement], now: datetime) -> int:
    """Book rows of persons the system knows; the others wait for `book_imported`."""
    hashes = {every: row.id_hash for row in rows for every in keyed_hashes("id", row.id_number)}
    by_hash = defaultdict(list)
    for row in rows:
        by_hash[row.id_hash].append(row)
    known = Person.objects.filter(id_hash__in=hashes).order_by("pk")
    return sum(_book_for(person, by_hash[hashes[person.id_hash]], now) for person in known)


def _book_for(person: Person, rows: list[ImportedSettlement], now: datetime) -> int:
    """One entry of the ledger for each row, under a lock on the year it belongs to."""
    years = defaultdict(list)
    for row in rows:
        years[row.area, row.insurance, row.year].append(row)
    for (area, insurance, year), group in sorted(years.items()):
        key = {"person": person, "area": area, "insurance": insurance, "year": year}
        made, _ = YearAccount.objects.get_or_create(**key, defaults={"data": empty_year(year)})
        account = YearAccount.objects.select_for_update(of=("self",)).get(pk=made.pk)
        made_now: dict[int, LedgerEntry] = {}
        for row in group:
            made_now[row.pk] = _entry(account, row, made_now, now)
        LedgerEntry.objects.bulk_create(made_now.values())
        account.save(update_fields=["data", "entry_count"])
    return len(rows)


def _entry(
    account: YearAccount, row: ImportedSettlement, made: dict[int, LedgerEntry], now: datetime
) -> LedgerEntry:
    """Move the year by one row, and say so. `made` are the entries of this year that are not
    stored yet, by the key of their row."""
    before = account.data
    year = account_of(before)
    if row.reverses_id is None:
        after = _with(year, account, row)
    else:
        entry = made.get(row.reverses_id) or row.reverses.ledger_entry
        after = take_back(year, account_of(entry.before), account_of(entry.after))
    account.data = year_data(after)
    account.entry_count += 1
    return LedgerEntry(
        account=account,
        seq=account.entry_count,
        kind=LedgerEntry.Kind.REVERSED if row.reverses_id else LedgerEntry.Kind.IMPORTED,
        imported=row,
        change=row.funds,
        before=before,
        after=account.data,
        at=now,
    )


def _with(year: Account, account: YearAccount, row: ImportedSettlement) -> Account:
    """The year and what one row adds to it."""
    counters = dict(year.counters)
    gained = {("funds", name): fen for name, fen in row.funds.items()}
    if row.deductible_fen:
        gained |= deductible_of(row, account.person, year) or {}
    for key, fen in gained.items():
        counters[key] = counters.get(key, 0) + fen
    return year._replace(counters=counters, stays=year.stays + (row.kind == "inpatient"))
