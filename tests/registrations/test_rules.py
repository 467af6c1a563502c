"""The rule files: strict, each refusal with its file and line; what ships is complete."""

from datetime import date
from pathlib import Path

import pytest

from casework.errors import FileRefused
from registrations.decision import shipped
from registrations.decision.codes import DISEASES, SOURCES
from registrations.decision.rulebook import load

ROOT = Path(__file__).resolve().parents[2]
DAY = date(2026, 11, 23)
GOOD = """\
place: "530900"
name: 临沧市
common:
  insurances: ["310"]
  valid_from: 2026-01-01
  conditions: 医生已确诊。
  bring: 检查报告。
  documents: [[diagnosis_certificate], [discharge_summary, medical_record]]
  validity_months: 12
  first_day: submitted
  renewal_days: 30
  statutory_days: 20
  promised_days: 10
  sources: [example]
  mark: example
  note: ""
diseases:
  - disease: M03900
  - disease: M01600
    validity_months: null
"""


def write(folder: Path, text: str, name="x.yaml") -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_a_good_file_is_read_and_common_values_are_overridden(tmp_path):
    book = load(write(tmp_path, GOOD))
    assert book.find("530902", "M03900", DAY).validity_months == 12
    assert book.find("530902", "M01600", DAY).validity_months is None
    assert book.find("530902", "M01600", date(2025, 12, 31)) is None


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ('  note: ""', '  note: ""\n  colour: red', 17, "colour：不认识的键"),
        ("  - disease: M01600", "  - disease: M99999", 19, "不认识的代码 'M99999'"),
        ("  - disease: M01600", "  - disease: M03900", 19, "M03900 写了两次"),
        ("validity_months: 12", "validity_months: 0", 9, "应为 1 到 600 的整数"),
        ("validity_months: null", "validity_months: 长期", 20, "没有的写 null"),
        ("statutory_days: 20", "statutory_days: true", 12, "应为 1 到 60 的整数"),
        ("promised_days: 10", "promised_days: 21", 13, "不能超过法定的 20 个工作日"),
        ("[[diagnosis_certificate],", "[[diagnosis],", 8, "不认识的代码 'diagnosis'"),
        ("medical_record]]", "diagnosis_certificate]]", 8, "不能在两组里"),
        ('insurances: ["310"]', "insurances: []", 4, "应为列表，至少写一个"),
        ("valid_from: 2026-01-01", "valid_from: 明年", 5, "这样的日期"),
        ("first_day: submitted", "first_day: soon", 10, "可用的是 submitted、decided"),
        ("sources: [example]", "sources: [hearsay]", 14, "不认识的代码 'hearsay'"),
        ("name: 临沧市", "name: 昆明市", 2, "530900 应为 临沧市"),
        ('place: "530900"', "place: 530900", 1, "带引号的6位区划代码"),
        ("  bring: 检查报告。\n", "", 17, "bring：缺少这一项"),
    ],
)
def test_a_slip_is_refused_with_its_file_and_line(tmp_path, old, new, line, words):
    assert old in GOOD
    with pytest.raises(FileRefused) as refusal:
        load(write(tmp_path, GOOD.replace(old, new, 1)))
    assert (refusal.value.line, refusal.value.path.name) == (line, "x.yaml")
    assert words in str(refusal.value)


def test_a_notice_has_five_sentences_and_nothing_unknown(tmp_path):
    notice = "notice:\n  valid_from: 2026-01-01\n  title: 告知书\n  first: [一]\n"
    notice += "  body: 内容\n  sources: [example]\n  mark: example\n"
    with pytest.raises(FileRefused, match="正好有 5 句"):
        load(write(tmp_path, GOOD + notice))


def test_two_files_of_one_place_and_an_empty_folder_are_refused(tmp_path):
    with pytest.raises(FileRefused, match=r"没有 \.yaml 规则文件"):
        load(tmp_path)
    write(tmp_path, GOOD)
    with pytest.raises(FileRefused, match="另一个文件里已有"):
        load(write(tmp_path, GOOD, "y.yaml"))


@pytest.mark.parametrize("area", ["530902", "150102", "510104", "110101"])
def test_every_place_has_the_ten_diseases_and_a_notice(area):
    book = shipped()
    assert [rule.disease for rule in book.listed(area, DAY)] == list(DISEASES)
    assert book.notice_for(area, DAY) is not None


def test_the_rules_of_a_place_come_before_those_of_the_nation():
    book = shipped()
    assert book.find("530902", "M00200", DAY).place == "530900"
    assert book.find("510104", "M00200", DAY).is_national


def test_no_number_that_ships_claims_an_official_source():
    for rule in shipped().rules:
        assert rule.mark in ("example", "to_verify"), rule.key
    for text in shipped().texts:
        assert text.mark in ("example", "to_verify")


def test_the_sources_are_those_of_the_documents():
    page = (ROOT / "docs" / "sources.md").read_text(encoding="utf-8")
    assert [code for code in SOURCES if f"`{code}`" not in page] == []


def test_the_hash_of_a_notice_changes_with_its_words():
    texts = shipped().texts
    assert len({text.sha256 for text in texts}) == len(texts)
