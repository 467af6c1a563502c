"""What is done once instead of each time gives the same as what is done each time."""

import gc
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.template import Context, Engine, Template
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import mark_safe

from config import near
from config.addresses import address_of
from config.markup import fill, joined
from config.memory import OLD, YOUNG, settle_in
from config.settings.base import database
from tests.caches import forget_all


@pytest.mark.parametrize(
    "value",
    ["成都", "<b>&\"'</b>", mark_safe("<b>粗</b>"), 12, "", None, "{}"],
    ids=["plain", "tags", "safe", "number", "empty", "none", "braces"],
)
def test_a_piece_of_html_is_escaped_as_django_does(value):
    form = '<a title="{}">{word}</a>'
    assert fill(form, value, word=value) == format_html(form, value, word=value)
    assert fill(form, value, word=value).__html__()


def test_pieces_of_html_are_joined_as_they_are():
    assert joined(fill("<i>{}</i>", word) for word in "<>") == "<i>&lt;</i><i>&gt;</i>"


@pytest.mark.parametrize("more", [["check"], ["notice"]])
def test_an_address_of_a_row_is_the_one_that_reverse_gives(more):
    for key in (uuid4(), uuid4()):
        assert address_of("filings:step", key, *more) == reverse("filings:step", args=[key, *more])
    for key in (1, 987_654_320):
        name = "admin:casework_case_change"
        assert address_of(name, key) == reverse(name, args=[key])


def test_an_address_that_does_not_exist_is_an_error_as_ever():
    with pytest.raises(NoReverseMatch):
        address_of("filings:step", 12, "check")
    with pytest.raises(NoReverseMatch):
        address_of("admin:casework_case_act", -1, "take")


def test_the_address_of_a_static_file_stays_the_same():
    assert static("casework/desk.css") == static("casework/desk.css") == "/static/casework/desk.css"


def test_a_value_is_loaded_once_and_shared():
    loads = []
    for _ in range(3):
        assert near.near("near.test", lambda: loads.append(1) or "值", 60) == "值"
    assert len(loads) == 1
    assert cache.get("near.test") == "值"


def test_another_process_sees_a_change_when_its_moment_is_over(monkeypatch):
    moment = [1_000.0]
    monkeypatch.setattr(near.time, "monotonic", lambda: moment[0])
    assert near.near("near.test", lambda: "旧", 60) == "旧"
    cache.set("near.test", "新", 60)  # as another process does
    moment[0] += near.SECONDS - 0.1
    assert near.near("near.test", lambda: "错", 60) == "旧"
    moment[0] += 0.2
    assert near.near("near.test", lambda: "错", 60) == "新"


def test_the_process_that_changes_a_value_sees_the_change_at_once():
    assert near.near("near.test", lambda: "旧", 60) == "旧"
    near.forget("near.test")
    assert near.near("near.test", lambda: "新", 60) == "新"


def test_none_is_asked_for_again():
    assert near.near("near.test", lambda: None, 60) is None
    assert near.near("near.test", lambda: "有了", 60) == "有了"


def test_of_many_only_what_nobody_has_is_loaded():
    near.near("near.a", lambda: "甲", 60)
    cache.set("near.b", "乙", 60)
    asked = []

    def load(missing):
        asked.extend(missing)
        return {key: "丙" for key in missing}

    found = near.near_many(["near.a", "near.b", "near.c"], load, 60)
    assert found == {"near.a": "甲", "near.b": "乙", "near.c": "丙"}
    assert asked == ["near.c"]


def test_what_is_held_never_grows_without_end(monkeypatch):
    monkeypatch.setattr(near, "MOST", 3)
    for number in range(9):
        near.near(f"near.{number}", lambda: "值", 60)
    assert len(near._held) <= 4
    forget_all()
    assert not near._held


def test_a_server_sets_aside_what_it_has_loaded():
    before = gc.get_threshold()
    try:
        settle_in()
        assert gc.get_freeze_count() > 10_000
        assert (gc.get_threshold()[0], gc.get_threshold()[2]) == (YOUNG, OLD)
    finally:
        gc.unfreeze()
        gc.set_threshold(*before)


@pytest.mark.parametrize(
    "tag",
    [
        "{% url 'home' %}",
        "{% url 'filings:step' key 'check' %}",
        "{% url 'admin:casework_case_change' number %}",
        "{% url 'home' as there %}[{{ there }}]",
        "{% url 'no:such' as there %}[{{ there }}]",
        "{% url 'admin:casework_case_change' object_id=number %}",
    ],
)
def test_the_url_tag_gives_what_the_stock_tag_gives(tag):
    known = {"key": uuid4(), "number": 12}
    ours = Template(tag).render(Context(known))
    assert ours == Engine().from_string(tag).render(Context(known))
    assert "QuickURLNode" in repr(Template("{% url 'home' %}").nodelist[0].__class__)


def test_a_tag_for_no_page_is_an_error_as_ever():
    with pytest.raises(NoReverseMatch):
        Template("{% url 'filings:step' 12 'check' %}").render(Context())


@pytest.mark.parametrize(
    ("address", "options"),
    [
        ("postgres://a:b@h/n", "-c join_collapse_limit=4"),
        (
            "postgres://a:b@h/n?options=-c%20statement_timeout%3D5000",
            "-c join_collapse_limit=4 -c statement_timeout=5000",
        ),
    ],
)
def test_joins_are_done_in_the_order_written_whatever_else_the_address_asks(address, options):
    assert database(address)["OPTIONS"]["options"] == options


def test_sqlite_is_given_no_options_of_postgresql():
    assert "options" not in database("sqlite:///x.sqlite3")["OPTIONS"]
