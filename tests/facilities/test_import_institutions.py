import csv

import pytest
from django.core.management import call_command

from facilities.institution_rows import COLUMNS
from facilities.models import Institution
from tests.facilities.factories import disease, division

pytestmark = pytest.mark.django_db
HEADER = ["机构编码", "机构名称", "医院等级", "住院", "门诊慢特病"]


@pytest.fixture
def reference():
    division("530902")
    division("510104")
    disease("M03900")


@pytest.fixture
def load(tmp_path, capsys):
    def run(*rows, status=0, path=None, **options):
        file = path or tmp_path / "institutions.csv"
        if rows:
            with file.open("w", encoding="gb18030", newline="") as out:
                csv.writer(out).writerows([HEADER, *rows])
        if status:
            with pytest.raises(SystemExit) as ended:
                call_command("import_institutions", str(file), **options)
            assert ended.value.code == status
        else:
            call_command("import_institutions", str(file), **options)
        return capsys.readouterr()

    return run


A = ["H53090200001", "示例第一医院", "三甲", "是", "高血压"]
B = ["H51010400001", "示例第二医院", "二乙", "否", ""]


def test_institutions_are_loaded_and_loading_again_changes_nothing(reference, load):
    assert "新增2，更新0，未变0" in load(A, B).out
    assert "新增0，更新0，未变2" in load(A, B).out
    row = Institution.objects.get(code=A[0])
    assert row.pooling_area_id == "530900"
    assert row.initials == "sldyyy"
    assert {service.service for service in row.services.all()} == {"inpatient", "chronic"}


def test_what_differs_is_updated_services_included(reference, load):
    load(A, B)
    renamed, opened = [A[0], "示例人民医院", *A[2:]], [*B[:3], "是", ""]
    assert "新增0，更新2，未变0" in load(renamed, opened).out
    assert Institution.objects.get(code=A[0]).initials == "slrmyy"
    assert Institution.objects.get(code=B[0]).services.count() == 1
    assert "更新1，未变1" in load([*A[:3], "否", "否"], opened).out.replace("新增0，", "")


def test_bad_rows_are_reported_and_the_good_ones_loaded(reference, load, tmp_path):
    bad = ["H53090200002", "示例医院", "四级", "是", ""]
    said = load(A, bad, A, B, status=1)
    assert Institution.objects.count() == 2
    assert "第3行：医院等级“四级”" in said.err
    assert "读取4行：新增2，更新0，未变0，有问题2" in said.out
    with (tmp_path / "institutions.csv.errors.csv").open(encoding="utf-8-sig") as file:
        lines = [row[0] for row in csv.reader(file)]
    assert lines == ["行号", "3", "4"]


def test_a_missing_file_and_no_file_are_told_in_chinese(load, tmp_path):
    assert "找不到" in load(status=2, path=tmp_path / "none.csv").err
    with pytest.raises(SystemExit) as ended:
        call_command("import_institutions")
    assert ended.value.code == 2


def test_the_template_shows_every_column_and_is_never_written_over(load, tmp_path):
    path = tmp_path / "template.xlsx"
    said = load(path=path, template=True).out
    assert all(column.title in said for column in COLUMNS)
    assert "不会覆盖" in load(path=path, template=True, status=2).err


def test_the_template_can_be_loaded_as_it_is(reference, load, tmp_path):
    disease("M01600")
    path = tmp_path / "template.csv"
    load(path=path, template=True)
    assert "新增1" in load(path=path).out
    assert Institution.objects.get().demonstration


def test_queries_of_an_import_do_not_grow_with_its_rows(
    reference, load, django_assert_max_num_queries
):
    rows = [[f"H530902{n:05d}", f"示例医院{n}", "三甲", "是", "高血压"] for n in range(200)]
    load(*rows)
    with django_assert_max_num_queries(12):
        load(*rows)
