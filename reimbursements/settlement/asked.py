"""Which facts of a stay a block of a policy depends on: its part of the plan is kept by them."""

from collections.abc import Iterable, Iterator

from reimbursements.settlement.conditions import Box
from reimbursements.settlement.model import (
    Benefit,
    Cap,
    Deductible,
    Layer,
    RatioRule,
    Repeat,
    Table,
    Version,
)


def boxes_of_table(table: Table | None) -> Iterator[Box]:
    """The conditions of a table's rows."""
    if table is not None:
        yield from (row.when for row in (*table.exceptions, *table.rows))


def boxes_of_benefit(benefit: Benefit) -> Iterator[Box]:
    """Every condition that decides what a benefit pays."""
    yield benefit.when
    yield from _boxes_of_rules(benefit)
    if benefit.floor is not None:
        yield from boxes_of_table(benefit.floor.table)


def _boxes_of_rules(block: Benefit | Layer) -> Iterator[Box]:
    if block.deductible is not None:
        yield from boxes_of_table(block.deductible.table)
        yield from boxes_of_table(block.deductible.ceiling)
    yield from boxes_of_table(block.ratio.table)
    yield from (item.when for item in (*block.ratio.additions, *block.out_of_area))
    for cap in block.caps:
        yield from boxes_of_table(cap.table)


def of_benefit(benefit: Benefit, shared: tuple[Cap, ...]) -> tuple[str, ...]:
    """The dimensions a benefit asks for, in a stable order."""
    return _dimensions([*boxes_of_benefit(benefit), *_of_caps(shared)], benefit)


def of_layer(layer: Layer, shared: tuple[Cap, ...]) -> tuple[str, ...]:
    """The dimensions a layer asks for, in a stable order."""
    return _dimensions([layer.when, *_boxes_of_rules(layer), *_of_caps(shared)], layer)


def _of_caps(caps: Iterable[Cap]) -> Iterator[Box]:
    for cap in caps:
        yield from boxes_of_table(cap.table)


def _dimensions(boxes: Iterable[Box], block: Benefit | Layer) -> tuple[str, ...]:
    found = {dimension for box in boxes for dimension in box}
    if _counts_stays(block.deductible):
        found.add("nth_stay")
    if _counts_years(block.ratio):
        found.add("age")
    if any(change.as_level is not None for change in block.out_of_area):
        found |= {"level", "charging_level"}
    return tuple(sorted(found))


def _counts_stays(deductible: Deductible | None) -> bool:
    if deductible is None:
        return False
    rows = (*deductible.table.rows, *deductible.table.exceptions)
    own = any(row.value.repeat for row in rows)
    return own or deductible.repeat != Repeat() or deductible.renew_days is not None


def _counts_years(ratio: RatioRule) -> bool:
    return any(addition.per_year for addition in ratio.additions)


def of_version(version: Version) -> frozenset[str]:
    """Every dimension that anything in a version asks for."""
    boxes: list[Box] = [version.covers]
    for table in version.catalogue.values():
        boxes.extend(boxes_of_table(table))
    if version.account is not None:
        boxes.append(version.account.when)
    found = {dimension for box in boxes for dimension in box}
    for benefit in version.benefits:
        found.update(of_benefit(benefit, version.caps))
    for layer in version.layers:
        found.update(of_layer(layer, version.caps))
    return frozenset(found)
