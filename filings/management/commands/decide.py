"""`manage.py decide`: one JSON question a line on stdin, one JSON answer a line on stdout.

The interface is in docs/rules.md.
"""

import json
import sys
from collections.abc import Iterable, Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from filings.decision import (
    FactsError,
    Rulebook,
    RulebookError,
    decide,
    load,
    parse_facts,
    shipped,
)
from filings.decision.facts import shown


class _RepeatedKey(ValueError):
    """The same key twice in one object: which one was meant cannot be known."""


class Command(BaseCommand):
    help = "逐行读入备案情况（JSON），逐行输出决定（JSON）。接口说明见 docs/rules.md。"
    requires_system_checks = ()
    # Where the rules come from when no folder is named; a rulebook of any origin will do.
    default_rules = staticmethod(shipped)

    def add_arguments(self, parser):
        """One option: where the rules are."""
        parser.add_argument(
            "--rules",
            metavar="DIR",
            help="规则文件夹（*.yaml），默认用随程序提供的 filings/rules；不用数据库",
        )

    def handle(self, *args, **options):
        """Answer every line; exit status 1 when any of them was bad."""
        try:
            rules = load(options["rules"]) if options["rules"] else self.default_rules()
        except (RulebookError, OSError) as error:
            raise CommandError(f"规则读不进来：{error}") from None
        _speak_utf8(self.stdout)
        bad = 0
        try:
            for answer in answers(sys.stdin.buffer, rules):
                bad += "error" in answer
                self.stdout.write(json.dumps(answer, ensure_ascii=False))
        except BrokenPipeError:
            # Whoever read the answers has gone; nothing is left to say to them.
            sys.stdout = None
        if bad:
            raise SystemExit(1)


def answers(lines: Iterable[bytes], rules: Rulebook) -> Iterator[dict[str, Any]]:
    """One answer for each line: a decision, or {"error": …} in Chinese naming the field."""
    for line in lines:
        try:
            yield decide(parse_facts(_decoded(line)), rules).as_dict()
        except FactsError as error:
            yield {"error": str(error)}


def _decoded(line: bytes) -> Any:
    """The JSON value of a line; raises FactsError."""
    try:
        text = line.decode("utf-8-sig").strip()
    except UnicodeDecodeError:
        raise FactsError("line", "这一行不是 UTF-8 编码") from None
    if not text:
        raise FactsError("line", "这一行是空的，每一行应有一个 JSON 对象")
    try:
        return json.loads(text, object_pairs_hook=_without_repeats)
    except _RepeatedKey as error:
        raise FactsError(shown(error), "这个字段写了两次，请只写一次") from None
    except (ValueError, RecursionError):
        raise FactsError("line", "这一行不是正确的 JSON，请检查引号、逗号和括号") from None


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for key, value in pairs:
        if key in values:
            raise _RepeatedKey(key)
        values[key] = value
    return values


def _speak_utf8(stdout) -> None:
    """UTF-8 whatever the locale says, where the stream can be told."""
    stream = getattr(stdout, "_out", None)
    if hasattr(stream, "reconfigure"):
        stream.reconfigure(encoding="utf-8")
