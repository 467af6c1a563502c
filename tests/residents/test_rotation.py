import base64
import os

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import call_command
from django.db import connection

from residents import holdings, rotation, staff
from residents.crypto import EncryptedTextField, KeyedHashField, keyed_hash, keyed_hashes
from residents.idnumber import parse
from residents.models import Consent, DevelopmentMessage, Enrolment, Person, User
from tests.factories import submitted_filing
from tests.residents.factories import (
    EnrolmentFactory,
    HoldingFactory,
    PersonFactory,
    ResidentFactory,
    StaffFactory,
)

pytestmark = pytest.mark.django_db


def key(key_id: str) -> str:
    return f"{key_id}:{base64.b64encode(os.urandom(32)).decode()}"


@pytest.fixture
def keys(settings):
    """Keys of before; `keys()` adds newer ones in front, as an operator would."""
    settings.FIELD_KEYS, settings.HASH_KEYS = key("f1"), key("h1")

    def renew(number: int) -> None:
        settings.FIELD_KEYS = f"{key(f'f{number}')},{settings.FIELD_KEYS}"
        settings.HASH_KEYS = f"{key(f'h{number}')},{settings.HASH_KEYS}"

    return renew


def drop_old(settings) -> None:
    """The operator takes the older keys away."""
    settings.FIELD_KEYS = settings.FIELD_KEYS.partition(",")[0]
    settings.HASH_KEYS = settings.HASH_KEYS.partition(",")[0]


def rotate(capsys, *options) -> tuple[int, str]:
    status = 0
    try:
        call_command("rotate_keys", *options)
    except SystemExit as stopped:
        status = stopped.code
    return status, capsys.readouterr().out


def stored(table: str, column: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {table} ORDER BY id")
        return [row[0] for row in cursor.fetchall()]


def test_after_rotation_everything_reads_and_is_found_under_the_new_keys_alone(
    keys, settings, capsys
):
    holding = HoldingFactory(name="张桂兰", phone="13900000009")
    EnrolmentFactory(id_number=holding.person.id_number, phone="13800000001")
    keys(2)
    assert rotate(capsys)[0] == 0
    drop_old(settings)
    again = holdings.holdings_of(User.objects.get(pk=holding.account_id)).get()
    assert (again.name, again.phone) == ("张桂兰", "13900000009")
    assert again.person.id_number == holding.person.id_number
    assert Person.objects.get(id_hash=keyed_hash("id", again.person.id_number))
    assert Enrolment.objects.get(phone_hash=keyed_hash("phone", "13800000001"))
    assert User.objects.resident_with_phone(holding.account.phone)


def test_while_it_runs_rows_of_both_keys_are_found(keys):
    older = PersonFactory()
    keys(2)
    newer = PersonFactory()
    for person in (older, newer):
        assert holdings.person_for(parse(person.id_number)) == person
    assert older.id_hash.startswith("h1:")
    assert newer.id_hash.startswith("h2:")
    assert len(keyed_hashes("id", older.id_number)) == 2


def test_an_enrolment_under_the_old_key_belongs_to_a_person_under_the_new(keys):
    enrolment = EnrolmentFactory()
    keys(2)
    person = PersonFactory(id_number=enrolment.id_number)
    assert holdings.enrolments_for(person, enrolment.from_day) == [enrolment]


def test_a_second_run_changes_nothing(keys, capsys):
    HoldingFactory()
    keys(2)
    rotate(capsys)
    before = stored("residents_holding", "name")
    status, out = rotate(capsys)
    assert status == 0
    assert "全部在最新密钥下" in out
    assert stored("residents_holding", "name") == before


def test_a_run_that_was_broken_off_is_taken_up_where_it_stopped(keys, monkeypatch, capsys):
    PersonFactory.create_batch(5)
    keys(2)
    monkeypatch.setattr(rotation, "CHUNK", 2)

    def stop(progress):
        raise KeyboardInterrupt

    plan = next(plan for plan in rotation.plans() if plan.model is Person)
    with pytest.raises(KeyboardInterrupt):
        rotation.rotate(plan, stop)
    hashes = stored("residents_person", "id_hash")
    assert [value[:3] for value in hashes] == ["h2:", "h2:", "h1:", "h1:", "h1:"]
    assert rotation.rotate(plan, lambda progress: None).moved == 3
    assert {value[:3] for value in stored("residents_person", "id_hash")} == {"h2:"}


def test_the_check_counts_and_changes_nothing(keys, capsys):
    PersonFactory.create_batch(3)
    keys(2)
    before = stored("residents_person", "id_number")
    status, out = rotate(capsys, "--check")
    assert status == 1
    assert "residents_person：3 行，待换 3 行" in out
    assert "请勿停用旧密钥" in out
    assert stored("residents_person", "id_number") == before


def test_only_the_columns_under_an_old_key_are_written(keys, settings, capsys):
    PersonFactory()
    settings.HASH_KEYS = f"{key('h2')},{settings.HASH_KEYS}"
    cipher = stored("residents_person", "id_number")
    rotate(capsys)
    assert stored("residents_person", "id_number") == cipher
    assert stored("residents_person", "id_hash")[0].startswith("h2:")


def test_a_change_of_cipher_rotates_too(keys, settings, capsys):
    PersonFactory()
    settings.FIELD_CIPHER = "SM4-GCM"
    rotate(capsys)
    assert stored("residents_person", "id_number")[0].startswith("sm4:f1:")


def test_append_only_tables_and_empty_columns_rotate_as_well(keys, settings, capsys):
    account = ResidentFactory(phone=None)
    Consent.objects.create(account=account, kind="proxy", text="x", signature="张桂兰")
    DevelopmentMessage.objects.create(phone="13800000001", text="验证码 123456")
    keys(2)
    assert rotate(capsys)[0] == 0
    drop_old(settings)
    assert Consent.objects.get().signature == "张桂兰"
    assert DevelopmentMessage.objects.get().text == "验证码 123456"
    assert User.objects.get(pk=account.pk).phone is None


def test_the_second_factor_of_staff_rotates(keys, settings, capsys):
    user = StaffFactory()
    secret = staff.enrol_totp(user)
    keys(2)
    rotate(capsys)
    drop_old(settings)
    device = Authenticator.objects.get(user=user)
    assert device.data["secret"].startswith("aes:f2:")
    assert staff.current_totp(user) is not None
    assert secret not in device.data["secret"]


def test_a_row_that_no_key_reads_is_named_and_the_rest_goes_on(keys, settings, capsys):
    lost = PersonFactory()
    settings.FIELD_KEYS = key("f2")
    good = PersonFactory()
    settings.FIELD_KEYS = f"{key('f3')},{settings.FIELD_KEYS}"
    status, _ = rotate(capsys)
    assert status == 1
    ciphers = dict(Person.objects.order_by("pk").values_list("pk", "id_hash"))
    assert set(ciphers) == {lost.pk, good.pk}
    assert [value[:7] for value in stored("residents_person", "id_number")] == [
        "aes:f1:",
        "aes:f3:",
    ]


def test_two_rows_that_would_become_one_are_named_and_kept(keys, capsys):
    person = PersonFactory()
    keys(2)
    PersonFactory(id_number=person.id_number)  # as a race during rotation could leave it
    status, _ = rotate(capsys)
    assert status == 1
    assert sorted(value[:3] for value in stored("residents_person", "id_hash")) == ["h1:", "h2:"]


def test_every_encrypted_column_of_every_app_is_in_a_plan():
    planned = {plan.model for plan in rotation.plans()}
    for model in (User, Person, Enrolment, Consent, DevelopmentMessage):
        assert model in planned
    for plan in rotation.plans():
        for column in plan.model._meta.local_concrete_fields:
            if isinstance(column, EncryptedTextField):
                assert column in plan.encrypted
            if isinstance(column, KeyedHashField) and column.rotate_from:
                assert column in plan.hashed


def test_a_hash_without_its_text_is_named_with_its_rows_while_there_are_any(keys, capsys):
    filing = submitted_filing().filing
    keys(2)
    assert "proxy_hash" not in rotate(capsys)[1]
    filing.proxy_hash = f"h1:{'x' * 43}"
    type(filing).objects.filter(pk=filing.pk).update(proxy_hash=filing.proxy_hash)
    assert "filings_filing.proxy_hash：有 1 行没有保存原文" in rotate(capsys)[1]
