"""Every address × every role, GET and POST, against one table that people can read.

The table is tests/cases/urls_by_role.csv: one line for each URL pattern and method, one
column for each role, the status in it ("login" is the way to a log-in page). After a
change, YB_WRITE_TABLES=1 writes it anew for reading the difference; that run fails.
A GET that writes raises in every cell (config/readonly.py).
"""

import csv
import logging
import os
from http.cookies import SimpleCookie
from pathlib import Path

import pytest
import time_machine
from django.db import transaction
from django.test import override_settings

from filings.decision.rulebook import shipped
from filings.rules_store import forget_rulebook, load_rulebook
from tests.caches import forget_all
from tests.urls_world import ROLES, STAFF, World, patterns

TABLE = Path(__file__).parent / "cases" / "urls_by_role.csv"
NOW = "2026-11-23T10:00:00+08:00"
LOGINS = ("/account/login/", "/account/staff/", "/admin/login/")
OUTSIDERS = ("anonymous", "stranger", "sysadmin", "elsewhere")
# Where an outsider may read the number of the case: whoever scans a paper verifies it.
VERIFY = "v/<str:token>/"
PUBLIC = (
    "healthz",
    "readyz",
    "places/",
    "account/staff/login/",
    "account/login/",
    "account/elder/",
    "account/development/",
    "v/",
    "filings/check/",
    "filings/blank/",
    "claims/calculator/",
    "dev/style",
    "admin/login/",
)


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker, tmp_path_factory):
    """One for all roles of this test process, since every request is taken back; no test of
    this file has another database."""
    folder = tmp_path_factory.mktemp("world")
    forget_all()
    forget_rulebook()
    logging.disable(logging.CRITICAL)  # thousands of requests, each of which says so
    with (
        django_db_blocker.unblock(),
        override_settings(FILES_DIR=folder, VAR_DIR=folder),
        time_machine.travel(NOW, tick=False),
        transaction.atomic(),
    ):
        load_rulebook(shipped())
        yield World()
        transaction.set_rollback(True)
    logging.disable(logging.NOTSET)
    forget_rulebook()


def table() -> dict[tuple[str, str], dict[str, str]]:
    with TABLE.open(encoding="utf-8", newline="") as source:
        return {(row["pattern"], row["method"]): row for row in csv.DictReader(source)}


def ask(client, cookies: str, path: str, method: str):
    """The answer to one request, whose changes are taken back, those of the session too."""
    forget_all()
    client.cookies = SimpleCookie(cookies)
    with transaction.atomic():
        response = getattr(client, method.lower())(path)
        body = b"".join(response.streaming_content) if response.streaming else response.content
        transaction.set_rollback(True)
    return response, body.decode("utf-8", "replace")


def answer_of(response) -> str:
    place = response.headers.get("Location", "")
    if response.status_code == 302 and place.startswith(LOGINS):
        return "login"
    if response.status_code == 503:  # readyz where no broker is configured
        return "200"
    return str(response.status_code)


def walk(world, role: str) -> tuple[dict, list[str]]:
    """The answers to everything, and every answer that told an outsider something."""
    seen, told = {}, []
    secrets, client = world.secrets(), world.client(role)
    cookies = client.cookies.output(header="", sep=";")
    for pattern in patterns():
        for method in ("GET", "POST"):
            response, body = ask(client, cookies, world.address(pattern), method)
            seen[pattern, method] = answer_of(response)
            outsider = role in OUTSIDERS or response.status_code in (403, 404, 405)
            if outsider and pattern != VERIFY:
                told += [f"{method} {pattern}: {word}" for word in secrets if word in body]
    return seen, told


@pytest.mark.django_db
@pytest.mark.parametrize("role", ROLES)
def test_every_address_answers_each_role_as_the_table_says(world, role):
    seen, told = walk(world, role)
    if os.environ.get("YB_WRITE_TABLES"):
        write(role, seen)
        pytest.fail("the table was written; read its difference and run again")
    assert told == []
    expected = {key: row[role] for key, row in table().items()}
    assert {key: seen[key] for key in seen if seen[key] != expected.get(key)} == {
        key: expected[key] for key in expected if seen.get(key) != expected[key]
    }


def write(role: str, seen: dict) -> None:
    rows = table() if TABLE.exists() else {}
    with TABLE.open("w", encoding="utf-8", newline="") as target:
        writer = csv.DictWriter(target, ("pattern", "method", *ROLES), lineterminator="\n")
        writer.writeheader()
        for pattern, method in seen:
            row = {name: rows.get((pattern, method), {}).get(name, "") for name in ROLES}
            cell = {role: seen[pattern, method]}
            writer.writerow({"pattern": pattern, "method": method, **row, **cell})


def test_every_pattern_is_in_the_table_and_every_line_has_a_pattern():
    assert {pattern for pattern, _ in table()} == set(patterns())


def test_without_a_log_in_only_public_pages_open():
    opened = {pattern for (pattern, _), row in table().items() if row["anonymous"] == "200"}
    assert {pattern for pattern in opened if pattern and not pattern.startswith(PUBLIC)} == set()


def test_a_stranger_opens_nothing_that_names_a_case():
    named = [row for (pattern, _), row in table().items() if "<uuid:public_id>" in pattern]
    assert len(named) > 30
    assert {row["stranger"] for row in named} <= {"404", "405"}


def test_residents_open_nothing_of_the_desk():
    desk = [row for (pattern, _), row in table().items() if pattern.startswith("admin/")]
    for role in ("anonymous", "owner", "stranger"):
        assert {row[role] for row in desk if row["pattern"] not in LOGIN_PAGES} <= {
            "login",
            "403",
            "404",
            "405",
        }


LOGIN_PAGES = ("admin/login/", "admin/logout/", "admin/jsi18n/")


def test_staff_of_another_area_and_of_no_cases_open_no_case():
    case = [
        row
        for (pattern, _), row in table().items()
        if pattern.startswith(("cases/files", "cases/letters", "admin/casework/case/<"))
    ]
    assert len(case) > 10
    for role in ("elsewhere", "sysadmin"):
        assert {row[role] for row in case} <= {"403", "404", "405", "302"}, role


def test_only_roles_that_decide_reach_the_actions_of_a_case():
    row = table()["admin/casework/case/<int:pk>/do/<slug:name>/", "POST"]
    assert {role for role in STAFF if row[role] in ("403", "404")} >= {"sysadmin"}
