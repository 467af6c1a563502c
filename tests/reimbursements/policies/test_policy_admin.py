"""Settlement policies at the desk: read, edited as drafts, published by a second person."""

import html
import io
import re
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

from casework.models import StaffProfile
from reimbursements.models import SettlementPolicy
from tests.casework.desk_helpers import staff_client
from tests.factories import HOHHOT, LINCANG, clerk
from tests.reimbursements.policies.changes import FILE, SHIPPED, cases, from_day

pytestmark = pytest.mark.django_db
LIST = "/admin/reimbursements/settlementpolicy/"


@pytest.fixture
def row(policies) -> SettlementPolicy:
    """The published policy of 呼和浩特 for employees."""
    return SettlementPolicy.objects.get(area=HOHHOT, insurance="310")


@pytest.fixture
def author(policies):
    return staff_client(clerk("supervisor", HOHHOT))


@pytest.fixture
def draft(author, row) -> SettlementPolicy:
    """A draft of a version of 2027, begun by `author`."""
    author.post(f"{LIST}{row.pk}/version/")
    found = SettlementPolicy.objects.get(state="draft")
    answer = author.post(f"{LIST}{found.pk}/change/", typed())
    assert answer.status_code == 302
    return SettlementPolicy.objects.get(pk=found.pk)


def typed(**changes) -> dict:
    """The form of a draft as a browser posts it: with the line ends of a form."""
    data = {"text": from_day().replace("\n", "\r\n"), "cases": cases(), "valid_to": ""}
    return {**data, **changes}


def said(answer) -> str:
    return html.unescape(re.sub(r"<[^>]+>|\s+", " ", answer.content.decode()))


# --- reading ------------------------------------------------------------------------


def test_the_list_says_what_is_an_example_and_what_is_to_be_verified(author):
    page = author.get(LIST).content.decode()
    assert "呼和浩特市" in page and "示例" in page and "待核" in page and "已发布" in page
    answer = author.get(LIST, {"area": "530900", "mark": "示例", "state": "published"})
    assert {one.area for one in answer.context["cl"].result_list} == {"530900"}
    assert author.get(LIST, {"area": "530900", "mark": "待核"}).context["cl"].result_count == 0


def test_the_page_shows_every_line_with_its_number_and_what_the_examples_give(author, row):
    answer = author.get(f"{LIST}{row.pk}/change/")
    page = said(answer)
    assert "个例子全部通过" in page and "本地三级分段" in page and "25100.00" in page
    assert "保存草稿" not in page and "以此另建新版本" in page
    last = len(SHIPPED.splitlines())
    assert f"<li><span>{last}</span>" in answer.content.decode()


def test_the_page_of_a_policy_costs_a_fixed_number_of_queries(
    author, row, draft, django_assert_max_num_queries
):
    author.get(LIST)
    with django_assert_max_num_queries(12):
        author.get(f"{LIST}{row.pk}/change/")
    with django_assert_max_num_queries(12):
        author.get(f"{LIST}{draft.pk}/change/")
    with django_assert_max_num_queries(9):
        author.get(LIST)


def test_the_export_is_byte_for_byte_what_the_loader_reads(author, row):
    answer = author.get(f"{LIST}{row.pk}/export.yaml")
    assert answer.content == FILE.read_bytes()
    assert "attachment" in answer["Content-Disposition"]


def test_the_history_leads_to_the_page_where_it_stands(author, row):
    assert author.get(f"{LIST}{row.pk}/history/").url.endswith(f"/{row.pk}/change/")


# --- editing ------------------------------------------------------------------------


def test_a_published_policy_cannot_be_edited(author, row):
    assert author.post(f"{LIST}{row.pk}/change/", typed()).status_code == 403


def test_a_draft_is_saved_with_the_line_ends_of_a_file(draft, row):
    assert draft.text == from_day() and draft.edition == 1
    assert draft.valid_from == date(2027, 1, 1)
    assert SettlementPolicy.objects.get(pk=row.pk).text == SHIPPED


def test_a_refused_text_is_said_with_its_line_in_chinese_and_kept(author, draft):
    text = from_day().replace("pays: 82%", "pays: 八成")
    answer = author.post(f"{LIST}{draft.pk}/change/", typed(text=text))
    line = next(n for n, one in enumerate(text.splitlines(), 1) if "八成" in one)
    assert answer.status_code == 422
    page = said(answer)
    assert f"第 {line} 行：" in page and f"{line}｜" in page and "百分比" in page
    assert answer.context["form"]["text"].value() == text
    assert SettlementPolicy.objects.get(pk=draft.pk).text == from_day()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"text": ""}, "请写政策文本"),
        ({"valid_to": "明年"}, "请写日期"),
        ({"valid_to": "2020-01-01"}, "早于首日 2027-01-01"),
        ({"cases": "名称,期望.起付钱\nx,1\n"}, "例子 第 1 行：不认识的期望列"),
        ({"cases": '名称,"期望'}, "例子"),
        ({"text": SHIPPED.replace('"150100"', '"530900"')}, "您只能维护本统筹区的政策"),
        ({"text": SHIPPED.replace('"310"', '"390"')}, "不能改统筹区（place）和险种"),
        ({"text": "place: [\n"}, "第 "),
    ],
)
def test_whatever_is_wrong_is_said_in_chinese_and_nothing_is_saved(author, draft, changes, words):
    answer = author.post(f"{LIST}{draft.pk}/change/", typed(**changes))
    assert answer.status_code == 422
    assert words in said(answer)
    assert SettlementPolicy.objects.get(pk=draft.pk).text == from_day()


def workbook(paid) -> bytes:
    book = Workbook()
    for line in cases(str(paid)).splitlines():
        book.active.append(line.split(","))
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def test_an_uploaded_table_joins_the_examples_or_takes_their_place(author, draft):
    upload = SimpleUploadedFile("例子.xlsx", workbook(25100))
    author.post(f"{LIST}{draft.pk}/change/", typed(table=upload))
    assert len(SettlementPolicy.objects.get(pk=draft.pk).cases.splitlines()) == 3
    upload = SimpleUploadedFile("例子.csv", cases("25100.00").encode("gb18030"))
    author.post(f"{LIST}{draft.pk}/change/", typed(table=upload, replace="on"))
    assert SettlementPolicy.objects.get(pk=draft.pk).cases == cases("25100.00")


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("例子.pdf", b"x", "只能上传 CSV 或 XLSX"),
        ("例子.xlsx", b"x", "读不出这个表格"),
        ("例子.csv", b"", "上传的文件是空的"),
        ("例子.csv", b"x" * 1_048_577, "文件超过 1 MB"),
    ],
)
def test_a_table_that_is_none_is_refused_beside_the_field(author, draft, name, data, words):
    upload = SimpleUploadedFile(name, data)
    answer = author.post(f"{LIST}{draft.pk}/change/", typed(table=upload))
    assert answer.status_code == 422 and words in said(answer)


def test_a_place_begins_its_first_policy_from_a_typed_text(author):
    county = from_day().replace('"150100"', '"150102"').replace("呼和浩特市", "呼和浩特市新城区")
    assert "保存草稿" in author.get(f"{LIST}add/").content.decode()
    answer = author.post(f"{LIST}add/", typed(text=county))
    assert answer.status_code == 302
    assert SettlementPolicy.objects.get(area="150102").state == "draft"
    answer = author.post(f"{LIST}add/", typed(text=SHIPPED.replace('"150100"', '"530900"')))
    assert answer.status_code == 422 and "您只能维护" in said(answer)


# --- publishing ---------------------------------------------------------------------


def test_it_is_published_by_a_second_person_only(author, draft):
    author.post(f"{LIST}{draft.pk}/review/")
    assert "由您编写或修改过" in said(author.get(f"{LIST}{draft.pk}/change/"))
    author.post(f"{LIST}{draft.pk}/publish/")
    assert SettlementPolicy.objects.get(pk=draft.pk).state == "in_review"
    other = staff_client(clerk("supervisor", HOHHOT))
    assert other.get(f"{LIST}{draft.pk}/publish/").status_code == 302
    assert SettlementPolicy.objects.get(pk=draft.pk).state == "in_review"
    page = said(other.get(f"{LIST}{draft.pk}/change/"))
    assert "+ - version: 示例二" in page and "与前一份的不同" in page
    other.post(f"{LIST}{draft.pk}/publish/")
    found = SettlementPolicy.objects.get(pk=draft.pk)
    assert found.state == "published" and found.published_by_id != found.created_by_id
    page = said(other.get(f"{LIST}{draft.pk}/change/"))
    assert "改为已发布" in page and "改为待发布" in page and "建立" in page


def test_a_failing_example_stands_on_the_page_and_refuses(author, draft):
    author.post(f"{LIST}{draft.pk}/change/", typed(cases=cases("25099")))
    page = said(author.get(f"{LIST}{draft.pk}/change/"))
    assert "1 个例子中有 1 个没有通过" in page
    assert "基本医保统筹基金期望 25099，算出 25100.00" in page
    answer = author.post(f"{LIST}{draft.pk}/review/", follow=True)
    assert "例子第 2 行“本地三级”没有通过" in said(answer)
    assert SettlementPolicy.objects.get(pk=draft.pk).state == "draft"


def test_a_version_under_review_goes_back_to_be_changed(author, draft):
    author.post(f"{LIST}{draft.pk}/review/")
    assert author.post(f"{LIST}{draft.pk}/change/", typed()).status_code == 403
    author.post(f"{LIST}{draft.pk}/back/")
    assert author.post(f"{LIST}{draft.pk}/change/", typed()).status_code == 302
    assert author.post(f"{LIST}{draft.pk}/burn/").status_code == 404


# --- who may ------------------------------------------------------------------------

MAY_READ = {"supervisor", "auditor"}


@pytest.mark.parametrize("role", StaffProfile.Role.values)
def test_each_role_does_what_it_does_with_rules(row, draft, role):
    client = staff_client(clerk(role, HOHHOT))
    read, write = role in MAY_READ, role == "supervisor"
    for address in ("", f"{row.pk}/change/", f"{row.pk}/export.yaml"):
        assert client.get(f"{LIST}{address}").status_code == (200 if read else 403), address
    assert client.get(f"{LIST}add/").status_code == (200 if write else 403)
    for address in (f"{row.pk}/version/", f"{draft.pk}/review/", f"{draft.pk}/back/"):
        assert client.post(f"{LIST}{address}").status_code == (302 if write else 403), address
    assert client.post(f"{LIST}{row.pk}/delete/").status_code == 403


def test_a_supervisor_of_another_city_reads_and_touches_nothing(row, draft):
    other = staff_client(clerk("supervisor", LINCANG))
    page = said(other.get(f"{LIST}{draft.pk}/change/"))
    assert "保存草稿" not in page and "对最近结算的影响" not in page
    for address in (f"{row.pk}/version/", f"{draft.pk}/review/", f"{draft.pk}/change/"):
        assert other.post(f"{LIST}{address}", typed()).status_code == 403
