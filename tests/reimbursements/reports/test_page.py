"""The report: whose figures, how they are asked for, what the page and the workbook say."""

from datetime import date, timedelta
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from casework.models import Reason
from reimbursements.admin.reports import bar, unit_for
from reimbursements.models import ClaimStat
from reimbursements.reports import asking, figures, measures
from reimbursements.reports.figures import ELSEWHERE, Line, merged, rank
from reimbursements.reports.job import roll_up_claims
from reimbursements.reports.tables import share
from residents.models import AccessLog
from tests.casework.desk_helpers import QUEUE, staff_client
from tests.factories import CHENGDU, HOHHOT, LINCANG, LINXIANG, clerk
from tests.reimbursements.desk.helpers import desk_of
from tests.reimbursements.reports.making import BEIJING, YUNXIAN

pytestmark = pytest.mark.django_db
PAGE = f"{QUEUE}claim-reports/"
LIMIT = 12


@pytest.fixture(autouse=True)
def now(monday):
    return monday


def stat(measure: str, part: str = "", *, month: str = "2026-11", **values) -> ClaimStat:
    """One figure of a month, of 临翔 and 成都 where nothing else is said."""
    place = {"city": LINCANG, "county": LINXIANG, "destination": CHENGDU}
    what = {"insurance": "390", "kind": "inpatient", "measure": measure, "part": part}
    return ClaimStat.objects.create(span="month", day=f"{month}-01", **{**place, **what, **values})


def claims(count: int = 3, fen: int = 1_234_567, **values) -> None:
    """So many claims over so much, of which the basic fund pays 1,000 yuan."""
    stat(measures.CLAIMS, count=count, **values)
    stat(measures.STAYS, count=count, **values)
    stat(measures.CLAIMED, fen=fen, **values)
    stat(measures.FUND, "basic", fen=100_000, **values)


def text_of(client, **query) -> str:
    return client.get(PAGE, query).content.decode()


def head_of(area: str = LINCANG):
    return staff_client(clerk("supervisor", area))


# --- who sees what ----------------------------------------------------------------------


@pytest.mark.parametrize("role", ["supervisor", "auditor", "finance"])
def test_supervisors_auditors_and_finance_see_it_and_find_it_from_the_queue(role):
    _, client = desk_of(role)
    assert client.get(PAGE).status_code == 200
    assert PAGE in client.get(QUEUE).content.decode()


@pytest.mark.parametrize("role", ["first", "second", "approval", "sysadmin"])
def test_nobody_else_does(role):
    _, client = desk_of(role)
    assert client.get(PAGE).status_code == 403
    assert client.post(f"{PAGE}export/").status_code == 403


def test_a_city_sees_its_counties_and_no_other_city():
    claims(fen=1_234_567)
    claims(fen=7_654_321, county=YUNXIAN)
    page = text_of(head_of())
    assert "88,888.88" in page and "云县" in page
    other = text_of(head_of(HOHHOT))
    assert "88,888.88" not in other and "还没有报销数据" in other


def test_a_county_sees_itself_alone_and_chooses_no_other():
    claims(fen=1_234_567)
    claims(fen=7_654_321, county=YUNXIAN)
    client = head_of(LINXIANG)
    page = text_of(client, county=YUNXIAN)
    assert "12,345.67" in page and "76,543.21" not in page
    assert 'name="county"' not in page.split("report-export")[0]


# --- what is asked ----------------------------------------------------------------------


def test_insurance_place_and_months_narrow_the_figures():
    claims(fen=100_000)
    claims(fen=200_000, insurance="310")
    claims(fen=400_000, destination=BEIJING)
    claims(fen=800_000, month="2026-01")
    client = head_of()
    assert "15,000.00" in text_of(client)
    assert "2,000.00" in text_of(client, insurance="310")
    assert "4,000.00" in text_of(client, province=BEIJING)
    assert "8,000.00" in text_of(client, first="2026-01", last="2026-01")
    assert "还没有报销数据" in text_of(client, first="2025-01", last="2025-02")


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"first": "2026-13"}, "不是月份"),
        ({"last": "十一月"}, "不是月份"),
        ({"first": "2026-05", "last": "2026-03"}, "不早于开始月份"),
        ({"first": "2020-01", "last": "2026-03"}, "最多看 36 个月"),
    ],
)
def test_a_period_that_is_none_says_so_at_the_field_and_keeps_what_was_typed(query, said):
    answer = head_of().get(PAGE, query)
    page = answer.content.decode()
    assert answer.status_code == 422 and said in page
    assert all(f'value="{text}"' in page for text in query.values())


@pytest.mark.parametrize("text", ["2026-03", "2026/3", "202603", "2026年3月", "２０２６－０３"])
def test_a_month_is_read_as_people_write_it(text):
    choices = asking.choices_for("county", LINXIANG)
    asked = asking.read({"first": text}, choices, date(2026, 11, 3))
    assert asked.first == date(2026, 3, 1) and not asked.errors


def test_a_code_that_is_no_choice_is_no_filter():
    choices = asking.choices_for("county", LINXIANG)
    asked = asking.read({"county": "1' OR 1=1", "insurance": "999"}, choices, date(2026, 11, 3))
    assert (asked.county, asked.insurance) == ("", "")
    assert (asked.first, asked.last) == (date(2025, 12, 1), date(2026, 11, 1))
    assert len(asked.months) == 12


# --- what it says -----------------------------------------------------------------------


def test_the_parts_of_what_was_claimed_add_up_with_what_is_left_to_the_person():
    stat(measures.CLAIMED, fen=1_000)
    stat(measures.FUND, "basic", fen=300)
    stat(measures.FUND, "assistance", fen=100)
    stat(measures.ACCOUNT, fen=50)
    asked = asking.read({}, asking.choices_for("city", LINCANG), date(2026, 11, 3))
    total = figures.report({"city": LINCANG}, asked).total
    assert (total.paid, total.account, total.own) == (400, 50, 550)


def test_reasons_of_cuts_are_counted_with_their_number_and_share():
    Reason.objects.create(kind="claim", action="cut_bill", code="cut_repeated", text="03 重复收费")
    claims(fen=100_000)
    stat(measures.CUT, "cut_repeated", count=2, fen=12_500)
    stat(measures.CUT, "other", count=1, fen=100)
    page = text_of(head_of())
    assert "03 重复收费" in page and "12.5%" in page and "其他（见说明）" in page


def test_places_with_few_claims_are_shown_together():
    lines = [Line("甲", claims=3), Line("乙", claims=2, claimed=5), Line("丙", claims=1, claimed=7)]
    assert [(line.label, line.claims, line.claimed) for line in merged(lines)] == [
        ("甲", 3, 0),
        (ELSEWHERE, 3, 12),
    ]
    claims(count=1, destination=BEIJING)
    page = text_of(head_of())
    assert ELSEWHERE in page and '<th scope="row">北京市</th>' not in page


def test_the_middle_and_the_ninth_of_ten_are_days_that_occurred():
    counts = {0: 4, 1: 1, 3: 4, 20: 1}
    assert (rank(counts, 5), rank(counts, 9)) == (1, 3)
    assert rank({}, 5) == 0 and rank({7: 1}, 9) == 7
    for days, count in counts.items():
        stat(measures.STAGE, "first", working_days=days, count=count, destination="")
    page = text_of(head_of())
    assert '<th scope="row">初审</th><td class="desk-figure">10</td>' in page


def test_stages_are_the_same_for_every_place_of_care():
    claims()
    stat(measures.STAGE, "first", working_days=2, count=1, destination="")
    assert "不分就医地" in text_of(head_of(), province=BEIJING)


def test_a_share_is_rounded_to_a_tenth_of_a_percent():
    assert (share(1, 3), share(2, 3), share(0, 0), share(-1, 8)) == (
        "33.3%",
        "66.7%",
        "无",
        "-12.5%",
    )


def test_a_chart_is_drawn_in_a_unit_that_fits_and_a_minus_draws_no_bar():
    assert unit_for([5_000_000]) == ("元", 100)
    assert unit_for([50_000_000]) == ("万元", 1_000_000)
    assert (bar(149, 100), bar(150, 100), bar(-500, 100)) == (1, 2, 0)
    claims()
    stat(measures.FUND, "basic", fen=-900_000, month="2026-10")
    page = text_of(head_of())
    assert page.count('role="img"') == 4 and 'height="-' not in page
    assert "-9,000.00" in page and "style=" not in page.split("<body")[1]


def test_the_page_says_until_when_it_counted():
    client = head_of()
    assert "还没有统计过" in text_of(client)


def test_the_page_costs_the_same_for_many_figures_as_for_few():
    client = head_of()
    claims()
    client.get(PAGE)
    with CaptureQueriesContext(connection) as few:
        client.get(PAGE)
    for month in range(1, 11):
        claims(month=f"2026-{month:02d}")
        claims(month=f"2026-{month:02d}", county=YUNXIAN, destination=BEIJING)
    with CaptureQueriesContext(connection) as many:
        client.get(PAGE)
    assert len(few) == len(many) <= LIMIT


def test_figures_are_kept_until_they_are_counted_anew(now):
    client = head_of()
    claims(fen=100_000)
    roll_up_claims()
    assert "1,000.00" not in text_of(client)  # what no claim tells of was counted away
    now.shift(timedelta(minutes=5))
    claims(fen=300_000, month="2026-10")
    assert "3,000.00" not in text_of(client)
    assert "3,000.00" in text_of(client, first="2026-10")
    roll_up_claims()
    assert "3,000.00" in text_of(client) and "统计到 2026-11-23 10:05" in text_of(client)


# --- the workbook -----------------------------------------------------------------------


def test_the_workbook_holds_the_figures_of_the_page_and_is_written_down():
    Reason.objects.create(kind="claim", action="cut_bill", code="bad", text="=1+1")
    claims(count=5, fen=1_234_567)
    stat(measures.CUT, "bad", count=1, fen=2)
    user = clerk("auditor", LINCANG)
    answer = staff_client(user).post(f"{PAGE}export/", {"first": "2026-01", "last": "2026-11"})
    book = load_workbook(BytesIO(b"".join(answer.streaming_content)))
    assert "private" in answer["Cache-Control"] and "claims-202601-202611" in str(answer.headers)
    rows = list(book["按就医地"].values)
    assert rows[0][:4] == ("就医地", "报销（件）", "就医（次）", "申报金额")
    assert rows[1][:2] == ("四川省成都市", 5) and str(rows[1][3]) == "12345.67"
    cell = book["核减理由"]["A2"]
    assert cell.value == "'=1+1" and cell.data_type == "s"
    log = AccessLog.objects.get(actor=user, action="exported")
    assert "2026 年 1 月至2026 年 11 月" in log.reason


def test_reading_the_address_of_the_export_takes_nothing_along():
    client = head_of()
    assert client.get(f"{PAGE}export/").status_code == 302
    assert not AccessLog.objects.filter(action="exported").exists()
