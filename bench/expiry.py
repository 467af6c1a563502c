"""Expiry of due filings: the job of the application beside raw SQL that writes the same rows.

Both get half of the filings that end on one day, the odd and the even ones, in chunks of the
same length. The raw SQL updates case and filing, inserts the event, and the message in the
account's box and for its phone, copying texts and a hash that were made beforehand: what the
application pays for guards, chain and encryption is the difference.
"""

import statistics
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from django.db import connection, transaction
from django.utils import timezone

from bench.measuring import Cost, costing
from bench.report import Row
from bench.seed import ROUNDS, first_over
from casework.clock import SHANGHAI
from casework.events import verify_all
from casework.models import Case, Notice
from filings.jobs.expiry import CHUNK, expire_due
from filings.models import Filing
from residents.crypto import encrypt

CHECKED = 500


class ExpiryFailed(RuntimeError):
    """The job did not do what the raw SQL did."""


def rows() -> Iterator[Row]:
    """Rows per second of both, per second of CPU and per second of wall; and the ratio."""
    jobs, raws = [], []
    for number in range(ROUNDS):
        day = first_over(timezone.localdate()) + timedelta(days=number)
        due = Filing.objects.filter(live=True, in_force_until=day).order_by("pk")
        ids = list(due.values_list("pk", flat=True))
        raws.append(_raw(ids[1::2], day))
        jobs.append(_job(ids[::2], day))
    job, raw = _median(jobs), _median(raws)
    many = f"每行 a row, {sum(count for count, _ in jobs)} rows in {ROUNDS} rounds"
    yield Row(f"到期任务 expiry job, {many}", job)
    yield Row(f"到期裸 SQL raw SQL, {many}", raw)
    yield Row("到期：每秒 CPU 的行数 rows per CPU second, job : raw", **_rates(job.cpu, raw.cpu))
    wall = _rates(job.wall, raw.wall)
    yield Row("到期：每秒的行数 rows per second, job : raw", ratio=wall["ratio"], note=wall["note"])


def _rates(job: float, raw: float) -> dict:
    return {"ratio": job / raw, "at_most": 2, "note": f"{1000 / job:.0f} : {1000 / raw:.0f}"}


def _median(found: list[tuple[int, Cost]]) -> Cost:
    """Of each figure for one row; the queries are those of a thousand rows."""
    return Cost(
        round(statistics.median(cost.queries / count * 1000 for count, cost in found)),
        *(
            statistics.median(getattr(cost, part) / count for count, cost in found)
            for part in ("app", "database", "wall")
        ),
        min(cost.best / count for count, cost in found),
    )


def _moment(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(0, 5), SHANGHAI)


def _job(ids: list[int], day: date) -> tuple[int, Cost]:
    found: list[Cost] = []
    with costing(found):
        run = expire_due(_moment(day))
    expired = Case.objects.filter(pk__in=ids, status="expired")
    if run.done != len(ids) or expired.count() != len(ids):
        raise ExpiryFailed(f"{run.done} of {len(ids)}")
    broken = list(verify_all(Case.objects.filter(pk__in=ids[:CHECKED])))
    if broken:
        raise ExpiryFailed(f"chain: {broken[0]}")
    return len(ids), found[0]


def _raw(ids: list[int], day: date) -> tuple[int, Cost]:
    at = _moment(day)
    text = encrypt("您的异地就医备案已到期。" * 4, "casework_notice.text")
    spoken = encrypt("15000000000", "casework_notice.phone")
    found: list[Cost] = []
    with costing(found):
        for first in range(0, len(ids), CHUNK):
            chunk = ids[first : first + CHUNK]
            with transaction.atomic(), connection.cursor() as cursor:
                for sql, values in _statements(at, text, spoken):
                    named, list_sql = _in(chunk)
                    cursor.execute(sql.format(ids=list_sql), [*values, *named])
    return len(ids), found[0]


def _in(chunk: list[int]) -> tuple[list, str]:
    if connection.vendor == "postgresql":
        return [chunk], "= ANY(%s)"
    return chunk, f"IN ({', '.join(['%s'] * len(chunk))})"


HASH = "dev1:" + "0" * 64


def _statements(at: datetime, text: str, phone: str) -> list[tuple[str, list]]:
    """(SQL, values before the list of ids)."""
    false = "FALSE" if connection.vendor == "postgresql" else "0"
    channels = (
        (Notice.Channel.IN_SITE, "sent", "", at, None),
        (Notice.Channel.SMS, "waiting", phone, None, at),
    )
    return [
        (
            "UPDATE casework_case SET status = 'expired', version = version + 1, "
            f"is_open = {false}, touched_at = %s, event_count = event_count + 1, head_hash = %s "
            "WHERE id {ids} AND status = 'approved'",
            [at, HASH],
        ),
        (f"UPDATE filings_filing SET live = {false} WHERE case_id {{ids}}", []),
        (
            "INSERT INTO casework_caseevent (case_id, seq, at, code, from_status, to_status, "
            "actor_role, reason_code, data, hash) SELECT id, event_count, %s, 'expired', "
            "'approved', 'expired', 'system', '', '{{}}', head_hash FROM casework_case "
            "WHERE id {ids}",
            [at],
        ),
        *(
            (
                "INSERT INTO casework_notice (case_id, recipient_id, channel, template, text, "
                "phone, dedupe_key, state, attempts, error, created_at, sent_at, next_try_at) "
                "SELECT id, account_id, %s, 'filing_expired', %s, %s, "
                "id || ':' || event_count || ':filing_expired:u' || account_id || %s, %s, 0, "
                "'', %s, %s, %s FROM casework_case WHERE account_id IS NOT NULL AND id {ids}",
                [channel, text, number, f":{channel}", state, at, sent, next_try],
            )
            for channel, state, number, sent, next_try in channels
        ),
    ]
