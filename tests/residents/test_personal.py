import pytest

from residents.models import AccessLog
from residents.models.accesslog import AppendOnlyError
from residents.personal import (
    ReasonRequired,
    log_access,
    mask_id,
    mask_name,
    mask_phone,
    reveal,
)
from tests.residents.factories import (
    HoldingFactory,
    PersonFactory,
    ResidentFactory,
    StaffFactory,
    id_number,
)


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("张三", "张*"),
        ("张桂兰", "张*兰"),
        ("张王桂兰", "张**兰"),
        ("欧阳娜", "欧阳*"),
        ("欧阳娜娜", "欧阳*娜"),
        ("欧阳", "欧*"),
        ("阿依古丽·买买提", "阿***提"),
        ("𠮷田", "𠮷*"),
        ("Maria", "M****"),
        ("张", "张"),
        ("", ""),
        (None, ""),
    ],
)
def test_a_name_is_masked_but_recognisable(name, masked):
    assert mask_name(name) == masked


@pytest.mark.parametrize(
    ("number", "masked"),
    [
        ("11010519491231002X", "1*************002X"),
        ("CHN110108012345", "C**********2345"),
        ("12345", "*****"),
        ("", ""),
        (None, ""),
    ],
)
def test_a_masked_number_shows_neither_birth_date_nor_place(number, masked):
    assert mask_id(number) == masked


@pytest.mark.parametrize(
    ("phone", "masked"),
    [
        ("13800000001", "138****0001"),
        ("08832165105", "*******5105"),
        ("0883-2165105", "********5105"),
        ("12393", "*****"),
        (None, ""),
    ],
)
def test_a_phone_is_masked(phone, masked):
    assert mask_phone(phone) == masked


@pytest.mark.django_db
def test_revealing_gives_the_whole_value_and_writes_who_when_and_why():
    clerk, person = StaffFactory(), PersonFactory(id_number=id_number(1))
    assert reveal(clerk, person, "id_number", "电话核对身份", "YB2026001") == id_number(1)
    log = AccessLog.objects.get()
    assert (log.actor, log.action, log.case_number) == (clerk, "revealed", "YB2026001")
    assert log.field == f"residents.Person:{person.pk}:id_number"
    assert log.reason == "电话核对身份"
    assert log.at is not None


@pytest.mark.django_db
@pytest.mark.parametrize("reason", ["", "   ", "看看", None])
def test_nothing_is_revealed_without_a_reason(reason):
    with pytest.raises(ReasonRequired, match="理由"):
        reveal(StaffFactory(), PersonFactory(), "id_number", reason)
    assert not AccessLog.objects.exists()


@pytest.mark.django_db
def test_nothing_is_revealed_to_a_resident_or_to_staff_who_left():
    for actor in (ResidentFactory(), StaffFactory(is_active=False)):
        with pytest.raises(PermissionError):
            reveal(actor, PersonFactory(), "id_number", "电话核对身份")


@pytest.mark.django_db
def test_an_empty_value_is_logged_and_empty():
    assert reveal(StaffFactory(), HoldingFactory(), "phone", "电话核对身份") == ""
    assert AccessLog.objects.count() == 1


@pytest.mark.django_db
def test_an_unknown_action_is_refused():
    with pytest.raises(ValueError, match="peeped"):
        log_access(StaffFactory(), "peeped", "YB1")


@pytest.mark.django_db
def test_the_log_is_append_only():
    log = log_access(StaffFactory(), "opened", "YB1")
    log.reason = "后来改的"
    attempts = [
        log.save,
        log.delete,
        AccessLog.objects.all().delete,
        lambda: AccessLog.objects.update(reason="x"),
        lambda: AccessLog.objects.bulk_update([log], ["reason"]),
    ]
    for attempt in attempts:
        with pytest.raises(AppendOnlyError):
            attempt()
    log.refresh_from_db()
    assert log.reason == ""
