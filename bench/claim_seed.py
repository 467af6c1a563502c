"""Claims beside the filings: as many, of the same persons in the same cities and days.

Each is written inside the database from the filing of the same number, by one statement a
table, so that a million need a few minutes and no memory here. A claim has one stay and one
bill; a settled one its settlement, the account of its year, and a payment. Mass rows have no
answers, events, documents or lines: no measured list reads them. The claim that is opened is
made by the application (bench/claim_case.py).
"""

import json
import uuid

from django.db import connection
from django.db.models import Model
from django.utils import timezone

from bench.bulk import Table, reserve, settle, without_checks
from bench.people import FIRST
from bench.seed import MINE, WAITING_FIRST
from casework.models import Case, Revision
from reimbursements.demo.story import sample_card
from reimbursements.models import Bill, BillLine, Claim, Payment, Settlement, Stay, YearAccount
from reimbursements.settlement import as_data, find_policy, read_stay, read_year
from reimbursements.settlement import settle as settle_stay
from reimbursements.settling.computing import empty_year
from residents.crypto import encrypt

CHUNK = 100_000
# Claims have primary keys from here on, and so have their stays, bills, settlements, payments.
CLAIMS = 100_000_000
# In the measured city at any size: a page of free claims in two stages, and a list to pay.
WAITING, PAYABLE = 160, 1_000
EXTRA = 2 * WAITING + PAYABLE
SETTLED = "('paid', 'payable')"
TABLES = (Case, Claim, Stay, Bill, BillLine, Settlement, Payment, YearAccount, Revision)
STAY = {
    "kind": "inpatient",
    "place": "inter_province",
    "filing": "TMP-OTH",
    "settled_on": "2026-06-12",
    "admitted_on": "2026-06-01",
    "discharged_on": "2026-06-10",
    "level": "三级",
    "person_group": "退休",
    "nth_stay": 1,
    "own_expense": "500.00",
    "over_limit": "0.00",
    "self_first": "0.00",
    "in_scope": "9500.00",
}


class ClaimSeeder:
    """Writes claims up to a size, for which there must be as many filings."""

    def __init__(self):
        self.written = 0

    def grow(self, size: int, filings: int | None = None) -> None:
        """Until there are `size` claims; those of the queues and of the list to pay besides.
        Where there are fewer `filings`, several claims are made from each."""
        mass = {**_MASS, "from": _MASS["from"].format(filings or size)}
        without_checks()
        reserve(TABLES)
        if not self.written:
            self._write(0, EXTRA, _EXTRA)
        while self.written < size:
            upto = min(size, self.written + CHUNK)
            self._write(EXTRA + self.written, EXTRA + upto, mass)
            self.written = upto
        settle()

    def _write(self, first: int, last: int, source: dict) -> None:
        """The claims from `first` to before `last`, table by table."""
        where = (CLAIMS + first, CLAIMS + last)
        with connection.cursor() as cursor:
            for model, found, rows in _statements(source, where, (first, last)):
                sql, params = _insert(model, found, rows)
                cursor.execute(sql, params)


# Which filing a claim is made from, and in which state it is: of n, the number of the claim.
_EXTRA = {
    "from": f"{FIRST + MINE} + MOD(n.n, {WAITING_FIRST - MINE})",
    "status": f"CASE WHEN n.n < {WAITING} THEN 'first_review'"
    f" WHEN n.n < {2 * WAITING} THEN 'second_review' ELSE 'payable' END",
    "open": "1 = 1",
}
_MASS = {
    "from": f"CASE WHEN n.n - {EXTRA} < {{0}} THEN {FIRST} + n.n - {EXTRA}"
    f" ELSE {FIRST + MINE} + MOD(n.n, {{0}} - {MINE}) END",
    # Of an open filing a claim in one of the four stages; the others are mostly paid.
    "status": f"CASE WHEN n.n < {EXTRA + MINE} THEN 'paid' WHEN c.is_open THEN CASE MOD(n.n, 5)"
    " WHEN 0 THEN 'intake' WHEN 1 THEN 'second_review' WHEN 2 THEN 'approval'"
    " ELSE 'first_review' END"
    " WHEN MOD(n.n, 20) = 0 THEN 'rejected' WHEN MOD(n.n, 20) = 1 THEN 'withdrawn'"
    " WHEN MOD(n.n, 20) = 2 THEN 'not_accepted' ELSE 'paid' END",
    "open": f"c.is_open AND n.n >= {EXTRA + MINE}",
}


def _statements(source: dict, where: tuple[int, int], numbers: tuple[int, int]):
    """(model, {column: SQL or value}, rows to read) of each table, in the order to write."""
    yield Case, _case(source), (_numbers(source), [*numbers])
    cases = ("casework_case c WHERE c.id >= %s AND c.id < %s", [*where])
    yield Stay, _stay(), cases
    yield Claim, _claim(), cases
    yield Bill, _bill(), cases
    settled = (f"{cases[0]} AND c.status IN {SETTLED}", [*where])
    yield YearAccount, _year_account(), settled
    joined = (
        "casework_case c JOIN reimbursements_yearaccount y ON y.person_id = c.person_id"
        " AND y.area = c.city AND y.insurance = c.insurance"
        f" AND y.year = {_year('c.submitted_at')}"
        f" WHERE c.id >= %s AND c.id < %s AND c.status IN {SETTLED}",
        [*where],
    )
    yield Settlement, _settlement(), joined
    yield Payment, _payment(), (f"{cases[0]} AND c.status = 'paid'", [*where])


class Sql(str):
    """An expression, where a plain value is a value."""


def _insert(model: type[Model], given: dict, rows: tuple[str, list]) -> tuple[str, list]:
    """INSERT … SELECT with the defaults of the model where nothing is given."""
    table = Table(model)
    blank = table.row()
    columns, values, params = [], [], []
    for column, default in zip(table.columns, blank, strict=True):
        if column == model._meta.pk.column and column not in given:
            continue
        value = given.get(column, default)
        columns.append(f'"{column}"')
        values.append(value if isinstance(value, Sql) else "%s")
        params += [] if isinstance(value, Sql) else [value]
    source, where = rows
    return (
        f'INSERT INTO "{table.name}" ({", ".join(columns)}) SELECT {", ".join(values)}'
        f" FROM {source}{' ON CONFLICT DO NOTHING' if model is YearAccount else ''}",
        [*params, *where],
    )


def _numbers(source: dict) -> str:
    """The numbers of the claims, each with the filing it is made from."""
    if connection.vendor == "postgresql":
        numbers = "(SELECT generate_series(%s::bigint, %s::bigint - 1) AS n) n"
    else:
        numbers = (
            "(WITH RECURSIVE s(n) AS (SELECT %s UNION ALL SELECT n + 1 FROM s WHERE n + 1 < %s)"
            " SELECT n FROM s) n"
        )
    return f"{numbers} JOIN casework_case c ON c.id = {source['from']}"


def _case(source: dict) -> dict:
    """What is the filing's stays; a claim has its own number, state, kind and clerk."""
    copied = (
        *("city", "county", "insurance", "destination", "documents_count", "queue_rank"),
        *("received_at", "due_at", "account_id", "created_by_id", "person_id", "name", "phone"),
        *("name_hash", "id_hash", "phone_hash", "created_at", "submitted_at", "reviewed_at"),
        "touched_at",
    )
    is_open = source["open"]
    busy = f"CASE WHEN {is_open} AND n.n >= {EXTRA} THEN c.assignee_id END"
    return {
        **{column: Sql(f"c.{column}") for column in copied},
        "id": Sql(f"{CLAIMS} + n.n"),
        "public_id": Sql(_uuid()),
        "kind": "claim",
        "number": Sql(f"c.city || '002' || ({CLAIMS} + n.n)"),
        "status": Sql(source["status"]),
        "is_open": Sql(f"({is_open})"),
        "version": 5,
        "topic": "inpatient",
        "draft_key": "claim",
        "allowed_days": 20,
        "assignee_id": Sql(busy),
        "decided_at": Sql(f"CASE WHEN {is_open} THEN NULL ELSE c.submitted_at END"),
        "doubts": Sql(f"CASE WHEN {is_open} AND MOD(n.n, 3) = 0 THEN ' same_bill ' ELSE '' END"),
    }


def _days_of() -> dict:
    return {
        "admitted_on": Sql(_day("c.submitted_at", 20)),
        "discharged_on": Sql(_day("c.submitted_at", 12)),
    }


def _stay() -> dict:
    return {
        "id": Sql("c.id"),
        "person_id": Sql("c.person_id"),
        "area": Sql("c.city"),
        "insurance": Sql("c.insurance"),
        "kind": "inpatient",
        "institution_key": Sql("'示例医院' || c.id"),
        "institution_area": Sql("c.destination"),
        "nth_stay": 1,
        **_days_of(),
    }


def _claim() -> dict:
    settled = f"c.status IN {SETTLED}"
    payable = "CASE c.status WHEN 'payable' THEN 665000 WHEN 'paid' THEN 0 END"
    return {
        "case_id": Sql("c.id"),
        "person_id": Sql("c.person_id"),
        "stay_id": Sql("c.id"),
        "insured_area": Sql("c.county"),
        "area": Sql("c.city"),
        "insurance": Sql("c.insurance"),
        "reason": "not_filed",
        "kind": "inpatient",
        "institution_name": Sql("'示例医院' || c.id"),
        "institution_area": Sql("c.destination"),
        "level": "三级",
        "nth_stay": 1,
        "diagnosis": encrypt("肺炎", "reimbursements_claim.diagnosis"),
        "filing_how": "none",
        "settled_as": "unfiled",
        "bank_holder": encrypt("王秀兰示例", "reimbursements_claim.bank_holder"),
        "bank_number": encrypt(sample_card(1), "reimbursements_claim.bank_number"),
        "bank_name": encrypt("示例银行", "reimbursements_claim.bank_name"),
        "bank_tail": sample_card(1)[-4:],
        "bank_relation": "self",
        "billed_fen": 1_000_000,
        "accepted_fen": Sql(f"CASE WHEN {settled} THEN 1000000 ELSE 0 END"),
        "payable_fen": Sql(payable),
        **_days_of(),
    }


def _bill() -> dict:
    """One e-bill; it is taken as long as its claim is alive."""
    revision, _ = Revision.objects.get_or_create(
        case_id=FIRST, number=1, defaults={"closed_at": timezone.now()}
    )
    over = "c.status IN ('rejected', 'withdrawn', 'not_accepted')"
    return {
        "id": Sql("c.id"),
        "claim_id": Sql("c.id"),
        "key": "b1",
        "form": "e_bill",
        "kind": "digital",
        "number": Sql("'27' || (1000000000000000000 + c.id)"),
        "number_norm": Sql("'27' || (1000000000000000000 + c.id)"),
        "date": Sql(_day("c.submitted_at", 12)),
        "payer": encrypt("王秀兰示例", "reimbursements_bill.payer"),
        "total_fen": 1_000_000,
        "own_expense_fen": 50_000,
        "over_limit_fen": 0,
        "self_first_fen": 0,
        "in_scope_fen": 950_000,
        "alive": Sql(f"NOT ({over})"),
        "revision_id": revision.pk,
        "decision": Sql(f"CASE WHEN c.status IN {SETTLED} THEN 'accepted' ELSE 'open' END"),
    }


def _year_account() -> dict:
    return {
        "person_id": Sql("c.person_id"),
        "area": Sql("c.city"),
        "insurance": Sql("c.insurance"),
        "year": Sql(_year("c.submitted_at")),
        "data": json.dumps(empty_year(timezone.localdate().year)),
        "entry_count": 1,
    }


def _settlement() -> dict:
    """One settlement; whole for the account whose year is looked at, else without its rows."""
    policy = find_policy("150100:310")
    settled = settle_stay(policy, read_stay(STAY, policy), read_year(STAY, policy))
    mine = f"CASE WHEN c.account_id = {FIRST} THEN"
    whole, short = json.dumps(as_data(settled)), json.dumps({"deductible": "1000.00"})
    paid = sum(settled.funds.values())
    return {
        "id": Sql("c.id"),
        "stay_id": Sql("c.id"),
        "claim_id": Sql("c.id"),
        "account_id": Sql("y.id"),
        "seq": 1,
        "kind": "settled",
        "area": Sql("c.city"),
        "insurance": Sql("c.insurance"),
        "policy_place": policy.place,
        "policy_version": settled.version.name[:80],
        "policy_sha256": settled.version.sha256,
        "input": Sql(f"{mine} {_json(STAY)} ELSE {_json({})} END"),
        "output": Sql(f"{mine} {_json_text(whole)} ELSE {_json_text(short)} END"),
        "before": "{}",
        "after": "{}",
        "nth_stay": 1,
        "total_fen": settled.total,
        "in_scope_fen": settled.in_scope,
        "personal_fen": settled.personal,
        "funds": json.dumps(dict(settled.funds)),
        "paid_fen": paid,
        "paid_before_fen": 0,
        "difference_fen": paid,
        "at": Sql("c.submitted_at"),
    }


def _payment() -> dict:
    return {
        "id": Sql("c.id"),
        "claim_id": Sql("c.id"),
        "settlement_id": Sql("c.id"),
        "kind": "payment",
        "amount_fen": 665_000,
        "state": "paid",
        "made_at": Sql("c.submitted_at"),
        "done_at": Sql("c.submitted_at"),
    }


def _json(data: dict) -> str:
    return _json_text(json.dumps(data))


def _json_text(text: str) -> str:
    """A JSON constant of ours in a statement that takes parameters."""
    literal = "'" + text.replace("'", "''").replace("%", "%%") + "'"
    return f"{literal}::jsonb" if connection.vendor == "postgresql" else literal


def _day(moment: str, back: int) -> str:
    """The day so many days before a moment."""
    if connection.vendor == "postgresql":
        return f"({moment} - interval '{back} days')::date"
    return f"date({moment}, '-{back} days')"


def _year(moment: str) -> str:
    if connection.vendor == "postgresql":
        return f"extract(year FROM {moment})::int"
    return f"CAST(strftime('%%Y', {moment}) AS integer)"


def _uuid() -> str:
    if connection.vendor == "postgresql":
        return "gen_random_uuid()"
    return f"'{uuid.uuid4().hex[:12]}' || lower(hex(randomblob(10)))"
