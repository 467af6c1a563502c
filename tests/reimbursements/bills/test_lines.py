"""Lists of lines: any spreadsheet of a hospital, every bad line named, nothing by halves."""

from decimal import Decimal
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from reimbursements.bills import lines as module
from reimbursements.bills.lines import MAX_LINES, MAX_PROBLEMS, read_lines
from reimbursements.bills.linevalues import CLASSES, BadValue, read_class, read_fen
from reimbursements.settlement import read_bill
from reimbursements.settlement.bill import NATIONAL_CLASSES

HEAD = "收费项目,甲/乙/丙,数量,单价,总金额,先行自付比例,执行科室"
TABLE = f"{HEAD}\n阿莫西林胶囊,甲,2,6.25,12.50,,药房\n磁共振平扫,乙类,1,545.50,545.50,5%,\n"


def workbook(rows: list[list]) -> bytes:
    book, out = Workbook(), BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(out)
    return out.getvalue()


def problems(text: str) -> list[str]:
    """The problems of a CSV text, which then has no lines."""
    read = read_lines(text.encode())
    assert read.lines == () and read.problems
    return [str(problem) for problem in read.problems]


def test_a_list_of_a_hospital_is_read():
    read = read_lines(TABLE.encode(), "清单.csv")
    assert read.problems == () and read.total == 55800
    first, second = read.lines
    assert (first.line, first.name, first.cls) == (2, "阿莫西林胶囊", "甲类")
    assert (first.quantity, first.unit_price) == (Decimal("2"), Decimal("6.25"))
    assert (second.cls, second.amount, second.ratio) == ("乙类", 54550, 500)
    assert second.as_answer() == {
        "name": "磁共振平扫",
        "class": "乙类",
        "amount": "545.50",
        "self_first_ratio": "5%",
    }


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_every_encoding_of_a_spreadsheet_is_read(encoding):
    assert read_lines(TABLE.encode(encoding)) == read_lines(TABLE.encode())


def test_a_workbook_is_read_like_a_text():
    rows = [line.split(",") for line in TABLE.splitlines()]
    assert read_lines(workbook(rows)) == read_lines(TABLE.encode())


def test_numbers_of_a_workbook_are_exact():
    read = read_lines(workbook([["项目名称", "金额", "自付比例"], ["药", 0.1 + 0.2, 0.1]]))
    assert [(line.amount, line.ratio) for line in read.lines] == [(30, 1000)]


def test_what_binary_added_to_an_amount_is_lost_and_nothing_else():
    assert read_fen("30.299999999999997") == read_fen("30.300000000000001") == 3030
    for text in ("30.295", "30.2999"):
        with pytest.raises(BadValue, match="两位小数"):
            read_fen(text)


def test_totals_are_checked_and_are_no_lines():
    good = f"{TABLE}小计,,,,558.00,,\n合 计,,,,558.00,,\n"
    assert read_lines(good.encode()) == read_lines(TABLE.encode())
    (told,) = problems(f"{TABLE}合计,,,,560.00,,\n")
    assert told.startswith("第4行") and "560.00" in told and "558.00" in told and "2.00元" in told


def test_every_bad_line_is_named_and_no_line_is_taken():
    told = problems(
        "项目名称,类别,金额,自付比例\n好的,甲,1.00,\n=SUM(A1),甲,3,\n@SUM(1),甲,3,\n药,西药费,3,\n"
        "药,乙,-3,\n药,乙,3.333,10\n,甲,1,\n药,乙,,\n"
    )
    assert [text[:3] for text in told] == [f"第{n}行" for n in (3, 4, 5, 6, 7, 8, 9)]
    words = ["公式", "像是公式", "西药费", "退费", "两位小数", "缺少项目名称", "缺少金额"]
    assert all(word in text for word, text in zip(words, told, strict=True))
    assert "10%" in told[4]
    assert all(text.endswith("。") for text in told)


def test_a_formula_in_a_workbook_is_refused_and_not_worked_out():
    read = read_lines(workbook([["项目名称", "金额"], ["药", "=1+1"]]))
    assert read.lines == () and "公式" in str(read.problems[0])


def test_a_formula_in_a_column_that_nobody_reads_does_not_matter():
    read = read_lines(workbook([["项目名称", "金额", "备注"], ["药", 1, "=1+1"]]))
    assert [line.amount for line in read.lines] == [100]


def test_a_class_of_the_place_is_taken_and_another_needs_its_ratio():
    text = "项目名称,类别,金额,自付比例\n支架,人工器官,100,\n"
    assert "人工器官" in problems(text)[0]
    (line,) = read_lines(text.encode(), classes=["人工器官"]).lines
    assert line.cls == "人工器官"
    (line,) = read_lines(text.replace("100,", "100,30%").encode()).lines
    assert (line.cls, line.ratio) == ("人工器官", 3000)


def test_a_class_that_a_spreadsheet_would_work_out_is_refused_even_with_a_ratio():
    assert "认不出" in problems("项目名称,类别,金额,自付比例\n药,@SUM(1),100,30%\n")[0]


def test_the_national_classes_are_those_of_the_engine():
    assert set(CLASSES) - {""} == set(NATIONAL_CLASSES)


@pytest.mark.parametrize(
    ("typed", "cls"),
    [("甲", "甲类"), ("乙 类", "乙类"), ("丙类", "丙类"), ("全自费", "自费"), ("—", ""), ("", "")],
)
def test_words_of_a_class(typed, cls):
    assert read_class(typed) == cls


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("名称,数量\n药,1\n", "缺少列：金额"),
        ("项目名称,项目,金额\n药,药,1\n", "重复的列：项目名称"),
        ("项目名称;金额\n药;1\n", "英文逗号"),
        ('项目名称,金额\n药,1\n"药,2\n', "第3行：从这一行起英文双引号没有配对"),
        ("项目名称,金额\n", "没有明细"),
        ("项目名称,金额\n药,1,2,3\n", "多余的逗号"),
    ],
)
def test_a_table_that_does_not_fit_says_what_to_do(text, word):
    told = problems(text)
    assert len(told) == 1 and word in told[0]
    assert "之前的行已经处理" not in told[0]


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"", "空的"),
        (b" \n ", "空的"),
        ("项目名称,金额\n药,1\n".encode("utf-16"), "UTF-16"),
        (b"PK\x03\x04rest", "损坏"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "xls"),
        (b"\xff\x00\x81", "编码"),
    ],
)
def test_a_file_that_is_no_table_says_what_to_do(data, word):
    read = read_lines(data, "清单.xlsx")
    assert read.lines == () and word in str(read.problems[0])


def test_too_large_a_file_is_not_opened(monkeypatch):
    monkeypatch.setattr(module, "MAX_BYTES", 10)
    assert "MB" in str(read_lines(b"x" * 11).problems[0])


def test_a_zip_that_says_it_is_huge_is_not_opened(monkeypatch):
    monkeypatch.setattr(module, "MAX_UNPACKED", 100)
    assert "损坏" in str(read_lines(workbook([["项目名称", "金额"], ["药", 1]])).problems[0])


def test_too_many_lines_are_told_and_none_is_taken():
    many = ("项目名称,金额\n" + "药,1\n" * (MAX_LINES + 1)).encode()
    read = read_lines(many)
    assert read.lines == () and f"超过 {MAX_LINES} 行" in str(read.problems[0])
    assert len(read_lines(many, most=MAX_LINES + 1).lines) == MAX_LINES + 1


def test_no_more_lines_are_taken_than_can_be_settled_at_once():
    assert MAX_LINES == read_bill.MAX_LINES


def test_a_flood_of_problems_is_counted_rather_than_listed():
    read = read_lines(("项目名称,金额\n" + "药,x\n" * (MAX_PROBLEMS + 7)).encode())
    assert (len(read.problems), read.unlisted) == (MAX_PROBLEMS, 7)


@given(st.integers(0, 10**10))
def test_an_amount_written_with_two_decimals_is_its_fen(fen):
    assert read_fen(f"{fen // 100}.{fen % 100:02d}") == fen
    assert read_fen(f"¥{fen // 100:,}.{fen % 100:02d}元") == fen


@given(st.text())
def test_any_text_is_an_amount_or_refused(text):
    try:
        assert read_fen(text) >= 0
    except BadValue as error:
        assert str(error).endswith("。")


@settings(max_examples=40)
@given(st.binary(max_size=300))
def test_any_bytes_are_lines_or_problems(data):
    for start in (b"", b"PK\x03\x04", "项目名称,金额\n".encode()):
        read = read_lines(start + data)
        assert bool(read.lines) != bool(read.problems)
