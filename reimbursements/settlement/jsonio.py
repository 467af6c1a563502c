"""One JSON stay a line in, one JSON settlement a line out; always the same bytes."""

import json

from reimbursements.settlement import money
from reimbursements.settlement.account import SECTIONS, Account
from reimbursements.settlement.engine import Settlement, settle
from reimbursements.settlement.errors import StayError
from reimbursements.settlement.model import Policy, Rule
from reimbursements.settlement.read_bill import PARTS, read_fen
from reimbursements.settlement.read_stay import Number, read_stay, read_year
from reimbursements.settlement.rows import Row

yuan = money.yuan


def settle_data(policy: Policy, data: dict) -> tuple[dict, Settlement]:
    """Settle one parsed JSON object: the object to write, and the settlement itself.

    Raises StayError naming the field.
    """
    settled = settle(policy, read_stay(data, policy), read_year(data, policy))
    if data.get("lines") is not None:
        _check_stated(data, settled)
    result = as_data(settled)
    replaced = data.get("replaces")
    if replaced is not None:
        result["difference"] = _difference(settled, replaced)
    return result, settled


def _check_stated(data: dict, settled: Settlement) -> None:
    """With lines the parts are computed; a part that is stated too must agree."""
    for part in PARTS:
        stated = read_fen(data.get(part), part)
        found = getattr(settled, part)
        if stated is not None and stated != found:
            message = f"写的是 {yuan(stated)} 元，按明细算出 {yuan(found)} 元，应相等或不写"
            raise StayError(part, message)


def settle_line(policy: Policy, text: str) -> tuple[str, Settlement | None]:
    """One line of input to one line of output; a bad line gives an ``error`` object."""
    try:
        result, settled = settle_data(policy, parse_line(text))
    except StayError as error:
        return dump({"error": str(error)}), None
    return dump(result), settled


def dump(data: dict) -> str:
    """One line of JSON with a fixed order and layout."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def parse_line(text: str) -> dict:
    """A JSON object with its numbers kept as written. Raises StayError."""
    if not text.strip():
        raise StayError("line", "这一行是空的，应为一个 JSON 对象")
    try:
        data = json.loads(
            text,
            parse_float=Number,
            parse_int=Number,
            parse_constant=_refuse_constant,
            object_pairs_hook=_unique,
        )
    except (ValueError, RecursionError) as error:
        if isinstance(error, json.JSONDecodeError):
            raise StayError("line", f"不是合法的 JSON（第 {error.colno} 个字符附近）") from None
        raise StayError("line", "不是合法的 JSON") from None
    if not isinstance(data, dict):
        raise StayError("line", '应为一个 JSON 对象，例如 {"kind": "inpatient", …}')
    _refuse_surrogates(data)
    return data


def _refuse_constant(word: str):
    raise StayError("line", f"不能写 {word}")


def _unique(pairs: list) -> dict:
    data = dict(pairs)
    if len(data) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise StayError(twice, "同一个字段写了两次")
    return data


def _refuse_surrogates(data: object) -> None:
    try:
        json.dumps(data, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise StayError("line", "含有不成对的代理字符，无法处理") from None


def as_data(settled: Settlement) -> dict:
    """The settlement as the object that `settle` writes."""
    policy, version = settled.policy, settled.version
    return {
        "total": yuan(settled.total),
        "own_expense": yuan(settled.own_expense),
        "over_limit": yuan(settled.over_limit),
        "self_first": yuan(settled.self_first),
        "in_scope": yuan(settled.in_scope),
        "deductible": yuan(settled.deductible),
        "funds": {name: yuan(fen) for name, fen in settled.funds.items()},
        "account": yuan(settled.account),
        "cash": yuan(settled.cash),
        "personal": yuan(settled.personal),
        "rows": [row_data(row) for row in settled.rows],
        "year": year_data(settled.after),
        "policy": {
            "place": policy.place,
            "insurance": policy.insurance,
            "version": version.name,
            "sha256": version.sha256,
        },
    }


def row_data(row: Row) -> dict:
    """One row as an object; amounts in yuan or null."""
    return {
        "code": row.code,
        "text": row.text,
        "base": None if row.base is None else yuan(row.base),
        "ratio": row.ratio,
        "amount": None if row.amount is None else yuan(row.amount),
        "part": row.part,
        "rule": _rule_data(row.rule),
    }


def _rule_data(rule: Rule | None) -> dict | None:
    return None if rule is None else rule._asdict()


def year_data(account: Account) -> dict:
    """The year after a settlement, ready to be given to the next line."""
    data: dict = {"year": account.year, "stays": account.stays}
    if account.balance:
        data["account_balance"] = yuan(account.balance)
    for section in SECTIONS:
        names = sorted(name for found, name in account.counters if found == section)
        values = {name: account.counters[(section, name)] for name in names}
        kept = {name: yuan(fen) for name, fen in values.items() if fen}
        if kept:
            data[section] = kept
    return data


def _difference(settled: Settlement, replaced: object) -> dict:
    """What this settlement pays beyond an earlier output line for the same stay."""
    if not isinstance(replaced, dict) or not isinstance(replaced.get("funds"), dict):
        raise StayError("replaces", "应为此前结算这次住院时输出的那一行")
    old = {
        name: _signed(value, f"replaces.funds.{name}") for name, value in replaced["funds"].items()
    }
    names = dict.fromkeys((*old, *settled.funds))
    funds = {name: yuan(settled.funds.get(name, 0) - old.get(name, 0)) for name in names}
    result: dict = {"funds": funds}
    for key in ("account", "cash", "personal"):
        before = _signed(replaced.get(key), f"replaces.{key}")
        result[key] = yuan(getattr(settled, key) - before)
    return result


def _signed(value: object, field: str) -> int:
    try:
        if not isinstance(value, str):
            raise ValueError(value)
        return money.parse_yuan(value)
    except ValueError:
        raise StayError(field, '应为此前输出的金额，例如 "1234.50"') from None
