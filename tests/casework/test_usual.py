"""How long cases usually take, as the applicant is told."""

from collections import Counter
from datetime import date, timedelta

import pytest

from casework.models import DailyStat
from casework.usual import Usual, usual_of, usual_time

TODAY = date(2026, 11, 20)
XINCHENG, HOHHOT = "150102", "150100"


@pytest.mark.parametrize(
    ("counts", "half", "most"),
    [
        ({"took_1d": 20}, "1 天内", "1 天内"),
        ({"took_1h": 10, "took_1d": 10}, "1 小时内", "1 天内"),
        ({"took_1h": 10, "took_2d": 9, "took_5d": 1}, "1 小时内", "2 天内"),
        ({"took_1d": 10, "took_more": 10}, "1 天内", ""),
        ({"took_1d": 9, "took_more": 11}, "", ""),
        # Opened at once by the machine: 500 of the 510 within an hour.
        ({"took_1h": 510, "at_once": 500, "took_5d": 30}, "5 天内", "5 天内"),
    ],
)
def test_half_and_nine_tenths_of_the_cases_decided_by_people(counts, half, most):
    assert usual_of(Counter(counts)) == Usual(half, most)


@pytest.mark.parametrize("counts", [{}, {"took_1d": 19}, {"took_1h": 600, "at_once": 590}])
def test_too_few_cases_say_nothing(counts):
    assert usual_of(Counter(counts)) is None


def test_the_sentence_leaves_out_what_has_no_limit():
    assert "九成" not in Usual("1 天内", "").sentence
    assert Usual("", "").sentence == ""
    assert "一半在1 天内办结，九成在2 天内办结" in Usual("1 天内", "2 天内").sentence


def figure(day: date, measure: str, count: int, county: str = XINCHENG) -> None:
    DailyStat.objects.create(
        day=day, city=HOHHOT, county=county, kind="filing", measure=measure, count=count
    )


@pytest.mark.django_db
def test_a_county_speaks_for_itself_and_else_its_city_does():
    figure(TODAY, "took_1d", 5)
    figure(TODAY - timedelta(days=10), "took_5d", 20, county="150103")
    assert usual_time("filing", XINCHENG, HOHHOT, TODAY) == Usual("5 天内", "5 天内")
    figure(TODAY, "took_1h", 100, county="150104")
    assert usual_time("filing", "150104", HOHHOT, TODAY) == Usual("1 小时内", "1 小时内")


@pytest.mark.django_db
def test_only_the_last_thirty_days_count_and_the_answer_is_kept(django_assert_num_queries):
    figure(TODAY - timedelta(days=30), "took_1d", 100)
    with django_assert_num_queries(2):
        assert usual_time("filing", XINCHENG, HOHHOT, TODAY) is None
    with django_assert_num_queries(0):
        assert usual_time("filing", XINCHENG, HOHHOT, TODAY) is None
