"""What was settled, paid and adjusted of a claim so far, read along with other rows. Fen."""

from dataclasses import dataclass, fields
from functools import cache

from django.db.models import BigIntegerField, BooleanField, CharField, QuerySet
from django.db.models.expressions import RawSQL

from reimbursements.models import Adjustment, Claim, Payment, Settlement, Stay, YearAccount
from residents.models import Holding
from residents.prepared import Prepared, Slot


@dataclass(frozen=True)
class Figures:
    """Sums of a claim, which of its further rows there are at all, the key of its stay's
    institution, and how the account that filed holds the person ("" at the counter)."""

    settled_fen: int
    paid_fen: int
    adjusted_fen: int
    has_adjustments: bool
    has_siblings: bool
    stay_was_settled: bool
    has_year: bool
    institution_key: str
    relation: str


PREFIX = "figures_"
_BIG, _YES, _TEXT = BigIntegerField(), BooleanField(), CharField()


def figures_of(claim: Claim, account_id: int | None) -> Figures:
    """The figures by a query of their own; `account_id` is the account of the case."""
    return figures_in(_alone().first(**asked_of(claim, account_id)))


@cache
def _alone() -> Prepared:
    return Prepared(with_figures(Claim.objects.filter(pk=Slot("claim", _BIG)).only("pk")))


def with_figures(rows: QuerySet) -> QuerySet:
    """Any rows for a `Prepared`, each with the figures of the one claim that `asked_of` names:
    the database asks once for all of them."""
    found = {
        f"{PREFIX}{name}": RawSQL(sql, params, output_field=kind)
        for name, (sql, params, kind) in _questions().items()
    }
    return rows.annotate(**found)


def asked_of(claim: Claim, account_id: int | None) -> dict:
    """The values of the slots of `with_figures`; `account_id` is the account of the case."""
    return {
        "claim": claim.pk,
        "stay": claim.stay_id,
        "person": claim.person_id,
        "area": claim.area,
        "insurance": claim.insurance,
        "account": account_id,
    }


def figures_in(row) -> Figures:
    """The figures that came along with a row of `with_figures`."""
    return Figures(**{each.name: getattr(row, PREFIX + each.name) for each in fields(Figures)})


def _questions() -> dict[str, tuple]:
    """{figure: (SQL, parameters, kind of field)}; the same on PostgreSQL and SQLite."""
    own, stay, person = [Slot("claim", _BIG)], [Slot("stay", _BIG)], Slot("person", _BIG)
    year = [person, Slot("area", _TEXT), Slot("insurance", _TEXT)]
    done = [*own, Payment.State.PAID, Payment.State.RECOVERED]
    return {
        "settled_fen": (_sum(Settlement, "difference_fen"), own, _BIG),
        "paid_fen": (_sum(Payment, "amount_fen", "state IN (%s, %s)"), done, _BIG),
        "adjusted_fen": (
            _sum(Adjustment, "amount_fen", "state = %s"),
            [*own, Adjustment.State.CONFIRMED],
            _BIG,
        ),
        "has_adjustments": (_exists(Adjustment, "claim_id = %s"), own, _YES),
        "has_siblings": (_exists(Claim, "stay_id = %s AND case_id <> %s"), [*stay, *own], _YES),
        "stay_was_settled": (_exists(Settlement, "stay_id = %s"), stay, _YES),
        "has_year": (
            _exists(YearAccount, "person_id = %s AND area = %s AND insurance = %s"),
            year,
            _YES,
        ),
        "institution_key": (_one(Stay, "institution_key", "id = %s"), stay, _TEXT),
        "relation": (
            _one(Holding, "relation", "account_id = %s AND person_id = %s AND standing <> %s"),
            [Slot("account", _BIG), person, Holding.Standing.REVOKED],
            _TEXT,
        ),
    }


def _sum(model, column: str, which: str = "1 = 1") -> str:
    table = model._meta.db_table
    where = f"claim_id = %s AND {which}"
    # A sum of bigints is a numeric on PostgreSQL.
    return f"SELECT CAST(COALESCE(SUM({column}), 0) AS bigint) FROM {table} WHERE {where}"


def _exists(model, which: str) -> str:
    return f"EXISTS (SELECT 1 FROM {model._meta.db_table} WHERE {which})"


def _one(model, column: str, which: str) -> str:
    table = model._meta.db_table
    return f"COALESCE((SELECT {column} FROM {table} WHERE {which} ORDER BY id LIMIT 1), '')"
