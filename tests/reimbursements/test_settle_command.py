"""`manage.py settle` and `check_policies`: one line out for each line in, and clear refusals."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command

from reimbursements.settlement.library import POLICIES

ROOT = Path(__file__).resolve().parents[2]
GOOD = {
    "kind": "inpatient",
    "charging_level": "三级",
    "place": "same_area",
    "person_group": "退休",
    "nth_stay": 1,
    "discharged_on": "2025-03-10",
    "total": "12000.00",
    "in_scope": "11100.00",
}
CHANGSHA = "430100:310"


def run(monkeypatch, capsys, *lines, policy=CHANGSHA, **options):
    """The lines that `settle` writes, what it says on stderr, and its exit status."""
    parts = [line if isinstance(line, bytes) else _bytes(line) for line in lines]
    stdin = io.TextIOWrapper(io.BytesIO(b"\n".join(parts) + b"\n" if parts else b""))
    monkeypatch.setattr(sys, "stdin", stdin)
    status = 0
    try:
        call_command("settle", policy=policy, **options)
    except SystemExit as stopped:
        status = stopped.code
    out, err = capsys.readouterr()
    return out.splitlines(), err, status


def _bytes(line) -> bytes:
    return (line if isinstance(line, str) else json.dumps(line, ensure_ascii=False)).encode()


def test_a_settlement_is_one_line_with_every_field(monkeypatch, capsys):
    [line], _, status = run(monkeypatch, capsys, GOOD)
    result = json.loads(line)
    assert status == 0
    assert list(result) == [
        "total",
        "own_expense",
        "over_limit",
        "self_first",
        "in_scope",
        "deductible",
        "funds",
        "account",
        "cash",
        "personal",
        "rows",
        "year",
        "policy",
    ]
    assert result["own_expense"] == "900.00"
    assert result["funds"] == {"basic": "8700.00"}
    assert result["personal"] == "3300.00"
    assert list(result["policy"]) == ["place", "insurance", "version", "sha256"]
    assert result["policy"]["place"] == "430100"
    assert len(result["policy"]["sha256"]) == 64
    row = next(row for row in result["rows"] if row["code"] == "fund_band")
    assert row["text"] == "10000.00 元 × 87%（三级） = 8700.00 元。"
    assert (row["base"], row["ratio"], row["amount"]) == ("10000.00", "87%", "8700.00")
    assert row["rule"]["place"] == "长沙市"
    assert row["rule"]["version"] == "湖南统一标准"
    assert row["rule"]["source"].startswith("长沙职工医保住院报销标准")
    assert "doc_no" in row["rule"]


def test_the_year_after_one_line_is_the_year_of_the_next(monkeypatch, capsys):
    [first], _, _ = run(monkeypatch, capsys, GOOD)
    year = json.loads(first)["year"]
    assert year["stays"] == 1
    again = {**GOOD, "nth_stay": None, "year": year}
    [second], _, _ = run(monkeypatch, capsys, again)
    assert json.loads(second)["deductible"] == "550.00"
    assert json.loads(second)["year"]["deductibles"] == {"inpatient": "1650.00"}


def test_a_late_bill_of_a_settled_stay_gives_the_difference(monkeypatch, capsys):
    [first], _, _ = run(monkeypatch, capsys, GOOD)
    late = {**GOOD, "total": "13000.00", "in_scope": "12100.00", "replaces": json.loads(first)}
    [second], _, _ = run(monkeypatch, capsys, late)
    assert json.loads(second)["difference"] == {
        "funds": {"basic": "870.00"},
        "account": "0.00",
        "cash": "130.00",
        "personal": "130.00",
    }


def test_numbers_may_be_json_numbers_and_stay_exact(monkeypatch, capsys):
    as_number = json.dumps({**GOOD, "total": 0}).replace('"total": 0', '"total": 12000.10')
    [line], _, _ = run(monkeypatch, capsys, as_number)
    assert json.loads(line)["own_expense"] == "900.10"


def test_chinese_words_are_taken_for_codes(monkeypatch, capsys):
    words = {**GOOD, "kind": "住院", "place": "本地", "filing": "未备案", "charging_level": "三甲"}
    [line], _, status = run(monkeypatch, capsys, words)
    assert status == 0
    assert json.loads(line)["funds"] == {"basic": "8700.00"}


def test_lines_of_a_bill_are_split_by_class(monkeypatch, capsys):
    facts = {key: value for key, value in GOOD.items() if key not in ("total", "in_scope")}
    facts["lines"] = [
        {"name": "床位费", "class": "甲类", "amount": "10554.50"},
        {"name": "某药", "class": "乙类", "amount": "545.50", "self_first_ratio": "5%"},
        {"name": "营养餐", "class": "自费", "amount": "900"},
    ]
    [line], _, _ = run(monkeypatch, capsys, facts)
    result = json.loads(line)
    assert (result["self_first"], result["own_expense"]) == ("27.28", "900.00")
    assert result["in_scope"] == "11072.72"


def test_a_part_that_is_stated_beside_the_lines_must_agree(monkeypatch, capsys):
    facts = {key: value for key, value in GOOD.items() if key not in ("total", "in_scope")}
    facts["lines"] = [{"name": "某药", "class": "乙类", "amount": "100", "self_first_ratio": 0.1}]
    right = {**facts, "self_first": "10.00", "in_scope": "90", "total": "100"}
    _, _, status = run(monkeypatch, capsys, right)
    assert status == 0
    [line], _, status = run(monkeypatch, capsys, {**right, "self_first": "11"})
    assert json.loads(line)["error"].startswith("self_first: ")
    assert status == 1


# The changed field, its value, and the field that the error names.
BAD_FIELDS = [
    ("kind", "旅游", "kind"),
    ("kind", None, "kind"),
    ("kind", 5, "kind"),
    ("place", "成都", "place"),
    ("place", "inter_province", "place"),
    ("filing", "TMP", "filing"),
    ("charging_level", "四级", "charging_level"),
    ("charging_level", None, "charging_level"),
    ("level", ["三级"], "level"),
    ("person_group", "临时工", "person_group"),
    ("person_group", ["在职", "退休"], "person_group"),
    ("person_group", {"a": 1}, "person_group"),
    ("age", -1, "age"),
    ("age", 200, "age"),
    ("age", "六十", "age"),
    ("age", True, "age"),
    ("nth_stay", 0, "nth_stay"),
    ("nth_stay", 1.5, "nth_stay"),
    ("discharged_on", None, "discharged_on"),
    ("discharged_on", "2025-02-30", "discharged_on"),
    ("discharged_on", "20250310", "discharged_on"),
    ("discharged_on", "2022-12-31", "discharged_on"),
    ("admitted_on", "2025-03-11", "discharged_on"),
    ("settled_on", "2025-03-09", "settled_on"),
    ("total", "-1", "total"),
    ("total", "12000.005", "total"),
    ("total", "1e4", "total"),
    ("total", True, "total"),
    ("total", [], "total"),
    ("total", "11000", "total"),
    ("total", "99999999999999999", "total"),
    ("in_scope", "11100元", "in_scope"),
    ("own_expense", "901", "total"),
    ("self_first", "x", "self_first"),
    ("over_limit", "0.001", "over_limit"),
    ("account_balance", "-5", "account_balance"),
    ("tags", ["中医"], "tags"),
    ("institution", "", "institution"),
    ("year", [], None),
    ("year", "2025", "year"),
    ("year", {"fund": {}}, "year.fund"),
    ("year", {"funds": {"bascic": "1"}}, "year.funds.bascic"),
    ("year", {"funds": {"basic": "x"}}, "year.funds.basic"),
    ("year", {"funds": []}, "year.funds"),
    ("year", {"stays": "many"}, "year.stays"),
    ("year", {"year": 2024}, "year.year"),
    ("lines", [], "lines"),
    ("lines", [{"name": "药", "class": "甲类", "amount": "1"}], "total"),
    ("colour", "red", "colour"),
    ("replaces", {"funds": {"basic": "x"}}, "replaces.funds.basic"),
    ("replaces", "x", "replaces"),
]


@pytest.mark.parametrize(("field", "value", "named"), BAD_FIELDS, ids=range(len(BAD_FIELDS)))
def test_bad_input_is_one_error_that_names_the_field(monkeypatch, capsys, field, value, named):
    lines, _, status = run(monkeypatch, capsys, {**GOOD, field: value})
    if named is None:  # an empty list says that nothing was settled before
        assert status == 0
        return
    [error] = [json.loads(line) for line in lines]
    assert list(error) == ["error"]
    assert error["error"].startswith(f"{named}: ")
    assert status == 1


BAD_LINES = [
    b"",
    b"{",
    b"[]",
    b"5",
    b"null",
    b"{'kind': 1}",
    b'{"kind": NaN}',
    b'{"kind": "inpatient", "kind": "inpatient"}',
    b"\xff\xfe",
    b'{"kind": "\\ud800"}',
    b"[" * 100_000,
    b'{"a": ' * 3000,
    b'{"total": ' + b"9" * 5000 + b"}",
    "{“kind”: 1}".encode(),
]


@pytest.mark.parametrize("line", BAD_LINES, ids=range(len(BAD_LINES)))
def test_a_line_that_is_no_stay_is_an_error_and_the_next_line_is_settled(monkeypatch, capsys, line):
    lines, err, status = run(monkeypatch, capsys, line, GOOD)
    assert len(lines) == 2
    assert list(json.loads(lines[0])) == ["error"]
    assert json.loads(lines[1])["funds"] == {"basic": "8700.00"}
    assert (status, err) == (1, "")


def test_no_lines_is_no_error(monkeypatch, capsys):
    assert run(monkeypatch, capsys) == ([], "", 0)


def test_a_byte_order_mark_before_the_first_line_is_no_obstacle(monkeypatch, capsys):
    lines, _, status = run(monkeypatch, capsys, b"\xef\xbb\xbf" + _bytes(GOOD))
    assert (len(lines), status) == (1, 0)


def test_explain_prints_a_table_for_people(monkeypatch, capsys):
    lines, _, status = run(monkeypatch, capsys, GOOD, {"kind": 1}, explain=True)
    text = "\n".join(lines)
    assert status == 1
    assert "第 1 行" in lines[0]
    assert "10000.00 元 × 87%（三级） = 8700.00 元。" in text
    assert "总费用 12000.00 元 = 基本医保统筹基金 8700.00，个人账户 0.00，现金 3300.00" in text
    assert "［1］长沙市；湖南统一标准；未注明文号" in text
    assert "不能结算" in text
    assert not text.lstrip().startswith("{")


@pytest.mark.parametrize("name", ["none.yaml", "999999:310", "430100:320", "长沙", ""])
def test_a_policy_that_is_not_there_is_one_sentence(monkeypatch, capsys, name):
    lines, err, status = run(monkeypatch, capsys, GOOD, policy=name)
    assert (lines, status) == ([], 1)
    assert "政策" in err or "文件" in err
    assert "Traceback" not in err


def test_a_policy_may_lie_outside_the_tree_and_be_named_by_place(monkeypatch, capsys, tmp_path):
    copy = tmp_path / "某市.yaml"
    copy.write_bytes((POLICIES / "430100-310.yaml").read_bytes())
    inside, _, _ = run(monkeypatch, capsys, GOOD)
    outside, _, _ = run(monkeypatch, capsys, GOOD, policy=str(copy))
    named, _, _ = run(monkeypatch, capsys, GOOD, policy="长沙市:310")
    assert inside == outside == named


def test_a_refused_policy_names_its_line(monkeypatch, capsys, tmp_path):
    bad = tmp_path / "bad.yaml"
    bad.write_text("place: a\nplace_name: b\ninsurance: 5\n")
    _, err, status = run(monkeypatch, capsys, GOOD, policy=str(bad))
    assert status == 1
    assert f"{bad} 第 3 行" in err


def test_the_same_input_gives_the_same_bytes_in_another_process():
    stays = [{**GOOD, "nth_stay": n, "account_balance": "500"} for n in (1, 2, 3)]
    data = "\n".join(json.dumps(stay) for stay in stays).encode()
    outputs = set()
    for seed, locale in (("1", "C"), ("2", "C.UTF-8")):
        done = subprocess.run(
            [sys.executable, "manage.py", "settle", "--policy", CHANGSHA],
            input=data,
            capture_output=True,
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed, "LC_ALL": locale},
            check=True,
        )
        outputs.add(done.stdout)
    assert len(outputs) == 1
    assert outputs.pop().count(b"\n") == 3


def test_a_wrong_option_is_answered_with_the_usage_in_chinese():
    for command in ("settle", "check_policies"):
        done = subprocess.run(
            [sys.executable, "manage.py", command, "--nonsense"], capture_output=True, cwd=ROOT
        )
        assert done.returncode == 1
        assert done.stderr.decode().startswith("用法：")


def test_a_reader_that_goes_away_sees_no_traceback():
    stays = (json.dumps(GOOD) + "\n").encode() * 2000
    command = f"{sys.executable} manage.py settle --policy {CHANGSHA} | head -1"
    done = subprocess.run(command, input=stays, capture_output=True, cwd=ROOT, shell=True)
    assert done.stdout.count(b"\n") == 1
    assert b"Traceback" not in done.stderr
    assert b"BrokenPipe" not in done.stderr


def checked(capsys, *paths):
    status = 0
    try:
        call_command("check_policies", *[str(path) for path in paths])
    except SystemExit as stopped:
        status = stopped.code
    return capsys.readouterr().out, status


def test_check_policies_passes_what_ships(capsys):
    out, status = checked(capsys)
    assert status == 0
    assert "全部通过" in out
    assert "430100-310.yaml" in out


@pytest.fixture
def folder(tmp_path):
    for name in ("430100-310.yaml", "430100-310.cases.csv"):
        (tmp_path / name).write_bytes((POLICIES / name).read_bytes())
    return tmp_path


def test_check_policies_reports_a_golden_case_that_fails(capsys, folder):
    table = folder / "430100-310.cases.csv"
    table.write_text(table.read_text("utf-8").replace("8700.00", "8700.01"), "utf-8")
    out, status = checked(capsys, folder)
    assert status == 1
    assert "第 3 行 退休加两个百分点：funds.basic 期望 8700.01，算出 8700.00" in out


def test_check_policies_reads_a_table_saved_by_excel_in_china(capsys, folder):
    table = folder / "430100-310.cases.csv"
    table.write_bytes(table.read_text("utf-8").encode("gb18030"))
    out, status = checked(capsys, folder)
    assert (status, "9 个例子" in out) == (0, True)


BAD_TABLES = [
    ("期望.起付标准", "期望.起付钱", "不认识的期望列"),
    ("就医类别", "类别", "不认识的列名"),
    ("期望.起付标准,期望.funds.basic,期望.个人负担,期望.错误", "", "没有期望列"),
]


@pytest.mark.parametrize(("old", "new", "words"), BAD_TABLES, ids=range(len(BAD_TABLES)))
def test_check_policies_says_what_is_wrong_with_a_table(capsys, folder, old, new, words):
    table = folder / "430100-310.cases.csv"
    table.write_text(table.read_text("utf-8").replace(old, new), "utf-8")
    out, status = checked(capsys, folder)
    assert (status, words in out) == (1, True)


def test_check_policies_says_when_a_table_is_no_table(capsys, folder):
    (folder / "430100-310.more.xlsx").write_bytes(b"not a workbook")
    out, status = checked(capsys, folder)
    assert status == 1
    assert "读不出这个表格" in out


def test_check_policies_refuses_two_files_for_one_place(capsys, folder):
    (folder / "copy.yaml").write_bytes((POLICIES / "430100-310.yaml").read_bytes())
    out, status = checked(capsys, folder)
    assert (status, "应合为一个文件" in out) == (1, True)


def test_check_policies_fails_where_there_is_nothing_to_check(capsys, tmp_path):
    out, status = checked(capsys, tmp_path)
    assert (status, "共检查 0 份" in out) == (1, True)
    out, status = checked(capsys, tmp_path / "missing.yaml")
    assert (status, "读不到这个文件" in out) == (1, True)
