"""manage.py import_settlements: by line, twice is once, booked into the year."""

import csv
import io
from datetime import date

import pytest
from django.core.management import call_command
from openpyxl import Workbook

from reimbursements import settlement_import
from reimbursements.models import ImportedSettlement, LedgerEntry, YearAccount
from reimbursements.policy_store import policy_for
from reimbursements.settlement import as_data, read_stay, settle
from reimbursements.settlement_import import COLUMNS
from reimbursements.settling.computing import empty_year
from reimbursements.settling.years import account_of
from residents.crypto import keyed_hash
from tests.factories import LINCANG, PersonFactory, id_number
from tests.reimbursements.claims.factories import claim_of, insured, payable_claim, queued_claim

pytestmark = pytest.mark.django_db
TITLES = [column.title for column in COLUMNS]
STRANGER = id_number(sequence=77)
GOOD = {
    "area": LINCANG,
    "insurance": "390",
    "serial": "S1",
    "id_number": STRANGER,
    "kind": "住院",
    "institution_name": "示例医院",
    "admitted_on": "2026-02-20",
    "discharged_on": "2026-03-01",
    "settled_on": "2026-03-01",
    "total": "8000.00",
    "in_scope": "7000.00",
    "deductible": "1000.00",
    "fund_basic": "3900.05",
    "fund_major_illness": "100.00",
    "cash": "3999.95",
}


@pytest.fixture(autouse=True)
def now(monday):
    return monday


def row(**changes) -> list[str]:
    values = {**GOOD, **changes}
    return [values.get(column.key, "") for column in COLUMNS]


def write(path, *rows, head=TITLES, encoding="utf-8"):
    text = io.StringIO()
    csv.writer(text).writerows([head, *rows])
    path.write_text(text.getvalue(), encoding)
    return path


def load(path, capsys) -> tuple[int, str, list[list[str]]]:
    """Exit status, what was printed, and the report of bad rows."""
    status = 0
    try:
        call_command("import_settlements", str(path))
    except SystemExit as stopped:
        status = stopped.code
    report = path.parent / f"{path.name}.errors.csv"
    rows = list(csv.reader(report.open(encoding="utf-8-sig"))) if report.exists() else []
    captured = capsys.readouterr()
    return status, captured.out + captured.err, rows[1:]


def test_a_row_is_kept_in_fen_with_its_number_encrypted(tmp_path, capsys):
    status, out, _ = load(write(tmp_path / "a.csv", row()), capsys)
    assert status == 0 and "新增1" in out
    kept = ImportedSettlement.objects.get()
    assert (kept.total_fen, kept.cash_fen, kept.year) == (8000_00, 3999_95, 2026)
    assert kept.funds == {"basic": 3900_05, "major_illness": 100_00}
    assert kept.id_hash == keyed_hash("id", STRANGER)
    assert STRANGER not in out


def test_loading_twice_adds_nothing(tmp_path, capsys):
    path = write(tmp_path / "a.csv", row(), row(serial="S2"))
    load(path, capsys)
    status, out, _ = load(path, capsys)
    assert status == 0 and "已有2" in out and "新增0" in out
    assert ImportedSettlement.objects.count() == 2


def test_what_was_imported_is_never_changed(tmp_path, capsys):
    load(write(tmp_path / "a.csv", row()), capsys)
    other = write(tmp_path / "b.csv", row(total="9000.00", cash="4999.95"), row(serial="S2"))
    status, _, bad = load(other, capsys)
    assert status == 1 and bad[0][0] == "2" and "只增不改" in bad[0][1]
    kept = dict(ImportedSettlement.objects.values_list("serial", "total_fen"))
    assert kept == {"S1": 8000_00, "S2": 8000_00}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"area": "530902"}, "统筹区代码 530900"),
        ({"area": "999999"}, "参保统筹区"),
        ({"insurance": "农合"}, "险种"),
        ({"serial": ""}, "缺少结算流水号"),
        ({"id_number": "530902195803020049"}, ""),
        ({"kind": "美容"}, "就医类别"),
        ({"total": "8000.001"}, "最多两位小数"),
        ({"total": "-8000"}, "不小于 0"),
        ({"cash": "3999.96"}, "应相等"),
        ({"in_scope": "8000.01"}, "超过总费用"),
        ({"settled_on": "2026-13-01"}, "不是日期"),
        ({"settled_on": "2027-01-01"}, "还没有到"),
        ({"discharged_on": "2026-02-01"}, "早于入院"),
        ({"year": "2027"}, "晚于"),
        ({"institution": "X1"}, "医疗机构编码"),
        ({"serial": "=1+1"}, "公式"),
    ],
)
def test_a_bad_row_is_told_by_line_and_the_others_are_loaded(tmp_path, capsys, change, words):
    path = write(tmp_path / "a.csv", row(serial="OK1"), row(**change), row(serial="OK2"))
    status, _, bad = load(path, capsys)
    assert status == 1 and [line for line, _ in bad] == ["3"]
    assert words in bad[0][1] and bad[0][1]
    assert set(ImportedSettlement.objects.values_list("serial", flat=True)) == {"OK1", "OK2"}


def test_one_serial_twice_in_a_file_is_refused(tmp_path, capsys):
    status, _, bad = load(write(tmp_path / "a.csv", row(), row()), capsys)
    assert status == 1 and "与第2行重复" in bad[0][1]
    assert ImportedSettlement.objects.count() == 1


def test_wrong_columns_refuse_the_file(tmp_path, capsys):
    path = write(tmp_path / "a.csv", row(), head=["x", *TITLES[1:]])
    status, out, _ = load(path, capsys)
    assert status == 2 and "不认识的列" in out
    assert not ImportedSettlement.objects.exists()


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_csv_is_read_in_other_encodings(tmp_path, capsys, encoding):
    assert load(write(tmp_path / "a.csv", row(), encoding=encoding), capsys)[0] == 0


def test_a_workbook_and_the_template_can_be_read(tmp_path, capsys):
    book = Workbook()
    for line in (TITLES, row()):
        book.active.append(line)
    book.save(tmp_path / "a.xlsx")
    assert load(tmp_path / "a.xlsx", capsys)[0] == 0
    call_command("import_settlements", str(tmp_path / "t.xlsx"), "--template")
    assert load(tmp_path / "t.xlsx", capsys)[0] == 0
    assert ImportedSettlement.objects.count() == 2


def test_many_rows_go_in_batches_of_bounded_size(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(settlement_import, "BATCH", 100)
    sizes, inner = [], settlement_import.write_batch

    def watched(lines):
        sizes.append(len(lines))
        return inner(lines)

    monkeypatch.setattr(settlement_import, "write_batch", watched)
    rows = [row(serial=f"M{n}") for n in range(250)]
    assert load(write(tmp_path / "a.csv", *rows), capsys)[0] == 0
    assert sizes == [100, 100, 50]


# --- the year ---------------------------------------------------------------------------


def test_what_funds_paid_is_booked_into_the_year_once(tmp_path, capsys):
    person = PersonFactory(id_number=STRANGER)
    path = write(tmp_path / "a.csv", row(), row(serial="S2", kind="普通门诊"))
    load(path, capsys)
    load(path, capsys)
    year = YearAccount.objects.get(person=person)
    assert (year.area, year.insurance, year.year, year.entry_count) == (LINCANG, "390", 2026, 2)
    assert year.data["funds"] == {"basic": "7800.10", "major_illness": "200.00"}
    assert year.data["stays"] == 1
    entries = list(LedgerEntry.objects.order_by("seq"))
    assert [entry.kind for entry in entries] == ["imported"] * 2
    assert entries[1].before == entries[0].after and entries[1].after == year.data


def test_somebody_unknown_is_booked_when_their_claim_is_looked_at(tmp_path, capsys):
    load(write(tmp_path / "a.csv", row()), capsys)
    assert not LedgerEntry.objects.exists()
    holding = insured(person__id_number=STRANGER)
    queued_claim(holding)
    entry = LedgerEntry.objects.get()
    assert entry.account.person_id == holding.person_id and entry.imported.serial == "S1"


def test_the_ceiling_of_the_year_counts_what_was_settled_directly(tmp_path, capsys):
    """100,000 a year of the basic fund: 99,000 are gone."""
    holding = insured()
    number = holding.person.id_number
    spent = {"total": "99000.00", "fund_basic": "99000.00", "fund_major_illness": "", "cash": ""}
    spent |= {"in_scope": "", "deductible": "", "id_number": number}
    load(write(tmp_path / "a.csv", row(**spent)), capsys)
    settled = claim_of(payable_claim(holding)).settlements.get()
    assert settled.funds["basic"] == 1000_00
    assert settled.nth_stay == 2


# --- deductibles and what was taken back --------------------------------------------------

CHANGSHA = "430100"


def settled_directly(tmp_path, capsys, person, *rows):
    """Direct stays of a 职工 of 长沙 with these deductibles (yuan), one after another."""
    given = {"area": CHANGSHA, "insurance": "310", "id_number": person.id_number}
    made = [
        row(**given, serial=f"D{n}", deductible=taken, institution_name=f"医院{n}")
        for n, taken in enumerate(rows, start=1)
    ]
    assert load(write(tmp_path / "d.csv", *made), capsys)[0] == 0
    return YearAccount.objects.get(person=person, area=CHANGSHA)


def next_stay(account: YearAccount) -> dict:
    """What the engine makes of a further stay at a 三级 hospital at home, in this year."""
    policy = policy_for(CHANGSHA, "310", date(2026, 6, 1))
    stay = {
        "kind": "住院",
        "level": "三级",
        "place": "本地",
        "admitted_on": "2026-06-01",
        "discharged_on": "2026-06-10",
        "in_scope": "20000",
        "person_group": "在职",
    }
    return as_data(settle(policy, read_stay(stay, policy), account_of(account.data)))


@pytest.mark.parametrize(
    ("taken", "deductible"),
    [
        ((), "1100.00"),
        # From the second stay half; 2,000 a year in all (长沙 职工).
        (("1100.00",), "550.00"),
        (("1100.00", "550.00"), "350.00"),
        (("1100.00", "550.00", "350.00"), "0.00"),
    ],
)
def test_the_deductible_of_the_next_stay_counts_what_was_taken_directly(
    tmp_path, capsys, taken, deductible
):
    person = PersonFactory()
    if taken:
        account = settled_directly(tmp_path, capsys, person, *taken)
    else:
        account = YearAccount(data=empty_year(2026))
    assert next_stay(account)["deductible"] == deductible


def taking_back(serial: str, original: str = "S1", **changes) -> list[str]:
    amounts = ("total", "in_scope", "deductible", "fund_basic", "fund_major_illness", "cash")
    minus = {name: f"-{GOOD[name]}" for name in amounts}
    return row(**{**minus, "serial": serial, "reverses": original, **changes})


def test_what_was_taken_back_leaves_the_year_as_it_was(tmp_path, capsys):
    person = PersonFactory(id_number=STRANGER)
    load(write(tmp_path / "a.csv", row(serial="S0", kind="普通门诊", deductible="")), capsys)
    before = YearAccount.objects.get(person=person).data
    path = write(tmp_path / "b.csv", row(), taking_back("S1-"))
    status, out, _ = load(path, capsys)
    assert status == 0 and "新增2" in out
    year = YearAccount.objects.get(person=person)
    assert year.data == before and year.entry_count == 3
    assert [entry.kind for entry in LedgerEntry.objects.order_by("seq")] == [
        "imported",
        "imported",
        "reversed",
    ]
    kept = ImportedSettlement.objects.get(serial="S1-")
    assert (kept.total_fen, kept.reverses.serial) == (-8000_00, "S1")
    assert "已有2" in load(path, capsys)[1], "the same file again adds nothing"


def test_somebody_known_later_has_both_booked_in_their_order(tmp_path, capsys):
    load(write(tmp_path / "a.csv", row()), capsys)
    load(write(tmp_path / "b.csv", taking_back("S1-", settled_on="2026-05-01")), capsys)
    holding = insured(person__id_number=STRANGER)
    queued_claim(holding)
    year = YearAccount.objects.get(person=holding.person)
    assert year.entry_count == 2 and year.data == empty_year(2026)


def test_after_it_was_taken_back_the_right_one_is_imported_anew(tmp_path, capsys):
    person = PersonFactory(id_number=STRANGER)
    right = row(serial="S2", total="7999.00", cash="3998.95")
    load(write(tmp_path / "a.csv", row(), taking_back("S1-"), right), capsys)
    year = YearAccount.objects.get(person=person)
    assert (year.data["stays"], year.data["funds"]["basic"]) == (1, "3900.05")


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        (lambda: row(serial="N", total="-8000.00"), "冲正原流水号"),
        (lambda: taking_back("N", "UNKNOWN"), "请先导入被冲正的那一笔"),
        (lambda: taking_back("N", cash="-1.00", total="-4001.05"), "部分退费请先全部冲正"),
        (lambda: taking_back("N", total="8000.00"), "应填负数"),
        (lambda: taking_back("N", id_number=id_number(sequence=78)), "不是同一个人"),
        (lambda: taking_back("N", kind="急诊"), "就医类别"),
        (lambda: taking_back("N", settled_on="2026-02-01", discharged_on=""), "早于"),
        (lambda: taking_back("N", "S1-"), "本身是冲正"),
        (lambda: taking_back("N"), "不能冲正两次"),
    ],
)
def test_a_wrong_reversal_is_told_by_line(tmp_path, capsys, bad, words):
    load(write(tmp_path / "a.csv", row()), capsys)
    if words in ("本身是冲正", "不能冲正两次"):
        load(write(tmp_path / "c.csv", taking_back("S1-")), capsys)
    status, _, told = load(write(tmp_path / "b.csv", bad()), capsys)
    assert status == 1 and words in told[0][1], told
    assert not ImportedSettlement.objects.filter(serial="N").exists()


def test_one_taken_back_twice_in_one_file_is_refused(tmp_path, capsys):
    path = write(tmp_path / "a.csv", row(), taking_back("X1"), taking_back("X2"))
    status, _, told = load(path, capsys)
    assert status == 1 and "不能冲正两次" in told[0][1]
    assert set(ImportedSettlement.objects.values_list("serial", flat=True)) == {"S1", "X1"}


def test_a_fund_that_the_policy_has_not_stops_no_claim(tmp_path, capsys):
    holding = insured()
    number = holding.person.id_number
    other = {"fund_basic": "3900.05", "fund_major_illness": "", "fund_extra_assistance": "100.00"}
    load(write(tmp_path / "a.csv", row(**other, id_number=number)), capsys)
    assert claim_of(payable_claim(holding)).settlements.exists()
