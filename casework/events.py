"""The chain of events of a case: append, and verify.

Each event's hash is a keyed HMAC over its own content and the hash before it, with
the key outside the database: whoever can write rows still cannot forge them. The head
and the number of events stand on the case; a daily digest of all heads goes to a file
outside the database, so that cutting off a whole tail is seen too.
"""

import base64
import hmac
import json
from datetime import UTC
from functools import lru_cache

from django.conf import settings

from casework.models import Case, CaseEvent


@lru_cache(maxsize=4)
def _keys(setting: str) -> dict[str, bytes]:
    pairs = (part.split(":", 1) for part in setting.split(",") if part.strip())
    return {name.strip(): base64.b64decode(value) for name, value in pairs}


# The canonical form that is sealed; made once, since making it costs more than using it.
_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _payload(event: CaseEvent, previous: str) -> bytes:
    return _ENCODER.encode(
        [
            previous,
            event.case_id,
            event.seq,
            event.at.astimezone(UTC).isoformat(),
            event.code,
            event.from_status,
            event.to_status,
            event.actor_id,
            event.actor_role,
            event.reason_code,
            event.data,
        ]
    ).encode()


def seal(event: CaseEvent, previous: str, key_id: str | None = None) -> str:
    """The chained hash of an event, "key id:hex"; the newest key unless one is named.

    Raises KeyError when the named key is not configured any more.
    """
    keys = _keys(settings.EVENT_KEYS)
    key_id = key_id or next(iter(keys))
    digest = hmac.digest(keys[key_id], _payload(event, previous), "sha256")
    return f"{key_id}:{digest.hex()}"


def build_event(
    case: Case,
    *,
    at,
    code,
    from_status,
    to_status,
    actor,
    reason_code="",
    data=None,
    made=CaseEvent,
):
    """The next event of a locked case, sealed but not saved; moves the case's head.

    `made` is the model, or its `row_class` where a chunk of events is written.
    """
    event = made(
        case_id=case.pk,
        seq=case.event_count + 1,
        at=at,
        code=code,
        from_status=from_status,
        to_status=to_status,
        actor_id=actor.user.pk if actor.user else None,
        actor_role=actor.role,
        reason_code=reason_code,
        data=data or {},
    )
    event.hash = seal(event, case.head_hash)
    case.event_count = event.seq
    case.head_hash = event.hash
    return event


def verify_case(case: Case, events: list[CaseEvent]) -> str | None:
    """A sentence saying what is wrong with the chain of one case, or None when it holds."""
    previous = ""
    for expected, event in enumerate(events, start=1):
        if event.seq != expected:
            return f"第 {expected} 条事件缺失"
        try:
            if not hmac.compare_digest(event.hash, seal(event, previous, event.hash.split(":")[0])):
                return f"第 {event.seq} 条事件被改动"
        except KeyError:
            return f"第 {event.seq} 条事件所用的密钥没有配置"
        previous = event.hash
    if case.event_count != len(events):
        return f"应有 {case.event_count} 条事件，实有 {len(events)} 条"
    if case.head_hash != previous:
        return "末条事件与办件记录不符"
    if events and events[-1].to_status != case.status:
        return "办件状态与末条事件不符"
    return None


def verify_all(cases, chunk: int = 500):
    """Walk a queryset of cases; yields (number or pk, what is wrong) of each broken one."""
    batch: list[Case] = []
    for case in cases.order_by("pk").iterator(chunk_size=chunk):
        batch.append(case)
        if len(batch) == chunk:
            yield from _verify_batch(batch)
            batch = []
    yield from _verify_batch(batch)


def _verify_batch(batch):
    grouped: dict[int, list[CaseEvent]] = {case.pk: [] for case in batch}
    for event in CaseEvent.objects.filter(case_id__in=grouped).order_by("case_id", "seq"):
        grouped[event.case_id].append(event)
    for case in batch:
        if wrong := verify_case(case, grouped[case.pk]):
            yield case.number or f"#{case.pk}", wrong
