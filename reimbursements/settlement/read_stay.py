"""A stay and a year as they arrive in JSON or in a golden table, checked field by field."""

from datetime import date

from reimbursements.settlement import terms
from reimbursements.settlement.account import SECTIONS, Account
from reimbursements.settlement.conditions import MAX_AGE
from reimbursements.settlement.errors import StayError
from reimbursements.settlement.model import Policy
from reimbursements.settlement.read_bill import amounts, quoted, read_fen
from reimbursements.settlement.stay import Stay

FIELDS = (
    "kind",
    "level",
    "charging_level",
    "place",
    "filing",
    "person_group",
    "age",
    "nth_stay",
    "admitted_on",
    "discharged_on",
    "settled_on",
    "total",
    "own_expense",
    "over_limit",
    "self_first",
    "in_scope",
    "lines",
    "account_balance",
    "year",
    "tags",
    "institution",
    "replaces",
)


class Number(str):
    """A JSON number as it was written, so that no floating number ever exists."""


def read_stay(data: dict, policy: Policy) -> Stay:
    """The stay described by ``data`` (already parsed JSON; numbers as ``Number`` or int).

    Raises StayError naming the field. Unknown fields are refused.
    """
    for key in data:
        if key not in FIELDS:
            raise StayError(str(key), f"不认识的字段，只能写 {'、'.join(FIELDS)}")
    group, hardship = _persons(data.get("person_group"), policy)
    days = {key: _day(data, key) for key in ("admitted_on", "discharged_on", "settled_on")}
    _check_days(days)
    return Stay(
        kind=_need_kind(data),
        place=_code(data, "place"),
        filing=_code(data, "filing") or "unfiled",
        level=_level(data, "level", policy),
        charging_level=_level(data, "charging_level", policy),
        person_group=group,
        hardship=hardship,
        age=_whole(data, "age", 0, MAX_AGE),
        nth_stay=_whole(data, "nth_stay", 1, 999),
        **days,
        **amounts(data),
        tags=_tags(data.get("tags"), policy),
        institution=_text(data, "institution"),
    )


def read_year(data: dict, policy: Policy) -> Account:
    """The year so far and the account balance. Raises StayError naming the field."""
    year = data.get("year") or {}
    if not isinstance(year, dict):
        raise StayError("year", '应为一组累计数，例如 {"funds": {"basic": "1000.00"}}')
    known = ("year", "stays", "account_balance", *SECTIONS)
    counters = {}
    for key, value in year.items():
        if key not in known:
            raise StayError(f"year.{key}", f"不认识的字段，只能写 {'、'.join(known)}")
        if key in SECTIONS and value is not None:
            counters.update(_section(key, value, policy))
    balance = data.get("account_balance")
    where = "account_balance"
    if balance is None:
        balance, where = year.get("account_balance"), "year.account_balance"
    return Account(
        year=_whole(year, "year", 1990, 2200, prefix="year."),
        balance=read_fen(balance, where) or 0,
        stays=_whole(year, "stays", 0, 998, prefix="year.") or 0,
        counters=counters,
    )


def _section(key: str, value: object, policy: Policy) -> dict:
    if not isinstance(value, dict):
        raise StayError(f"year.{key}", '应为名称到金额，例如 {"basic": "1000.00"}')
    known = _names(key, policy)
    found = {}
    for name, amount in value.items():
        field = f"year.{key}.{name}"
        if name.split("@")[0] not in known:
            raise StayError(field, f"本政策没有这个名称，只有 {'、'.join(sorted(known)) or '无'}")
        fen = read_fen(amount, field)
        if fen:
            found[(key, name)] = fen
    return found


def _names(section: str, policy: Policy) -> frozenset:
    if section in ("funds", "bases"):
        return frozenset(policy.fund_labels)
    if section == "benefits":
        return policy.counted_names
    return policy.pots


def _need_kind(data: dict) -> str:
    kind = _code(data, "kind")
    if kind is None:
        raise StayError("kind", f"请填写，应为 {_codes('kind')}")
    return kind


def _code(data: dict, field: str) -> str | None:
    value = data.get(field)
    if value is None:
        return None
    code = terms.code_of(field, value) if isinstance(value, str) else None
    if code is None:
        raise StayError(field, f"写的是 {quoted(value)}，应为 {_codes(field)}")
    return code


def _codes(field: str) -> str:
    return "、".join(f"{code}（{label}）" for code, label in terms.CODES[field].items())


def _level(data: dict, field: str, policy: Policy) -> str | None:
    value = data.get(field)
    levels = policy.vocabulary.levels
    if value is None or not levels:
        return None
    level = policy.vocabulary.level(value) if isinstance(value, str) else None
    if level is None:
        raise StayError(field, f"写的是 {quoted(value)}，本政策的等级有 {'、'.join(levels)}")
    return level


def _persons(value: object, policy: Policy) -> tuple[str | None, str | None]:
    groups, hardship = policy.vocabulary.person_groups, policy.vocabulary.hardship
    words = value if isinstance(value, list) else [value] if value is not None else []
    chosen: dict[str, str] = {}
    if not groups and not hardship:
        words = []
    for word in words:
        if word == terms.NO_HARDSHIP and hardship:
            continue
        kind = "group" if word in groups else "hardship" if word in hardship else None
        if not isinstance(word, str) or kind is None:
            known = "、".join((*groups, *hardship))
            raise StayError("person_group", f"写的是 {quoted(word)}，本政策有 {known}")
        if chosen.setdefault(kind, word) != word:
            raise StayError("person_group", f"{chosen[kind]}与{word}只能写一个")
    group = chosen.get("group")
    if group is None and len(groups) == 1:
        group = groups[0]
    return group, chosen.get("hardship")


def _tags(value: object, policy: Policy) -> tuple[str, ...]:
    if value is None:
        return ()
    known = policy.vocabulary.tags
    words = value if isinstance(value, list) else [value]
    for word in words:
        if not isinstance(word, str) or word not in known:
            shown = "、".join(known) or "无"
            raise StayError("tags", f"写的是 {quoted(word)}，本政策的标签有 {shown}")
    return tuple(tag for tag in known if tag in words)


def _day(data: dict, field: str) -> date | None:
    value = data.get(field)
    if value is None:
        return None
    try:
        if not isinstance(value, str) or len(value) != 10:
            raise ValueError(value)
        return date.fromisoformat(value)
    except ValueError:
        raise StayError(field, f"写的是 {quoted(value)}，应为日期，例如 2025-03-01") from None


def _check_days(days: dict) -> None:
    for first, second in (("admitted_on", "discharged_on"), ("discharged_on", "settled_on")):
        if days[first] and days[second] and days[second] < days[first]:
            raise StayError(second, f"{days[second]} 早于 {first} 的 {days[first]}")


def _whole(data: dict, field: str, low: int, high: int, prefix: str = "") -> int | None:
    value = data.get(field)
    if value is None:
        return None
    text = value if isinstance(value, str) else str(value)
    good = not isinstance(value, bool) and text.isascii() and text.isdigit() and len(text) < 5
    if not good or not low <= int(text) <= high:
        message = f"写的是 {quoted(value)}，应为 {low} 到 {high} 的整数"
        raise StayError(prefix + field, message)
    return int(text)


def _text(data: dict, field: str) -> str | None:
    value = data.get(field)
    if value is None:
        return None
    if not isinstance(value, str) or not value.strip() or len(value) > 200 or "@" in value:
        raise StayError(field, "应为不含 @、不超过 200 字的文字")
    return value.strip()
