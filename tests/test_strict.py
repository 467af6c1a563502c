"""Each guard of tests/strict bites: what a careless author would write fails here.

That a GET writes nothing is guarded by the program itself: tests/config/test_readonly.py.
"""

import datetime
import os
import socket

import pytest
from django.core.paginator import Paginator, UnorderedObjectListWarning
from django.db import models
from django.http import HttpResponse
from django.template import Context, Template, engines
from django.test import RequestFactory
from django.test.utils import isolate_apps

from config.settings.test import own_redis
from facilities.models import Division
from residents.models import User
from tests.strict import ROOT, network, pages
from tests.strict.queries import CarelessQuery
from tests.strict.templates import UndefinedVariable

OURS = str(ROOT / "templates" / "sample.html")
FOREIGN = "/usr/lib/python3/site-packages/package/templates/sample.html"


def render(source: str, name: str = OURS, **context) -> str:
    """The source rendered as if it were the template file `name`."""
    template = Template(source, engine=engines["django"].engine)
    for node in template.nodelist.get_nodes_by_type(object):
        if getattr(node, "origin", None):
            node.origin.name = name
    return template.render(Context(context))


# templates


def test_an_undefined_variable_in_our_template_fails():
    with pytest.raises(UndefinedVariable, match="person"):
        render("<p>{{ person.name }}</p>")


def test_an_undefined_attribute_of_a_defined_variable_fails():
    with pytest.raises(UndefinedVariable, match=r"person\.nickname"):
        render("{{ person.nickname }}", person={"name": "张三"})


def test_an_undefined_variable_passed_to_a_tag_fails():
    with pytest.raises(UndefinedVariable, match="place"):
        render("{% with city=place %}{{ city }}{% endwith %}")


def test_an_undefined_variable_inside_a_block_of_a_branch_fails():
    with pytest.raises(UndefinedVariable, match="missing"):
        render("{% if shown %}{% for x in rows %}{{ missing }}{% endfor %}{% endif %}", **SHOWN)


SHOWN = {"shown": True, "rows": [1]}


@pytest.mark.parametrize("source", ['{{ x|default:"-" }}', "{% if x %}{{ x }}{% endif %}"])
def test_a_variable_that_may_be_missing_is_said_to_be_so(source):
    assert render(source) in ("-", "")


def test_an_empty_value_is_not_an_undefined_one():
    assert render("[{{ a }}{{ b }}]", a="", b=None) == "[None]"


def test_templates_of_packages_are_not_ours_to_mend():
    assert render("{{ person.name }}", name=FOREIGN) == ""


# pages


@pytest.mark.parametrize(
    "html",
    [
        '<form method="post"><input name="a"></form>',
        '<form method="POST" action="/x"><input name="a">',
        '<form method="post"><input name="csrfmiddlewaretoken" value=""></form>',
        '<form method="post"></form><form method="get"><input name="csrfmiddlewaretoken"></form>',
    ],
)
def test_a_post_form_without_a_token_is_found(html):
    assert len(pages.faults(html)) == 1


@pytest.mark.parametrize(
    "html",
    [
        '<form method="post"><input type="hidden" name="csrfmiddlewaretoken" value="k"></form>',
        "<form><input name='q'></form>",
        '<script src="/static/a.js"></script><script nonce="n">x()</script>',
        '<script type="application/json">{"a": 1}</script>',
    ],
)
def test_a_page_in_order_passes(html):
    assert pages.faults(html) == []


@pytest.mark.parametrize(
    "html",
    [
        '<p style="color: red">',
        '<a onclick="go()">',
        "<script>go()</script>",
        "<style>p {}</style>",
        '<a href="javascript:go()">',
    ],
)
def test_what_the_content_policy_would_drop_is_found(html):
    assert len(pages.faults(html)) == 1


def test_the_middleware_refuses_the_page_a_view_answers_with():
    guarded = pages.StrictPages(lambda request: HttpResponse('<form method="post"></form>'))
    with pytest.raises(pages.BrokenPage, match="GET /some/page"):
        guarded(RequestFactory().get("/some/page"))


def test_every_test_request_passes_the_middleware(settings):
    assert settings.MIDDLEWARE[0] == "tests.strict.pages.StrictPages"


# queries


def test_a_lock_that_names_no_table_fails(db):
    with pytest.raises(CarelessQuery, match="of="):
        User.objects.select_for_update()
    with pytest.raises(CarelessQuery, match="of="):
        User.objects.filter(pk=1).select_for_update(nowait=True)


def test_a_lock_that_names_its_table_passes(db):
    User.objects.select_for_update(of=("self",))


def divisions(*codes):
    for code in codes:
        Division.objects.create(code=code, name=f"地区{code}")


def test_rows_without_an_order_do_not_come_in_the_order_of_the_table(db):
    divisions("990001", "990002")
    rows = Division.objects.order_by()
    assert [row.code for row in rows] == ["990002", "990001"]
    assert [row.code for row in rows] == ["990002", "990001"]  # fetched once, shuffled once


def test_rows_with_an_order_keep_it(db):
    divisions("990001", "990002", "990003")
    assert [row.code for row in Division.objects.order_by("code")] == ["990001", "990002", "990003"]


def test_slicing_without_an_order_fails(db):
    divisions("990001", "990002")
    with pytest.raises(CarelessQuery, match="without an order"):
        Division.objects.order_by()[:1]
    with pytest.raises(CarelessQuery, match="without an order"):
        Division.objects.order_by()[0]
    assert len(Division.objects.order_by("code")[:1]) == 1


def test_paginating_without_an_order_fails(db):
    with pytest.raises(UnorderedObjectListWarning):
        Paginator(Division.objects.order_by(), 10).page(1)


@isolate_apps("facilities")
def test_update_fields_without_the_auto_now_field_fails():
    class Sample(models.Model):
        name = models.CharField(max_length=9)
        changed_at = models.DateTimeField(auto_now=True)

        class Meta:
            app_label = "facilities"

    with pytest.raises(CarelessQuery, match="changed_at"):
        Sample(pk=1, name="a").save(update_fields=["name"])


@isolate_apps("facilities")
def test_a_date_field_given_a_datetime_fails():
    class Sample(models.Model):
        day = models.DateField()

        class Meta:
            app_label = "facilities"

    moment = datetime.datetime(2026, 11, 22, 23, 30, tzinfo=datetime.UTC)
    with pytest.raises(CarelessQuery, match="a date is wanted"):
        Sample._meta.get_field("day").get_prep_value(moment)
    with pytest.raises(CarelessQuery, match="a date is wanted"):
        Sample.objects.filter(day=moment)
    assert Sample._meta.get_field("day").get_prep_value(moment.date()) == moment.date()


# network


@pytest.mark.parametrize("host", ["198.51.100.7", "2001:db8::1", "example.invalid"])
def test_another_machine_is_never_reached(host):
    with pytest.raises(network.NetworkRefused):
        socket.create_connection((host, 443), timeout=1)


def test_a_datagram_to_another_machine_is_refused():
    sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    with sender, pytest.raises(network.NetworkRefused):
        sender.sendto(b"x", ("198.51.100.7", 53))


def test_the_loopback_is_reached():
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname(), timeout=1).close()


# parallel runs


@pytest.mark.parametrize(
    ("url", "worker", "expected"),
    [
        ("redis://127.0.0.1:6379/0", "", "redis://127.0.0.1:6379/0"),
        ("redis://127.0.0.1:6379/0", "gw0", "redis://127.0.0.1:6379/1"),
        ("redis://:secret@host:6379", "gw3", "redis://:secret@host:6379/4"),
        ("unix:///tmp/r.sock?db=0", "gw1", "unix:///tmp/r.sock?db=2"),
    ],
)
def test_each_test_process_has_a_redis_database_of_its_own(url, worker, expected):
    assert own_redis(url, worker) == expected
    assert own_redis(expected, worker) == expected  # what a process started by a test computes


def test_the_suite_writes_outside_the_tree(settings):
    assert not str(settings.FILES_DIR).startswith(str(ROOT / "var"))
    assert os.environ["VAR_DIR"] == str(settings.VAR_DIR)
