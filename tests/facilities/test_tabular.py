import csv
import datetime
import io
import zipfile

import pytest
from openpyxl import Workbook

from facilities.table_template import write_template
from facilities.tabular import BadRow, Column, Row, TableError, open_table
from tests.facilities.workbooks import write_shared

COLUMNS = [
    Column("code", "机构编码", True, example="H53090290001"),
    Column("name", "机构名称", True, example="示例医院"),
    Column("note", "备注", example="0883"),
]
HEADER = "机构编码,机构名称,备注\r\n"


def rows_of(path):
    with open_table(path, COLUMNS) as table:
        return list(table.rows())


def written(tmp_path, text, encoding="utf-8"):
    path = tmp_path / "table.csv"
    path.write_bytes(text.encode(encoding))
    return path


def workbook(tmp_path, *rows):
    book, path = Workbook(), tmp_path / "table.xlsx"
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


def rewritten(path, name, change):
    """The workbook with one part of its archive changed."""
    with zipfile.ZipFile(path) as old:
        parts = {entry: old.read(entry) for entry in old.namelist()}
    parts[name] = change(parts[name])
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as new:
        for entry, content in parts.items():
            new.writestr(entry, content)
    path.write_bytes(data.getvalue())
    return path


TWO = ["机构编码", "机构名称"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk"])
def test_a_chinese_csv_is_read_in_every_usual_encoding(tmp_path, encoding):
    path = written(tmp_path, HEADER + "H1,镇康县医院,a\r\n", encoding)
    assert rows_of(path) == [Row(2, {"code": "H1", "name": "镇康县医院", "note": "a"})]


def test_one_gb18030_name_after_many_plain_lines_is_still_read(tmp_path):
    plain = "".join(f"H{n},abc,\n" for n in range(20_000))
    rows = rows_of(written(tmp_path, HEADER + plain + "H9,䶮医院,\n", "gb18030"))
    assert rows[-1].values["name"] == "䶮医院"


def test_utf_16_is_refused_with_what_to_do(tmp_path):
    with pytest.raises(TableError, match="CSV UTF-8"):
        rows_of(written(tmp_path, HEADER, "utf-16"))


def test_bytes_of_no_encoding_are_refused(tmp_path):
    path = tmp_path / "table.csv"
    path.write_bytes(HEADER.encode() + b"H1,\xff\xff\xff,\n")
    with pytest.raises(TableError, match="编码无法识别"):
        rows_of(path)


def test_columns_may_stand_in_any_order_and_optional_ones_be_left_out(tmp_path):
    path = written(tmp_path, " 机构名称 ,ＣＯＤＥ*\n医院,H1\n")
    assert rows_of(path) == [Row(2, {"code": "H1", "name": "医院", "note": ""})]


@pytest.mark.parametrize(
    ("header", "message"),
    [
        ("机构编码,备注", "缺少列：机构名称"),
        ("机构编码,机构名称,级别", "不认识的列：级别"),
        ("机构编码,机构名称,机构编码", "重复的列：机构编码"),
        ("机构编码;机构名称;备注", "英文逗号"),
        ("机构编码\t机构名称", "英文逗号"),
        ("机构编码,,机构名称", "第2列"),
    ],
)
def test_a_wrong_header_is_named(tmp_path, header, message):
    with pytest.raises(TableError, match=message):
        rows_of(written(tmp_path, header + "\nH1,a,b\n"))


def test_lines_are_counted_as_an_editor_counts_them(tmp_path):
    path = written(tmp_path, HEADER + 'H1,"两行的\n名称",\n\n,,\nH2,b,\n')
    assert [(row.line, row.values["code"]) for row in rows_of(path)] == [(2, "H1"), (6, "H2")]


def test_a_bad_line_is_told_and_the_next_one_read(tmp_path):
    text = 'H1,"a"b,\n,b,\nH3,c,d,e\nH4,=1+1,\nH5,5.3E+17,\nH6,a\x00b,\nH7,好,\n'
    bad = rows_of(written(tmp_path, HEADER + text))
    assert [row.line for row in bad] == [2, 3, 4, 5, 6, 7, 8]
    reasons = [row.reason for row in bad if isinstance(row, BadRow)]
    for reason, expected in zip(
        reasons,
        ["英文双引号", "缺少机构编码", "4列", "是公式", "科学计数法", "控制字符"],
        strict=True,
    ):
        assert expected in reason
    assert bad[-1].values["name"] == "好"


def test_a_quote_that_never_closes_stops_the_table_but_not_what_stood_before(tmp_path):
    path = written(tmp_path, HEADER + 'H1,a,\nH2,"b,\n' + "H3,c,\n" * 30_000)
    with open_table(path, COLUMNS) as table:
        rows = table.rows()
        assert next(rows).values["code"] == "H1"
        with pytest.raises(TableError, match=r"第3行.*双引号没有配对"):
            next(rows)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "空的"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "旧版 .xls"),
        (b"PK\x03\x04 not a zip", "不是完好的"),
    ],
)
def test_files_that_are_no_table_are_refused(tmp_path, content, message):
    path = tmp_path / "table.xlsx"
    path.write_bytes(content)
    with pytest.raises(TableError, match=message):
        rows_of(path)


def test_a_missing_file_and_a_directory_are_refused(tmp_path):
    with pytest.raises(TableError, match="找不到"):
        rows_of(tmp_path / "none.csv")
    with pytest.raises(TableError, match="无法读取"):
        rows_of(tmp_path)


def test_an_xlsx_is_told_apart_by_content_and_its_cells_become_text(tmp_path):
    day = datetime.datetime(2026, 11, 22)
    path = workbook(tmp_path, [c.title for c in COLUMNS], [530902, "医院", day], [1.5, True, None])
    named_csv = path.rename(tmp_path / "table.csv")
    assert [row.values for row in rows_of(named_csv)] == [
        {"code": "530902", "name": "医院", "note": "2026-11-22"},
        {"code": "1.5", "name": "是", "note": ""},
    ]


def test_formulas_errors_and_numbers_too_long_are_refused_in_an_xlsx(tmp_path):
    path = workbook(
        tmp_path, TWO, ["H1", "=1+1"], ["H2", "#N/A"], [530902195001010015, "a"], ["H4", "好"]
    )
    rows = rows_of(path)
    assert [row.line for row in rows] == [2, 3, 4, 5]
    assert "是公式" in rows[0].reason
    assert "错误值" in rows[1].reason
    assert "超过15位" in rows[2].reason
    assert rows[3].values["name"] == "好"


def test_line_numbers_of_an_xlsx_count_the_empty_rows_it_leaves_out(tmp_path):
    book = Workbook()
    book.active.append(TWO)
    book.active["A5"], book.active["B5"] = "H1", "医院"
    book.save(tmp_path / "table.xlsx")
    assert [row.line for row in rows_of(tmp_path / "table.xlsx")] == [5]


def test_shared_strings_are_read_with_their_runs_and_without_their_readings(tmp_path):
    runs = "<r><t>县</t></r><r><t>医院</t></r><rPh><t>yi</t></rPh>"
    path = write_shared(tmp_path / "table.xlsx", lambda: [TWO, ["H1", runs], ["H2", "乙"]])
    assert [row.values["name"] for row in rows_of(path)] == ["县医院", "乙"]


def test_a_cell_that_points_to_no_shared_string_breaks_the_file_in_words(tmp_path):
    path = write_shared(tmp_path / "table.xlsx", lambda: [TWO, ["H1", "甲"]])
    rewritten(path, "xl/worksheets/sheet1.xml", lambda xml: xml.replace(b"<v>3<", b"<v>99<"))
    with pytest.raises(TableError, match="损坏"):
        rows_of(path)


def test_an_xlsx_that_breaks_in_its_middle_says_where(tmp_path):
    path = workbook(tmp_path, TWO, *(["H1", "a"] for _ in range(5000)))
    rewritten(path, "xl/worksheets/sheet1.xml", lambda xml: xml[: len(xml) // 2])
    with pytest.raises(TableError, match=r"第\d+行附近损坏"):
        rows_of(path)


def test_progress_goes_from_nothing_to_everything(tmp_path):
    text = HEADER + "".join(f"H{n},医院{n},\n" for n in range(20_000))
    with open_table(written(tmp_path, text), COLUMNS) as table:
        rows = table.rows()
        next(rows)
        assert table.progress() < 0.5
        list(rows)
        assert table.progress() == 1


@pytest.mark.parametrize("name", ["sample.csv", "sample.xlsx"])
def test_the_template_can_be_read_back(tmp_path, name):
    write_template(tmp_path / name, COLUMNS)
    [row] = rows_of(tmp_path / name)
    assert row.values == {"code": "H53090290001", "name": "示例医院", "note": "0883"}


def test_what_the_caller_raises_inside_is_not_taken_for_a_broken_file(tmp_path):
    path = workbook(tmp_path, TWO, ["H1", "a"])
    with pytest.raises(ValueError, match="own"), open_table(path, COLUMNS):
        raise ValueError("own")


def test_a_csv_saved_by_the_csv_module_round_trips(tmp_path):
    path = tmp_path / "table.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([TWO, ["H1", '有"引号",和逗号']])
    assert rows_of(path)[0].values["name"] == '有"引号",和逗号'
