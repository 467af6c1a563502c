"""The chains of events: what is changed, cut off or removed is found."""

import base64
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from casework import digests
from casework.actors import Actor
from casework.models import Case, CaseEvent
from casework.perform import perform
from tests.factories import opened_filing, queued_filing

pytestmark = pytest.mark.django_db


def verify() -> str:
    out = StringIO()
    call_command("verify_events", stdout=out)
    return out.getvalue()


def broken() -> str:
    out = StringIO()
    with pytest.raises(CommandError, match="发现"):
        call_command("verify_events", stdout=out)
    return out.getvalue()


def test_untouched_chains_hold(monday):
    opened_filing(), queued_filing()
    digests.write_digest()
    assert "事件链完好，共 2 件" in verify()


@pytest.mark.parametrize(
    "change",
    [
        {"code": "rejected"},
        {"actor_role": "first"},
        {"reason_code": "other"},
        {"to_status": "rejected"},
        {"data": {"doubts": ["locked"]}},
        {"at": "2026-11-01T00:00:00+08:00"},
    ],
)
def test_a_changed_event_is_found(monday, change):
    case = queued_filing()
    CaseEvent.objects.filter(case=case, seq=2).update(**change)
    assert f"{case.number}: 第 2 条事件被改动" in broken()


def test_a_removed_event_in_the_middle_is_found(monday):
    case = queued_filing()
    CaseEvent.objects.filter(case=case, seq=1).delete()
    assert "第 1 条事件缺失" in broken()


def test_a_status_changed_without_an_event_is_found(monday):
    case = queued_filing()
    Case.objects.filter(pk=case.pk).update(status="approved")
    assert "办件状态与末条事件不符" in broken()


def cut_tail(case):
    """What somebody with write access to the database does who knows the chain."""
    last = CaseEvent.objects.filter(case=case).order_by("-seq")
    last.first().delete()
    now_last = last.first()
    Case.objects.filter(pk=case.pk).update(
        event_count=now_last.seq, head_hash=now_last.hash, status=now_last.to_status
    )


def test_a_tail_that_was_cut_off_is_found_by_the_digest_alone(monday):
    case = queued_filing()
    digests.write_digest()
    cut_tail(case)
    assert "摘要记有 2 条事件，现在只有 1 条" in broken()


def test_a_case_that_was_removed_is_found_by_the_digest(monday):
    case = queued_filing()
    digests.write_digest()
    pk = case.pk
    case.letters.all().delete()
    CaseEvent.objects.filter(case=case).delete()
    case.delete()
    assert f"#{pk}: 办件在摘要中有，在数据库中没有" in broken()


def test_a_digest_holds_only_what_moved_since_the_one_before(monday):
    quiet, busy = queued_filing(), queued_filing()
    monday.shift(timedelta(hours=2))
    digests.write_digest()
    monday.shift(timedelta(days=1))
    busy = perform(busy, "withdraw", Actor.resident(busy.account))
    digests.write_digest()
    newest = sorted(digests.folder().glob("*.txt"))[-1].read_text()
    ids = [line.split()[0] for line in newest.splitlines() if not line.startswith("#")]
    assert ids == [str(busy.pk)]
    assert quiet.pk != busy.pk
    assert "完好" in verify()


def test_a_digest_file_that_was_changed_or_removed_is_found(monday):
    queued_filing()
    for _ in range(3):
        digests.write_digest()
        monday.shift(timedelta(days=1))
    first, second, _ = sorted(digests.folder().glob("*.txt"))
    text = second.read_text()
    second.write_text(text + "999 1 x\n")
    assert "不衔接" in broken()
    second.write_text(text)
    assert "完好" in verify()
    first.unlink()
    assert "不衔接" in broken()


def test_the_chain_survives_a_new_key_and_mixes_both(monday, settings):
    case = queued_filing()
    new = base64.b64encode(b"another-event-key-32-bytes-long!").decode()
    settings.EVENT_KEYS = f"new:{new},{settings.EVENT_KEYS}"
    case = perform(case, "withdraw", Actor.resident(case.account))
    assert case.head_hash.startswith("new:")
    assert "完好" in verify()
    settings.EVENT_KEYS = f"new:{new}"
    assert "所用的密钥没有配置" in broken()


def test_events_hold_codes_and_ids_and_nothing_personal(monday):
    case = queued_filing()
    for event in CaseEvent.objects.filter(case=case):
        said = str(event.data)
        for personal in (case.name, case.person.id_number, case.phone):
            assert personal not in said
