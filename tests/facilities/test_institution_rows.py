import pytest

from facilities.diseases import DISEASES
from facilities.importing import RowRefused
from facilities.institution_rows import COLUMNS, parse

EMPTY = {column.key: "" for column in COLUMNS}
HOSPITAL = EMPTY | {"code": "H53090200001", "name": "示例医院", "level": "三级甲等"}


def read(**values):
    return parse(HOSPITAL | values)


def test_a_row_with_the_least_takes_the_rest_from_code_and_grade():
    institution = read().institution
    assert institution.division_id == "530902"
    assert institution.level == "02"
    assert institution.charging_level == "三级"
    assert institution.kind == "other"
    assert institution.valid
    assert not institution.demonstration
    assert read().services == frozenset()


def test_a_pharmacy_needs_no_grade():
    record = parse(EMPTY | {"code": "p53090200001", "name": "示例药店", "pharmacy": "是"})
    assert record.code == "P53090200001"
    assert record.institution.kind == "pharmacy"
    assert record.institution.charging_level == "未定级"
    assert record.services == {("pharmacy", "")}


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("三甲", "02"),
        ("三级甲等", "02"),
        ("02", "02"),
        ("三特", "01"),
        ("未定级", "11"),
    ],
)
def test_a_grade_is_understood_in_its_usual_spellings(text, level):
    assert read(level=text).institution.level == level


def test_services_and_diseases_are_read_by_name_or_code():
    record = read(inpatient="是", outpatient="√", chronic="高血压、M01600，透析", pharmacy="否")
    assert record.services == {
        ("inpatient", ""),
        ("outpatient", ""),
        ("chronic", "M03900"),
        ("chronic", "M01600"),
        ("chronic", "M07800"),
    }


def test_all_diseases_may_be_said_in_one_word():
    assert len(read(chronic="全部").services) == len(DISEASES) == 10


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"code": "H5309020001"}, "12位"),
        ({"code": "Z53090200001"}, "12位"),
        ({"code": "H99999900001"}, "没有区划代码“999999”"),
        ({"division": "530000"}, "多个统筹区"),
        ({"division": "510104"}, "不在同一统筹区"),
        ({"level": ""}, "医院等级无法识别"),
        ({"level": "2"}, "医院等级“2”无法识别"),
        ({"level": "四级"}, "医院等级“四级”无法识别"),
        ({"charging_level": "高"}, "起付线等级“高”"),
        ({"kind": "药店"}, "与机构编码不符"),
        ({"kind": "宠物医院"}, "机构类型“宠物医院”"),
        ({"inpatient": "也许"}, "住院“也许”请填写是或否"),
        ({"chronic": "高血压、感冒"}, "不认识的病种：感冒"),
        ({"name": "医" * 101}, "超过100字"),
        ({"name": "()"}, "没有文字"),
        ({"address": "路" * 201}, "超过200字"),
        ({"phone": "1" * 51}, "超过50字"),
    ],
)
def test_what_cannot_be_understood_is_refused_by_column(values, reason):
    with pytest.raises(RowRefused) as refused:
        read(**values)
    assert reason in str(refused.value)


def test_every_reason_is_told_at_once():
    with pytest.raises(RowRefused) as refused:
        read(level="四级", inpatient="也许", chronic="感冒")
    assert str(refused.value).count("；") == 2


def test_the_example_of_the_template_is_itself_in_order():
    record = parse({column.key: column.example for column in COLUMNS})
    assert record.institution.demonstration
