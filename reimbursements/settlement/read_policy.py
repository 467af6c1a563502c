"""A policy file, whole: header, versions in order, and the proof that each is complete."""

import hashlib
import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from reimbursements.settlement import read_values
from reimbursements.settlement.conditions import (
    Vocabulary,
    example,
    first_uncovered,
    meet,
    read_when,
)
from reimbursements.settlement.errors import PolicyError
from reimbursements.settlement.model import Benefit, Policy, Rule, Version
from reimbursements.settlement.read_blocks import (
    read_account,
    read_benefit,
    read_caps,
    read_catalogue,
    read_layer,
)
from reimbursements.settlement.read_tables import Context, read_rule, read_source
from reimbursements.settlement.terms import FUNDS, INSURANCES
from reimbursements.settlement.yamltree import Item, Section, read_tree

DECIDED_BY = {"discharge": "出院日", "admission": "入院日", "settlement": "结算日"}


def load_policy(path: str | Path) -> Policy:
    """The policy of a YAML file.

    Raises PolicyError with file, line, what stands there and what was expected.
    """
    name = str(path)
    try:
        text = Path(path).read_text(encoding="utf-8-sig")
    except OSError as error:
        raise PolicyError(name, 0, "", "读不到这个文件", "一个存在且可读的文件") from error
    except UnicodeDecodeError as error:
        raise PolicyError(name, 0, "", "文件不是 UTF-8 编码", "另存为 UTF-8") from error
    return read_policy(text, name)


def read_policy(text: str, file: str) -> Policy:
    """The policy written in ``text``; ``file`` is only named in refusals."""
    section = Section(read_tree(text, file), "一份政策")
    place = section.need("place", "统筹区六位代码").text()
    place_name = section.need("place_name", "统筹区名称").text()
    insurance = read_values.choice(section.need("insurance", "310 或 390"), INSURANCES)
    decided_by = read_values.choice(section.need("decided_by", "按哪一天定版本"), DECIDED_BY)
    year_starts = _read_year_start(section.get("year_starts"))
    vocabulary = _read_vocabulary(section)
    header = (place, place_name, insurance, decided_by, year_starts)
    items = section.need("versions", "各版本").items("各版本的列表")
    section.done()
    if not items:
        section.item.fail("至少一个版本", "没有版本")
    versions = tuple(_read_version(item, header, vocabulary) for item in items)
    _check_dates(items, versions)
    return Policy(
        place=place,
        place_name=place_name,
        insurance=insurance,
        decided_by=decided_by,
        year_starts=year_starts,
        vocabulary=vocabulary,
        versions=versions,
        fund_labels=_fund_labels(versions),
        pots=frozenset(b.pot for v in versions for b in v.benefits),
        counted_names=frozenset(_counted_names(versions)),
        file=file,
    )


def _read_year_start(item: Item | None) -> tuple[int, int]:
    if item is None:
        return 1, 1
    text = item.text("医保年度的首日，例如 07-01")
    try:
        day = date.fromisoformat(f"2001-{text}")
    except ValueError:
        item.fail("医保年度的首日，例如 07-01")
    return day.month, day.day


def _read_vocabulary(section: Section) -> Vocabulary:
    lists = {
        key: read_values.words(section.get(key), "若干个词的列表")
        for key in ("levels", "person_groups", "hardship", "tags")
    }
    aliases = section.get("level_aliases")
    mapped = {}
    if aliases is not None:
        names = Section(aliases, "别名到等级，例如 {乡镇卫生院: 一级}")
        for word in aliases.value:
            level = names.get(word).text()
            if level not in lists["levels"]:
                names.get(word).fail("、".join(lists["levels"]) or "先用 levels 列出等级")
            mapped[word] = level
    return Vocabulary(**lists, level_aliases=mapped)


def _read_version(item: Item, header: tuple, vocabulary: Vocabulary) -> Version:
    section = Section(item, "一个版本")
    name = section.need("version", "版本名称").text()
    valid_from = read_values.day(section.need("valid_from", read_values.DAY))
    section.get("valid_to")
    doc_no, source = read_source(section.need("source", "来源"))
    rule = read_rule(section, Rule(header[1], name, doc_no, source, None, None))
    references = _read_references(section.get("references"))
    covers = read_when(section.need("covers", "管哪些就医类别和地点"), vocabulary)
    if "kind" not in covers:
        item.value["covers"].fail("写明 kind，例如 {kind: inpatient}", "没有写就医类别")
    context = Context(vocabulary, references, covers, rule)
    benefits = _read_benefits(section.get("benefits"), context)
    cap_items = section.get("caps")
    has_cap = cap_items is not None or any(benefit.caps for benefit in benefits)
    layers = _read_layers(section.get("layers"), context, has_cap)
    if not benefits and not layers:
        item.fail("benefits 或 layers，至少写一个", "这个版本什么都不支付")
    labels = {"basic": FUNDS["basic"]} if benefits else {}
    labels.update({layer.fund: layer.label for layer in layers})
    version = Version(
        name=name,
        valid_from=valid_from,
        rule=rule,
        covers=covers,
        catalogue=read_catalogue(section.get("catalogue"), context),
        benefits=benefits,
        layers=layers,
        caps=read_caps(cap_items, context, labels),
        account=read_account(section.get("account"), context),
        sha256=_fingerprint(header, item),
        line=item.line,
    )
    section.done()
    return version


def _read_references(item: Item | None) -> dict[str, int]:
    if item is None:
        return {}
    section = Section(item, "名称到金额，例如 {上年度平均工资: 80000.00}")
    return {name: read_values.amount(section.get(name)) for name in item.value}


def _read_benefits(item: Item | None, context: Context) -> tuple:
    if item is None:
        return ()
    entries = item.items("各项待遇")
    found = [read_benefit(entry, context) for entry in entries]
    for n, benefit in enumerate(found):
        for other in found[:n]:
            _refuse_clash(entries[n], benefit, other, context)
    gap = first_uncovered(context.space, [b.when for b in found], context.vocabulary)
    if gap is not None:
        shown = example(gap, context.vocabulary)
        item.fail("covers 里的每一种情况都有一项待遇", f"有空缺：没有一项待遇适用于 {shown}")
    return tuple(found)


def _refuse_clash(item: Item, benefit, other, context: Context) -> None:
    if benefit.name == other.name:
        item.fail("各项待遇名称不同", f"名称 {benefit.name} 写了两次")
    space = meet(context.space, benefit.when)
    common = meet(space, other.when)
    if common is not None:
        shown = example(common, context.vocabulary)
        item.fail("各项待遇互不重叠", f"与待遇 {other.name} 重叠：都适用于 {shown}")


def _read_layers(item: Item | None, context: Context, has_cap: bool) -> tuple:
    if item is None:
        return ()
    entries = item.items("各层保障")
    found = [read_layer(entry, context, has_cap) for entry in entries]
    for n, layer in enumerate(found):
        if layer.fund in [other.fund for other in found[:n]]:
            entries[n].fail("每个基金一层", f"基金 {layer.fund} 写了两层")
    return tuple(found)


def _check_dates(items: list[Item], versions: tuple[Version, ...]) -> None:
    for n, version in enumerate(versions):
        later = versions[n + 1] if n + 1 < len(versions) else None
        stated = items[n].value.get("valid_to")
        if later and later.valid_from <= version.valid_from:
            items[n + 1].value["valid_from"].fail(
                f"晚于上一版本的 {version.valid_from}", "版本重叠或没有按先后排列"
            )
        if version.name in [other.name for other in versions[:n]]:
            items[n].value["version"].fail("各版本名称不同", f"版本 {version.name} 写了两次")
        if stated is not None and stated.value:
            _check_end(stated, later)


def _check_end(stated: Item, later: Version | None) -> None:
    if later is None:
        stated.fail("最后一个版本不写 valid_to，它一直有效到下一版本", "末日之后没有版本")
    last = later.valid_from - timedelta(days=1)
    end = read_values.day(stated)
    if end != last:
        word = "版本之间有空缺" if end < last else "两个版本重叠"
        stated.fail(f"{last}（下一版本首日的前一天），或不写 valid_to", word)


def _fund_labels(versions: tuple[Version, ...]) -> dict[str, str]:
    labels = {}
    for version in versions:
        if version.benefits:
            labels["basic"] = FUNDS["basic"]
        labels.update({layer.fund: layer.label for layer in version.layers})
    return labels


def _counted_names(versions: tuple[Version, ...]) -> Iterator[str]:
    for version in versions:
        for block in (*version.benefits, *version.layers):
            yield block.name if isinstance(block, Benefit) else block.fund
            yield from (cap.pot for cap in block.caps if cap.pot is not None)


def _fingerprint(header: tuple, item: Item) -> str:
    """SHA-256 over the canonical form of one version with its header.

    Comments, order of keys and layout do not count; a later version does not change
    the fingerprint of an older one.
    """
    data = {"header": list(header), "version": item.plain()}
    text = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
