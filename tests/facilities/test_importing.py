import csv
import tracemalloc

import pytest

from facilities.importing import Importer, Report, RowRefused
from facilities.tabular import Column, open_table
from tests.facilities.workbooks import write_shared

COLUMNS = [Column("code", "编码", True), Column("name", "名称")]


def parse(values):
    if values["name"] == "坏":
        raise RowRefused("名称不能是坏")
    return values["code"]


class Database:
    """Takes what is written; remembers only how much."""

    def __init__(self):
        self.batches = []

    def write(self, batch):
        self.batches.append(len(batch))
        return {"新增": len(batch)}


def run(tmp_path, text, *, batch=2000, told=None):
    path, database = tmp_path / "t.csv", Database()
    path.write_text(text, encoding="utf-8")
    importer = Importer(parse=parse, key_of=str, write=database.write, batch=batch)
    tell = (told if told is not None else []).append
    with open_table(path, COLUMNS) as table, Report(tmp_path / "bad.csv", tell) as report:
        return importer.run(table, report), database


def reported(tmp_path):
    with (tmp_path / "bad.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def test_good_rows_are_loaded_in_batches_and_bad_ones_reported_by_line(tmp_path):
    outcome, database = run(tmp_path, "编码,名称\n1,a\n2,坏\n3,c\n4,\n5,=x\n", batch=2)
    assert (outcome.read, outcome.refused, outcome.counts) == (5, 2, {"新增": 3})
    assert not outcome.complete
    assert database.batches == [2, 1]
    assert reported(tmp_path) == [
        ["行号", "原因"],
        ["3", "名称不能是坏"],
        ["6", "“名称”是公式，请粘贴为数值后再导入"],
    ]


def test_a_key_that_came_before_is_refused_even_in_another_batch(tmp_path):
    outcome, _ = run(tmp_path, "编码,名称\n1,a\n2,b\n1,c\n", batch=1)
    assert outcome.counts == {"新增": 2}
    assert reported(tmp_path)[1] == ["4", "与第2行重复，本行没有导入"]


def test_a_clean_import_is_complete_and_leaves_no_report(tmp_path):
    outcome, _ = run(tmp_path, "编码,名称\n1,a\n")
    assert outcome.complete
    assert not (tmp_path / "bad.csv").exists()


def test_the_terminal_is_told_the_first_bad_rows_only(tmp_path):
    told = []
    text = "编码,名称\n" + "".join(f"{n},坏\n" for n in range(50))
    outcome, _ = run(tmp_path, text, told=told)
    assert outcome.refused == 50
    assert len(told) == 21
    assert len(reported(tmp_path)) == 51


def test_what_stands_before_a_break_in_the_file_is_loaded(tmp_path):
    outcome, database = run(tmp_path, '编码,名称\n1,a\n2,"b\n' + "3,c\n" * 40_000)
    assert sum(database.batches) == 1
    assert "第3行" in outcome.broken
    assert not outcome.complete


def test_a_report_that_cannot_be_written_ends_the_import_in_words(tmp_path):
    path, database = tmp_path / "t.csv", Database()
    path.write_text("编码,名称\n1,a\n2,坏\n3,c\n", encoding="utf-8")
    importer = Importer(parse=parse, key_of=str, write=database.write)
    with (
        open_table(path, COLUMNS) as table,
        Report(tmp_path / "none" / "bad.csv", lambda line: None) as report,
    ):
        outcome = importer.run(table, report)
    assert "--report" in outcome.broken
    assert sum(database.batches) == 1


def rows(count):
    yield ["编码", "名称"]
    for number in range(count):
        yield [str(number), f"示例第{number}医院{'很长' * 20}"]


def write_csv(path, count):
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows(count))


def write_xlsx(path, count):
    write_shared(path, lambda: rows(count))


@pytest.mark.parametrize(("write_table", "many"), [(write_csv, 20_000), (write_xlsx, 8_000)])
def test_memory_does_not_grow_with_the_table(tmp_path, write_table, many):
    def peak(count):
        path, database = tmp_path / f"{count}", Database()
        write_table(path, count)
        importer = Importer(parse=parse, key_of=str, write=database.write, batch=200)
        tracemalloc.start()
        with open_table(path, COLUMNS) as table, Report(tmp_path / "bad", print) as report:
            importer.run(table, report)
        size = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert sum(database.batches) == count
        return size

    # As text alone the rows weigh about 150 bytes each, as Python objects over 500.
    assert peak(many) < peak(1_000) + 300_000
