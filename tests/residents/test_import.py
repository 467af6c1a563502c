import base64
import csv
import io
import os
from datetime import date

import pytest
from django.core.management import call_command
from openpyxl import Workbook

from residents.crypto import keyed_hash
from residents.enrolment_import import COLUMNS
from residents.models import Enrolment
from tests.residents.factories import EnrolmentFactory, id_number

pytestmark = pytest.mark.django_db

TITLES = [column.title for column in COLUMNS]
GOOD = [
    id_number(1), "张桂兰", "13800000001", "530902", "310", "退休", "正常", "2001-01-01", "",
]  # fmt: skip


def row(**changes) -> list[str]:
    values = dict(zip((column.key for column in COLUMNS), GOOD, strict=True))
    return list({**values, **changes}.values())


def write(path, *rows):
    text = io.StringIO()
    csv.writer(text).writerows([TITLES, *rows])
    path.write_text(text.getvalue(), "utf-8")
    return path


def load(path, capsys) -> tuple[int, str, list[list[str]]]:
    """Exit status, what was printed, and the report of bad rows."""
    status = 0
    try:
        call_command("import_enrolments", str(path))
    except SystemExit as stopped:
        status = stopped.code
    report = path.parent / f"{path.name}.errors.csv"
    rows = list(csv.reader(report.open(encoding="utf-8-sig"))) if report.exists() else []
    captured = capsys.readouterr()
    return status, captured.out + captured.err, rows[1:]


def test_a_good_row_is_loaded_encrypted_and_found_by_its_hashes(tmp_path, capsys):
    status, out, _ = load(write(tmp_path / "a.csv", GOOD), capsys)
    assert status == 0
    assert "新增1" in out
    loaded = Enrolment.objects.get(id_hash=keyed_hash("id", id_number(1)))
    assert (loaded.name, loaded.phone, loaded.person_group) == ("张桂兰", "13800000001", "retired")
    assert (loaded.state, loaded.from_day, loaded.to_day) == ("active", date(2001, 1, 1), None)
    assert loaded.name_hash == keyed_hash("name", "张桂兰")
    assert loaded.phone_hash == keyed_hash("phone", "13800000001")


def test_loading_again_updates_and_never_duplicates(tmp_path, capsys):
    load(write(tmp_path / "a.csv", GOOD), capsys)
    changed = row(phone="13900000002", state="暂停", name="张桂蘭")
    _, out, _ = load(write(tmp_path / "b.csv", changed), capsys)
    assert "更新1" in out
    loaded = Enrolment.objects.get()
    assert (loaded.phone, loaded.state, loaded.name) == ("13900000002", "paused", "张桂蘭")
    assert loaded.phone_hash == keyed_hash("phone", "13900000002")
    assert loaded.name_hash == keyed_hash("name", "张桂蘭")


def test_the_same_person_may_have_two_insurances_and_two_areas(tmp_path, capsys):
    rows = [GOOD, row(insurance="390"), row(insured_area="150102")]
    load(write(tmp_path / "a.csv", *rows), capsys)
    assert Enrolment.objects.count() == 3


@pytest.mark.parametrize(
    ("changes", "part"),
    [
        ({"id_number": "530902199902290016"}, "不存在"),
        ({"id_number": ""}, "缺少证件号码"),
        ({"name": "张"}, "姓名应为"),
        ({"phone": "电话同上"}, "不是电话号码"),
        ({"insured_area": "999999"}, "没有区划代码"),
        ({"insured_area": "530000"}, "参保地"),
        ({"insured_area": "530900"}, "市本级请填 530999"),
        ({"insurance": "311"}, "应为：职工、居民"),
        ({"person_group": "经理"}, "人员类别"),
        ({"state": "不明"}, "应为：正常、暂停、终止"),
        ({"from_day": "去年"}, "不是日期"),
        ({"from_day": "2023-02-29"}, "不是日期"),
        ({"to_day": "2000-01-01"}, "早于参保起"),
        ({"state": "终止"}, "须填写参保止"),
    ],
)
def test_a_bad_row_is_told_by_line_and_reason_while_the_good_ones_load(
    changes, part, tmp_path, capsys
):
    path = write(tmp_path / "a.csv", row(id_number=id_number(2)), row(**changes), GOOD)
    status, _, report = load(path, capsys)
    assert status == 1
    [(line, reason)] = report
    assert line == "3"
    assert part in reason
    assert Enrolment.objects.count() == 2


@pytest.mark.parametrize(
    ("changes", "field", "value"),
    [
        ({"insurance": "职工"}, "insurance", "310"),
        ({"insurance": "城乡居民基本医疗保险"}, "insurance", "390"),
        ({"person_group": "student"}, "person_group", "student"),
        ({"from_day": "2001/1/2"}, "from_day", date(2001, 1, 2)),
        ({"from_day": "20010102"}, "from_day", date(2001, 1, 2)),
        ({"from_day": "2001年1月2日"}, "from_day", date(2001, 1, 2)),
        ({"insured_area": "530999"}, "insured_area", "530999"),
        ({"phone": "0883-2165105"}, "phone", "0883-2165105"),
        ({"phone": ""}, "phone", None),
        ({"id_number": "11010519491231002x"}, "id_number", "11010519491231002X"),
        ({"state": "终止", "to_day": "2020-12-31"}, "to_day", date(2020, 12, 31)),
    ],
)
def test_what_officials_write_is_understood(changes, field, value, tmp_path, capsys):
    status, out, _ = load(write(tmp_path / "a.csv", row(**changes)), capsys)
    assert status == 0, out
    assert getattr(Enrolment.objects.get(), field) == value


def test_a_row_that_came_before_in_the_file_is_refused(tmp_path, capsys):
    status, _, report = load(write(tmp_path / "a.csv", GOOD, row(name="别人")), capsys)
    assert status == 1
    assert "与第2行重复" in report[0][1]
    assert Enrolment.objects.get().name == "张桂兰"


def test_a_workbook_loads_too(tmp_path, capsys):
    book = Workbook()
    book.active.append(TITLES)
    book.active.append(GOOD)
    book.save(tmp_path / "a.xlsx")
    status, out, _ = load(tmp_path / "a.xlsx", capsys)
    assert status == 0, out
    assert Enrolment.objects.count() == 1


@pytest.mark.parametrize("content", ["", "编号，姓名\n1，张三\n"])
def test_a_file_that_is_no_register_is_refused_with_a_message(content, tmp_path, capsys):
    path = tmp_path / "a.csv"
    path.write_text(content, "utf-8")
    status, out, _ = load(path, capsys)
    assert status == 2
    assert "表头" in out or "空的" in out
    assert not Enrolment.objects.exists()


def test_more_rows_than_a_batch_load_in_several(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("residents.enrolment_import.BATCH", 3)
    rows = [row(id_number=id_number(number)) for number in range(8)]
    _, out, _ = load(write(tmp_path / "a.csv", *rows), capsys)
    assert "新增8" in out
    assert Enrolment.objects.count() == 8


def test_while_hash_keys_rotate_nobody_is_enrolled_twice(tmp_path, capsys, settings):
    EnrolmentFactory(id_number=id_number(1))
    new = base64.b64encode(os.urandom(32)).decode()
    settings.HASH_KEYS = f"h2:{new},{settings.HASH_KEYS}"
    _, out, _ = load(write(tmp_path / "a.csv", GOOD), capsys)
    assert "更新1" in out
    assert Enrolment.objects.get().id_hash.startswith("h2:")
