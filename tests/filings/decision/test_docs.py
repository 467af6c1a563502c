"""The closed lists, the sources and the fields are in the documents as they are in the code."""

import re
import subprocess
import sys
import time
from pathlib import Path

from filings.decision import decide, parse_facts, shipped
from filings.decision.codes import CATEGORIES, DOCUMENTS
from filings.decision.reasons import REASONS
from filings.decision.rules import FIELDS
from filings.decision.sources import SOURCES

ROOT = Path(__file__).resolve().parents[3]
RULES = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")
SOURCES_PAGE = (ROOT / "docs" / "sources.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| `([\w-]+)` \| (.*?) \|(.*)$", re.MULTILINE)


def section(page: str, title: str) -> list[tuple[str, str, str]]:
    """The rows of the table under a heading: code, second cell, the rest."""
    body = page.split(f"\n## {title}", 1)[1].split("\n## ", 1)[0]
    return ROW.findall(body)


def test_the_list_of_reasons_is_the_one_in_the_code():
    rows = {code: (text, source) for code, text, source in section(RULES, "五、理由代码")}
    assert list(rows) == list(REASONS)
    for code, (sentence, source) in REASONS.items():
        text, cell = rows[code]
        assert text == sentence
        assert (f"`{source}`" if source else "规则的第一个来源") in cell


def test_the_list_of_documents_is_the_one_in_the_code():
    rows = {code: text for code, text, _ in section(RULES, "六、材料代码")}
    assert rows == DOCUMENTS


def test_the_list_of_categories_is_the_one_in_the_code():
    rows = {code: text for code, text, _ in section(RULES, "三、备案类型")}
    assert rows == CATEGORIES


def test_every_source_is_named_with_its_trust():
    rows = {code: (name, rest) for code, name, rest in section(SOURCES_PAGE, "一、备案规则的来源")}
    assert {code: name for code, (name, _) in rows.items()} == SOURCES
    assert all(rest.count("|") == 3 and rest.strip(" |") for _, rest in rows.values())


def test_every_field_of_a_rule_is_explained():
    table = RULES.split("### 规则的每一项", 1)[1].split("\n### ", 1)[0]
    explained = set(re.findall(r"`(\w+)`", table))
    in_a_file = {"category": "categories", "insurance": "insurances"}
    assert {in_a_file.get(name, name) for name in FIELDS} - {"place"} <= explained


def test_every_reason_of_a_real_answer_names_a_source_of_the_list():
    lines = [
        {"category": category, "destination": destination, "promise": promise}
        for category in CATEGORIES
        for destination in ("510100", "530100", "530921")
        for promise in (True, False)
    ]
    plain = {"insured_area": "530902", "insurance": "310", "today": "2026-11-22"}
    for line in lines:
        decision = decide(parse_facts(plain | line), shipped())
        assert decision.reasons
        assert all(reason.source in SOURCES.values() for reason in decision.reasons)
        assert not any("{" in reason.text for reason in decision.reasons)


def test_the_decision_needs_no_django_and_no_database():
    program = (
        "import sys; from filings.decision import decide, parse_facts, shipped; "
        "decide(parse_facts({'insured_area':'530902','insurance':'310','destination':'510100',"
        "'today':'2026-11-22'}), shipped()); "
        "sys.exit(any(name.split('.')[0] == 'django' for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=False).returncode == 0


def test_one_decision_takes_at_most_a_tenth_of_a_millisecond():
    facts = parse_facts(
        {
            "insured_area": "150102",
            "insurance": "310",
            "destination": "110000",
            "category": "LT-RES",
            "care": "chronic",
            "promise": True,
            "today": "2026-11-22",
            "admitted_on": "2026-11-20",
        }
    )
    rules = shipped()

    def seconds_for_one() -> float:
        begun = time.process_time()
        for _ in range(500):
            decide(facts, rules)
        return (time.process_time() - begun) / 500

    assert min(seconds_for_one() for _ in range(7)) <= 100e-6
