"""`manage.py decide`: one line in, one line out, and an honest exit status."""

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from filings.decision import Rulebook
from filings.management.commands.decide import Command
from tests.filings.decision.making import make_rule

ROOT = Path(__file__).resolve().parents[3]
GOOD = {
    "insured_area": "530902",
    "insurance": "310",
    "destination": "510100",
    "category": "TMP-OTH",
    "today": "2026-11-22",
}


@pytest.fixture
def run(monkeypatch):
    """Run the command on these bytes; gives the answers and the exit status."""

    def run(data: bytes, **options):
        stdin = io.TextIOWrapper(io.BytesIO(data), encoding="utf-8")
        monkeypatch.setattr(sys, "stdin", stdin)
        out, status = io.StringIO(), 0
        try:
            call_command(Command(), stdout=out, **options)
        except SystemExit as stop:
            status = stop.code
        return [json.loads(line) for line in out.getvalue().splitlines()], status

    return run


def lines(*questions) -> bytes:
    return "".join(json.dumps(q, ensure_ascii=False) + "\n" for q in questions).encode()


def test_each_question_is_answered_in_its_order(run):
    answers, status = run(lines(GOOD, GOOD | {"destination": "530100"}))
    assert [answer["outcome"] for answer in answers] == ["instant", "not_needed"]
    assert answers[0]["valid_to"] == "2027-02-22"
    assert status == 0


def test_nothing_in_is_nothing_out(run):
    assert run(b"") == ([], 0)


def test_the_last_line_needs_no_line_break(run):
    answers, status = run(lines(GOOD).rstrip(b"\n"))
    assert (len(answers), status) == (1, 0)


def test_windows_line_ends_and_a_byte_order_mark_are_forgiven(run):
    data = b"\xef\xbb\xbf" + lines(GOOD, GOOD).replace(b"\n", b"\r\n")
    answers, status = run(data)
    assert (len(answers), status) == (2, 0)


@pytest.mark.parametrize(
    ("line", "field"),
    [
        (b"", "line"),
        (b"   ", "line"),
        (b"{", "line"),
        (b"[]", "line"),
        (b"null", "line"),
        (b"\xff\xfe", "line"),
        (b"[" * 100_000, "line"),
        (b'{"today": ' + b"9" * 5000 + b"}", "line"),
        (b'{"today": "2026-11-22", "today": "2026-11-23"}', "today"),
        (b'{"answers": {"referral": true, "referral": false}}', "referral"),
        (b'{"city": "530902"}', "city"),
        (b'{"insured_area": "\\ud800"}', "insurance"),
        (b"{}", "insured_area"),
    ],
)
def test_a_bad_line_is_an_error_in_its_place_and_the_others_are_answered(run, line, field):
    answers, status = run(lines(GOOD) + line + b"\n" + lines(GOOD))
    assert len(answers) == 3
    assert answers[0] == answers[2]
    assert list(answers[1]) == ["error"]
    assert answers[1]["error"].startswith(f"{field}：")
    assert status == 1


def test_rules_of_another_folder_decide(run, tmp_path):
    shipped = (ROOT / "filings" / "rules" / "530900-lincang.yaml").read_text(encoding="utf-8")
    changed = shipped.replace("validity_months: 3", "validity_months: 12")
    (tmp_path / "530900.yaml").write_text(changed, encoding="utf-8")
    answers, _ = run(lines(GOOD), rules=str(tmp_path))
    assert answers[0]["valid_to"] == "2027-11-22"


def test_without_a_folder_any_rulebook_can_be_put_in(run, monkeypatch):
    rule = make_rule(place="530900", category="TMP-OTH", mode="review")
    monkeypatch.setattr(Command, "default_rules", lambda self: Rulebook.from_rules([rule]))
    answers, _ = run(lines(GOOD))
    assert answers[0]["outcome"] == "review"


def test_a_bad_rule_file_is_named_before_any_line_is_read(run, tmp_path):
    (tmp_path / "530900.yaml").write_text("place: x\n", encoding="utf-8")
    with pytest.raises(CommandError, match=r"530900\.yaml 第1行"):
        run(lines(GOOD), rules=str(tmp_path))


def test_as_a_program_it_prints_utf8_only_and_ends_with_status_1():
    data = lines(GOOD) + b"x\n"
    done = subprocess.run(
        [sys.executable, "manage.py", "decide"],
        input=data,
        capture_output=True,
        cwd=ROOT,
        env={
            "PATH": "/usr/bin:/bin",
            "LC_ALL": "C",
            "PYTHONUTF8": "0",
            "PYTHONIOENCODING": "ascii",
            "DJANGO_SETTINGS_MODULE": "config.settings.test",
        },
        check=False,
    )
    answers = [json.loads(line) for line in done.stdout.decode("utf-8").splitlines()]
    assert [next(iter(answer)) for answer in answers] == ["outcome", "error"]
    assert "临沧市".encode() in done.stdout
    assert done.returncode == 1
    assert b"Traceback" not in done.stderr
