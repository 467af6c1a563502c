"""Export: what is in the file, what a spreadsheet makes of it, what is logged."""

import csv
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from casework.actors import Actor
from casework.drafts import start_draft
from casework.export import COLUMNS, PERSONAL, csv_lines, safe, xlsx_file
from casework.models import Case
from casework.perform import perform
from residents.models import AccessLog, Person
from tests.casework.desk_helpers import QUEUE, staff_client
from tests.casework.test_desk import cases  # noqa: F401 - a fixture

pytestmark = pytest.mark.django_db
EXPORT = f"{QUEUE}export/"


def download(client, query="tab=all", **data):
    answer = client.post(f"{EXPORT}?{query}", {"format": "csv", "personal": "none", **data})
    return answer, b"".join(answer).decode("utf-8")


def table(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))


def test_the_file_holds_the_rows_of_the_filter_and_of_the_area_only(cases, clerk_of):  # noqa: F811
    own, other = cases(1, insurance="310")[0], cases(1, insurance="390")[0]
    foreign = cases(1, county="530921", insurance="310")[0]
    client = staff_client(clerk_of().user)
    _, text = download(client, "tab=all&insurance=310")
    assert own.number in text and other.number not in text and foreign.number not in text


def test_no_personal_column_unless_asked_for(cases, clerk_of):  # noqa: F811
    case = cases(1)[0]
    _, text = download(staff_client(clerk_of().user))
    assert tuple(table(text)[0]) == COLUMNS
    assert case.name not in text and case.phone not in text and case.id_number not in text


def test_personal_columns_are_masked_without_a_reason(cases, clerk_of):  # noqa: F811
    case = cases(1)[0]
    _, text = download(staff_client(clerk_of().user), personal="masked")
    row = dict(zip(*table(text)[:2], strict=True))
    assert row["姓名"] == "张*例" and case.phone not in text and case.id_number not in text


def test_whole_values_need_a_reason_which_is_logged_with_count_and_filter(cases, clerk_of):  # noqa: F811
    case = cases(1)[0]
    client = staff_client(clerk_of().user)
    refused = client.post(f"{EXPORT}?tab=all", {"format": "csv", "personal": "whole"})
    assert refused.status_code == 422 and not AccessLog.objects.filter(action="exported").exists()
    _, text = download(client, personal="whole", reason="专项核查第三批")
    assert case.phone in text and f"'{case.id_number}" in text
    entry = AccessLog.objects.get(action="exported")
    assert "1 行" in entry.field and "专项核查" in entry.reason and "tab=all" in entry.reason


def test_every_export_is_logged_even_without_personal_data(cases, clerk_of):  # noqa: F811
    cases(2)
    download(staff_client(clerk_of().user))
    assert "2 行" in AccessLog.objects.get(action="exported").field


def test_the_log_holds_no_hash_of_what_was_searched(cases, clerk_of):  # noqa: F811
    case = cases(1)[0]
    download(staff_client(clerk_of().user), f"tab=all&by=phone&key={case.phone_hash}")
    assert case.phone_hash not in AccessLog.objects.get(action="exported").reason


@pytest.mark.parametrize("text", ["=1+1", "+86", "-2", "@SUM(A1)", "\tx", "\rx", "\nx"])
def test_a_text_that_a_spreadsheet_would_run_is_made_text(text):
    assert safe(text) == f"'{text}"
    line = "".join(csv_lines([(text,)], ("x",)))
    assert table(line)[1] == [f"'{text}"]
    sheet = load_workbook(xlsx_file([(text,)], ("x",))).active
    assert sheet["A2"].data_type == "s" and sheet["A2"].value.startswith("'")


def test_a_name_that_is_a_formula_does_not_run(cases, clerk_of):  # noqa: F811
    case = cases(1)[0]
    Case.objects.filter(pk=case.pk).update(name='=HYPERLINK("http://x")')
    _, text = download(staff_client(clerk_of().user), personal="whole", reason="核查公式")
    assert table(text)[1][len(COLUMNS)] == '\'=HYPERLINK("http://x")'


def test_case_numbers_keep_all_their_digits(cases, clerk_of):  # noqa: F811
    case = cases(1)[0]
    client = staff_client(clerk_of().user)
    answer, text = download(client)
    assert text.startswith("\ufeff") and table(text)[1][0] == f"'{case.number}"
    answer = client.post(f"{EXPORT}?tab=all", {"format": "xlsx", "personal": "none"})
    cell = load_workbook(io.BytesIO(b"".join(answer))).active["A2"]
    assert (cell.value, cell.data_type) == (case.number, "s")


def test_the_workbook_has_the_personal_columns_last(cases, clerk_of):  # noqa: F811
    cases(1)
    client = staff_client(clerk_of().user)
    answer = client.post(f"{EXPORT}?tab=all", {"format": "xlsx", "personal": "masked"})
    head = next(load_workbook(io.BytesIO(b"".join(answer))).active.values)
    assert head == (*COLUMNS, *PERSONAL)


def test_ten_times_the_rows_cost_the_same_queries(cases, clerk_of):  # noqa: F811
    client = staff_client(clerk_of().user)

    def cost() -> int:
        with CaptureQueriesContext(
            connection,
        ) as counted:
            download(client)
        return len(counted)

    cases(2)
    few = cost()
    cases(20)
    assert cost() == few


def test_a_get_exports_nothing_and_shows_how_many_there_are(cases, clerk_of):  # noqa: F811
    case = cases(1)[0]
    page = staff_client(clerk_of().user).get(EXPORT, {"tab": "all"}).content.decode()
    assert "<strong>1</strong> 件" in page and case.number not in page
    assert not AccessLog.objects.filter(action="exported").exists()


def test_a_format_that_is_unknown_is_refused_with_words(cases, clerk_of):  # noqa: F811
    cases(1)
    answer = staff_client(clerk_of().user).post(EXPORT, {"format": "exe"})
    assert answer.status_code == 422 and "请选择文件格式" in answer.content.decode()


def test_who_sees_no_case_exports_none(clerk_of):
    client = staff_client(clerk_of(role="sysadmin").user)
    assert client.get(EXPORT).status_code == 403
    assert client.post(EXPORT, {"format": "csv"}).status_code == 403


def test_the_queue_shows_where_to_export(cases, clerk_of):  # noqa: F811
    cases(1)
    assert "导出</a>" in staff_client(clerk_of().user).get(QUEUE).content.decode()


def test_a_draft_is_in_no_export(draft, resident, clerk_of):
    other = Person.objects.create(id_number="530902196001010022", id_kind="resident")
    kept = {"city": "530900", "county": "530902", "name": "李示例", "phone": "13800000009"}
    second = start_draft(resident, other, "toy", "b", {}, account=resident, **kept)
    case = perform(second, "submit", Actor.resident(resident))
    _, text = download(staff_client(clerk_of().user))
    assert len(table(text)) == 2 and case.number in text
