"""Per place: above which amount a supervisor approves, and how many working days a stage has.

Data, in `limits.yaml`, each with its source and mark. Pure: no Django, no database.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from reimbursements.settlement.money import parse_yuan

FILE = Path(__file__).with_name("limits.yaml")
MARKS = ("示例", "待核", "")
NATION_FIELDS = {"intake_days", "statutory_days", "mark", "source"}
AREA_FIELDS = {*NATION_FIELDS, "supervisor_above", "promised_days"}


class LimitsError(ValueError):
    """The file does not fit; the Chinese text says where."""


@dataclass(frozen=True)
class Limits:
    """What holds in one pooling area. `supervisor_above` in fen: above it a supervisor
    approves; None where the place has set none, and then a supervisor always does."""

    supervisor_above: int | None
    intake_days: int
    statutory_days: int
    promised_days: int
    mark: str
    source: str

    def needs_supervisor(self, fen: int) -> bool:
        """Whether paying this much takes a supervisor's approval."""
        return self.supervisor_above is None or fen > self.supervisor_above


def limits_of(area: str) -> Limits:
    """The limits of a pooling area; those of the nation where it has set none."""
    return _shipped().get(area) or _shipped()["nation"]


@cache
def _shipped() -> dict[str, Limits]:
    return read_limits(FILE.read_text(encoding="utf-8"), FILE.name)


def read_limits(text: str, name: str) -> dict[str, Limits]:
    """{area or "nation": Limits} of a YAML text; raises LimitsError naming the place."""
    data = yaml.safe_load(text)
    if not isinstance(data, dict) or set(data) != {"nation", "areas"}:
        raise LimitsError(f"{name}：应有 nation 和 areas 两部分")
    nation = _checked(data["nation"], NATION_FIELDS, f"{name} nation")
    found = {"nation": _limits(nation, {}, f"{name} nation")}
    for area, values in (data["areas"] or {}).items():
        where = f"{name} {area}"
        if not (isinstance(area, str) and len(area) == 6 and area.isdigit()):
            raise LimitsError(f"{where}：统筹区应为加引号的六位代码")
        found[area] = _limits(nation, _checked(values, AREA_FIELDS, where), where)
    return found


def _checked(values, known: set[str], where: str) -> dict:
    if not isinstance(values, dict) or set(values) - known:
        raise LimitsError(f"{where}：只能写 {'、'.join(sorted(known))}")
    if values.get("mark", "") not in MARKS or not values.get("source"):
        raise LimitsError(f"{where}：要写来源，标记只能是示例、待核或不写")
    return values


def _limits(nation: dict, own: dict, where: str) -> Limits:
    merged = {**nation, **own}
    statutory = _days(merged, "statutory_days", where)
    above = merged.get("supervisor_above")
    try:
        fen = None if above is None else parse_yuan(str(above))
    except ValueError:
        raise LimitsError(f'{where}：supervisor_above 应为元，例如 "20000.00"') from None
    return Limits(
        supervisor_above=fen,
        intake_days=_days(merged, "intake_days", where),
        statutory_days=statutory,
        promised_days=_days({"promised_days": statutory, **merged}, "promised_days", where),
        mark=merged.get("mark", ""),
        source=merged["source"],
    )


def _days(values: dict, field: str, where: str) -> int:
    days = values.get(field)
    if isinstance(days, bool) or not isinstance(days, int) or not 0 <= days <= 366:
        raise LimitsError(f"{where}：{field} 应为 0 到 366 的整数")
    return days
