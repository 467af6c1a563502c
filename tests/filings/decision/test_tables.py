"""The golden tables hold: nothing is missing from them, and every row is what is answered."""

import pytest

from filings.decision import decide, parse_facts, shipped
from filings.decision.codes import INSURANCES, OUTCOMES
from filings.decision.facts import NAMES
from filings.decision.reasons import REASONS
from tests.filings.decision.tables import (
    ANSWER_COLUMNS,
    BY_CARE,
    CARE_COLUMNS,
    COLUMNS,
    EVERYTHING,
    NO_CARE,
    NOTHING,
    SPECIAL,
    answer_of,
    care_combinations,
    code,
    combinations,
    read,
    said,
)

KEYS = {name: key for key, name in NAMES.items()}
YES_NO = {"是": True, "否": False}


def keys_of(row, columns):
    return tuple(code(row[column]) for column in columns)


def test_the_table_has_every_combination_once():
    columns = ("参保地", "就医地", "备案类型", "险种", "承诺书", "日期情形")
    rows = [keys_of(row, columns) for row in read(EVERYTHING)]
    wanted = [(*way, *rest) for way, *rest in combinations()]
    assert sorted(rows) == sorted(wanted)


def test_the_table_of_care_has_every_combination_once():
    columns = ("参保地", "就医地", "备案类型", "就医方式")
    rows = [keys_of(row, columns) for row in read(BY_CARE)]
    wanted = [(*way, *rest) for way, *rest in care_combinations()]
    assert sorted(rows) == sorted(wanted)


@pytest.mark.parametrize(("path", "columns"), [(EVERYTHING, COLUMNS), (BY_CARE, CARE_COLUMNS)])
def test_every_row_of_a_table_holds(path, columns):
    wrong = []
    for number, row in enumerate(read(path), 2):
        assert tuple(row) == columns
        expected = {column: row[column] for column in ANSWER_COLUMNS}
        if answer_of(row) != expected:
            wrong.append(f"第{number}行：{row} 现在是 {answer_of(row)}")
    assert not wrong, "\n".join(wrong[:10])


def special_question(cell: str) -> dict:
    """The question of a cell like 参保地=530902；就医地=510100."""
    question: dict = {"insurance": "310"}
    for part in cell.split("；"):
        name, value = part.split("=")
        question[KEYS[name]] = YES_NO.get(value, value)
    if "answers" in question:
        question["answers"] = dict.fromkeys(question["answers"].split("+"), True)
    return question


@pytest.mark.parametrize("row", read(SPECIAL), ids=lambda row: row["说明"])
@pytest.mark.parametrize("insurance", INSURANCES)
def test_every_special_case_holds(row, insurance):
    question = special_question(row["问题"]) | {"insurance": insurance}
    decision = decide(parse_facts(question), shipped())
    words = said(decision)
    got = {
        "结果": words["结果"],
        "就医统筹区": decision.destination_area,
        "类型": decision.category,
        **{
            column: words[column]
            for column in ("第一天", "最后一天", "到哪天不能变更取消", "要交的材料", "报销待遇")
        },
    }
    assert got == {column: row[column] for column in got}
    reasons = {reason.code for reason in decision.reasons}
    assert set(row["理由里有"].split()) <= reasons
    assert not set(row["理由里没有"].split()) & reasons
    assert set(row["理由里没有"].split()) <= set(REASONS)


def test_the_tables_show_every_outcome():
    outcomes = {row["结果"] for row in read(EVERYTHING)}
    assert outcomes == set(OUTCOMES.values())


# What the sources say, asked of the table itself and not of the program.


def rows_where(**cells):
    found = [
        row
        for row in read(EVERYTHING)
        if all(row[column].startswith(value) for column, value in cells.items())
    ]
    assert found
    return found


def column(rows, name):
    return {row[name] for row in rows}


def test_临沧_opens_every_inter_province_filing_at_once():
    for category in ("LT-RET", "LT-RES", "LT-WRK", "TMP-REF", "TMP-OTH"):
        rows = rows_where(参保地="530902", 范围="跨省", 备案类型=category, 日期情形="没有填日期")
        assert column(rows, "结果") == {"即时开通"}


def test_临沧_gives_temporary_visitors_three_months():
    rows = rows_where(参保地="530902", 范围="跨省", 备案类型="TMP-OTH", 日期情形="没有填日期")
    assert column(rows, "最后一天") == {"2027-02-22"}


def test_no_end_is_written_where_none_was_published():
    rows = rows_where(范围="跨省", 备案类型="TMP-REF")
    assert column(rows, "最后一天") == {NOTHING}
    assert all("validity_floor" in row["理由代码"] for row in rows)


def test_in_云南_no_filing_is_needed_and_a_lower_benefit_is_never_hidden():
    rows = rows_where(参保地="530902", 范围="省内", 备案类型="TMP-OTH")
    assert column(rows, "结果") == {"不需要备案"}
    assert column(rows, "报销待遇") == {"按临时外出"}
    assert all("keep_ratio_by_referral" in row["理由代码"] for row in rows)
    long_term = rows_where(参保地="530902", 范围="省内", 备案类型="LT-")
    assert all("keep_ratio_by_filing" in row["理由代码"] for row in long_term)


def test_a_promise_never_stands_in_for_a_referral_certificate():
    rows = rows_where(范围="跨省", 备案类型="TMP-REF")
    assert column(rows, "可用承诺书") == {NOTHING}
    assert all("转诊转院证明" in row["要交的材料"] for row in rows)


def test_呼和浩特_reviews_every_inter_province_filing():
    for category in ("LT-RET", "LT-RES", "LT-WRK", "TMP-REF", "TMP-OTH"):
        rows = rows_where(参保地="150102", 范围="跨省", 备案类型=category)
        assert column(rows, "结果") == {"需要审核"}


def test_呼和浩特_locks_long_term_filings_for_six_months_and_no_others():
    rows = rows_where(参保地="150102", 范围="跨省", 备案类型="LT-", 日期情形="没有填日期")
    assert column(rows, "到哪天不能变更取消") == {"2027-05-22"}
    rows = rows_where(参保地="150102", 范围="跨省", 备案类型="TMP-OTH", 日期情形="没有填日期")
    assert column(rows, "到哪天不能变更取消") == {NOTHING}
    assert column(rows, "最后一天") == {"2027-05-22"}


def test_呼和浩特_says_what_happens_to_a_promise_that_is_not_kept():
    rows = rows_where(参保地="150102", 范围="跨省", 备案类型="LT-", 承诺书="签")
    assert all("unsupplied_downgrade" in row["理由代码"] for row in rows)
    assert column(rows, "补交截止") == {NOTHING}


def test_emergencies_in_another_province_are_deemed_filed():
    rows = rows_where(范围="跨省", 备案类型="TMP-EMG")
    assert column(rows, "结果") == {"不需要备案"}


def test_inside_a_province_that_says_nothing_a_clerk_decides():
    for place in ("150102", "510100"):
        rows = rows_where(参保地=place, 范围="省内")
        assert column(rows, "结果") == {"需要审核"}
        assert column(rows, "最后一天") == {NOTHING}
        assert all("no_rule" in row["理由代码"] for row in rows)


def test_a_filing_never_begins_after_the_admission():
    for row in read(EVERYTHING):
        if row["入院日期"] != NOTHING and row["第一天"] != NOTHING:
            assert row["第一天"] <= row["入院日期"]


def test_who_has_paid_is_told_补记账_first_and_then_手工报销():
    for row in rows_where(日期情形="已出院，自费结清"):
        reasons = row["理由代码"].split()
        if row["范围"] == "同一统筹区" or row["结果"] == "不能办理":
            continue
        first = reasons.index("supplement_account_first")
        assert reasons[first + 1] == "then_manual_claim"
        assert row["结果"] != "即时开通"


def test_京津冀_needs_no_filing_but_for_chronic_care():
    rows = [row for row in read(BY_CARE) if row["参保地"][:6] in ("130100", "110101")]
    inside = [row for row in rows if row["就医地"][:2] in ("11", "12", "13")]
    for row in inside:
        if row["范围"] == "同一统筹区" or row["备案类型"][:7] in ("TMP-EMG", "INTRA-B"):
            continue
        chronic = row["就医方式"].startswith("chronic")
        assert (row["结果"] == "不需要备案") != chronic
        assert ("disease_registration_first" in row["理由代码"]) == chronic


def test_the_kind_of_care_is_optional_and_changes_nothing_but_in_京津冀_and_for_chronic_care():
    plain = {}
    for row in read(BY_CARE):
        key = (row["参保地"], row["就医地"], row["备案类型"])
        answer = tuple(row[name] for name in ANSWER_COLUMNS[:-1])
        if row["就医方式"] == NO_CARE:
            plain[key] = answer
        elif not row["就医方式"].startswith("chronic"):
            assert answer == plain[key]
