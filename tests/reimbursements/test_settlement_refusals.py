"""A policy that is not whole or not exact is refused, with its line and what was expected."""

from textwrap import dedent, indent

import pytest

from reimbursements.settlement import PolicyError, load_policy, read_policy
from tests.reimbursements.settling import HEAD, policy, text_of

VERSION = "covers: {kind: inpatient}\n"
RATIO = "ratio: {pays: 80%}"


def refusal(text: str) -> PolicyError:
    with pytest.raises(PolicyError) as refused:
        read_policy(text, "某市.yaml")
    return refused.value


def line_of(text: str, needle: str) -> int:
    return next(n for n, line in enumerate(text.splitlines(), 1) if needle in line)


def in_benefit(body: str) -> str:
    head = "benefits:\n  - name: main\n"
    return text_of(head + indent(dedent(body).strip(), "    "), VERSION.strip())


# What stands in the benefit, where the refusal points (None: not the line of a marker),
# and words that the message must hold. «» marks the line.
BAD_BENEFITS = [
    ("deductible: {amount: 800.005} #«»\nratio: {pays: 80%}", "最多两位小数"),
    ("deductible: {amount: -5} #«»\nratio: {pays: 80%}", "金额"),
    ("deductible: {amount: 1,200.00} #«»\nratio: {pays: 80%}", "不认识或放错位置的键"),
    ('deductible: {amount: "1,200.00"} #«»\nratio: {pays: 80%}', "金额"),
    ("deductible: {amount: 8e2} #«»\nratio: {pays: 80%}", "金额"),
    ("deductible: {amount: 800 元} #«»\nratio: {pays: 80%}", "金额"),
    ("deductible: {} #«»\nratio: {pays: 80%}", "amount 或 percent"),
    ("deductible: {amount: 1, percent: 2%, of: total} #«»\nratio: {pays: 80%}", "恰好写一个"),
    ("deductible: {percent: 2%} #«»\nratio: {pays: 80%}", "缺少 of"),
    ("deductible: {percent: 2%, of: 平均工资} #«»\nratio: {pays: 80%}", "total、in_scope"),
    (
        "deductible: {percent: 2%, of: total, at_least: 9, at_most: 8} #«»\nratio: {pays: 80%}",
        "不小于 at_least",
    ),
    ("deductible: {amount: 5, period: week} #«»\nratio: {pays: 80%}", "quarter（每季度）"),
    ("deductible: {amount: 5, repeat: {down_to: 1}} #«»\nratio: {pays: 80%}", "没有写清怎样递减"),
    ("deductible: {amount: 5, renew: {every_days: 90}} #«»\nratio: {pays: 80%}", "charged_as"),
    ("deductible: {amount: 5, ceiling: 9} #«»\nratio: {pays: 80%}", "键 ceiling"),
    ("ratio: {pays: 0.85} #«»", "例如 85%"),
    ("ratio: {pays: 101%} #«»", "不超过 100%"),
    ("ratio: {pays: 85.555%} #«»", "最多两位小数"),
    ("ratio: {pays: 85%, measured: before_deductible} #«»", "没有分段"),
    ("ratio: {pays: 99%, add: [{points: 2}]} #«»", "101%"),
    ("ratio: {pays: 70%, add: [{points_per_year: 0.2, above_age: 0}]} #«»", "at_most"),
    ("ratio: {pays: 70%, add: [{when: {person_group: 退休}}]} #«»", "恰好写一个"),
    ("ratio: {pays: 70%, add: [{points: 1, own_share_times: 60%}]} #«»", "恰好写一个"),
    ("ratio: {bands: [{from: 0, pays: 80%}, {from: 9, pays: 90%}]} #«»", "measured"),
    (
        "ratio: {bands: [{from: 0, pays: 80%}, {from: 9, pays: 90%}], "
        "measured: after_deductible} #«»",
        "bands_on",
    ),
    ("ratio: {bands: []} #«»", "至少一档"),
    ("ratio:\n  bands:\n    - {from: 0, pays: 80%}\n    - {from: 0, pays: 90%} #«»", "不重叠"),
    ("ratio:\n  bands:\n    - {from: 9, pays: 80%}\n    - {from: 5, pays: 90%} #«»", "大于上一档"),
    ("ratio:\n  bands: [{from: 0, to: 5, pays: 80%}] #«»", "键 to"),
    ("ratio: {pays: 80%}\nout_of_area: [{points: 10}] #«»", "负的百分点"),
    ("ratio: {pays: 80%}\nout_of_area: [{factor: 110%}] #«»", "不超过 100%"),
    ("ratio: {pays: 80%}\nout_of_area: [{deductible_times: 0.5}] #«»", "1 到 10"),
    ("ratio: {pays: 80%}\nout_of_area: [{when: {filing: TMP-OTH}}] #«»", "至少写一个"),
    ("ratio: {pays: 80%}\nout_of_area: [{when: {place: same_area}, points: -5}] #«»", "参保地"),
    ("ratio: {pays: 80%}\nout_of_area: [{when: {filing: 转院}, points: -5}] #«»", "TMP-REF"),
    ("ratio: {pays: 80%}\nfloor: {pays: 40%} #«»", "缺少 on"),
    ("ratio: {pays: 80%}\nfloor: {pays: 40%, on: bill} #«»", "total_less_deductible"),
    ("ratio: {pays: 80%}\ncaps: [{amount: 5}] #«»", "缺少 per"),
    ("ratio: {pays: 80%}\ncaps: [{per: year, amount: 5, funds: basic}] #«»", "键 funds"),
    ("ratio: {pays: 80%}\nratios: {pays: 80%} #«»", "键 ratios"),
    ("ratio: {pays: 80%}\nratio: {pays: 70%} #«»", "写了两次"),
    ("rate: {pays: 80%}", "缺少 ratio"),
    ("ratio: {pays: 80%, when: {level: 三级}} #«»", "键 when"),
    (
        "ratio:\n  rows:\n    - {when: {level: 三级}, pays: 80%}\n"
        "    - {when: {level: [二级, 三级]}, pays: 85%} #«»",
        "重叠：两行都适用于 医院等级 三级",
    ),
    (
        "ratio:\n  rows: #«»\n    - {when: {level: 三级}, pays: 80%}\n"
        "    - {when: {level: 二级}, pays: 85%}",
        "有空缺：没有一行适用于 医院等级 一级",
    ),
    (
        "ratio:\n  rows: #«»\n    - {when: {age: {below: 60}}, pays: 80%}\n"
        "    - {when: {age: {at_least: 61}}, pays: 85%}",
        "年龄 60 岁",
    ),
    (
        "ratio:\n  rows: #«»\n    - {when: {nth_stay: 1}, pays: 80%}\n"
        "    - {when: {nth_stay: 2}, pays: 85%}",
        "第 3 次住院",
    ),
    (
        "ratio:\n  rows: #«»\n    - {when: {level: 三级, person_group: 退休}, pays: 80%}\n"
        "    - {when: {level: [一级, 二级]}, pays: 85%}",
        "医院等级 三级、人员类别 在职",
    ),
    ("ratio: {rows: [{when: {level: 四级}, pays: 80%}]} #«»", "一级、二级、三级"),
    ("ratio: {rows: [{when: {kind: outpatient}, pays: 80%}]} #«»", "永远用不到"),
    ("ratio: {rows: [{when: {age: {at_least: 60, below: 50}}, pays: 80%}]} #«»", "小于 below"),
    ("ratio: {rows: [{when: {tag: 中医}, pays: 80%}]} #«»", "精神病专科"),
    ("ratio: {rows: [{when: {city: 成都}, pays: 80%}]} #«»", "键 city"),
    ("ratio: [80%] #«»", "写了一个列表"),
]


@pytest.mark.parametrize(("body", "words"), BAD_BENEFITS, ids=range(len(BAD_BENEFITS)))
def test_a_bad_benefit_is_refused_at_its_line(body, words):
    text = in_benefit(body)
    refused = refusal(text)
    assert words in str(refused)
    assert refused.expected
    if "«»" in text:
        assert refused.line == line_of(text, "«»")
    assert str(refused).startswith(f"某市.yaml 第 {refused.line} 行")


def test_a_first_band_above_nought_leaves_a_gap_unless_the_deductible_fills_it():
    ratio = (
        "ratio:\n  bands: [{from: 800, pays: 80%}, {from: 5000, pays: 85%}]\n"
        "  bands_on: stay\n  measured: MEASURED\n"
    )
    before = ratio.replace("MEASURED", "before_deductible")
    after = ratio.replace("MEASURED", "after_deductible")
    assert policy(
        f"benefits:\n  - name: a\n    deductible: {{amount: 800}}\n{indent(before, '    ')}"
    )
    for deductible in (
        "{amount: 799.99}",
        "{amount: 800, repeat: {percents: [50%]}}",
        "{amount: 800, yearly_ceiling: 2000}",
        "{amount: 800, period: year}",
        "{amount: 800, exceptions: [{when: {level: 一级}, amount: 0}]}",
    ):
        refused = refusal(in_benefit(f"deductible: {deductible}\n{before}"))
        assert "有空缺：第一档从 800.00 元起" in str(refused)
    assert "有空缺" in str(refusal(in_benefit(f"deductible: {{amount: 800}}\n{after}")))


BAD_HEADERS = [
    ('insurance: "310"', 'insurance: "300"', "390"),
    ("decided_by: discharge", "decided_by: birth", "admission"),
    ("levels: [一级, 二级, 三级]", "levels: [一级, 一级]", "只写一次"),
    ("levels: [一级, 二级, 三级]", "level: [一级]", "键 level"),
    ("place_name: 测试市\n", "", "缺少 place_name"),
    ("valid_from: 2024-01-01", "valid_from: 2024-02-30", "日期"),
    ("valid_from: 2024-01-01", "valid_from: 2024-1-1", "日期"),
    ("source: {title: 测试通知, doc_no: 测医保〔2024〕1号}\n", "\n", "缺少 source"),
    ("title: 测试通知, ", "", "缺少 title"),
    ("doc_no: 测医保〔2024〕1号", "docno: 1", "键 docno"),
    ("version: 第一版", "version: 第一版\n    mark: 草稿", "示例"),
    ("decided_by: discharge", "decided_by: discharge\nyear_starts: 13-01", "07-01"),
    ("tags: [", "level_aliases: {乡镇: 四级}\ntags: [", "一级、二级、三级"),
]


@pytest.mark.parametrize(("old", "new", "words"), BAD_HEADERS, ids=range(len(BAD_HEADERS)))
def test_a_bad_header_is_refused(old, new, words):
    good = in_benefit(RATIO)
    assert old in good
    refused = refusal(good.replace(old, new))
    assert words in str(refused)
    assert refused.line > 0


BAD_VERSIONS = [
    ("benefits: []", "有空缺"),
    ("account: {pays: in_scope}", "benefits 或 layers"),
    ("layers: []", "benefits 或 layers"),
    ("benefits:\n  - {name: a, when: {level: 三级}, ratio: {pays: 1%}}", "没有一项待遇"),
    (
        "benefits:\n  - {name: a, ratio: {pays: 1%}}\n  - {name: b, ratio: {pays: 1%}}",
        "与待遇 a 重叠",
    ),
    (
        "benefits:\n  - {name: a, when: {level: 三级}, ratio: {pays: 1%}}\n"
        "  - {name: a, when: {level: [一级, 二级]}, ratio: {pays: 1%}}",
        "写了两次",
    ),
    ("benefits:\n  - {name: basic, ratio: {pays: 1%}}", "不与基金代码同名"),
    ("benefits:\n  - {name: a, when: {kind: pharmacy}, ratio: {pays: 1%}}", "永远用不到"),
    ("layers: [{fund: basic, base: in_scope, period: stay, ratio: {pays: 1%}}]", "basic"),
    ("layers: [{fund: mine, base: in_scope, period: stay, ratio: {pays: 1%}}]", "label"),
    ("layers: [{fund: assistance, base: rest, period: stay, ratio: {pays: 1%}}]", "in_scope_left"),
    ("layers: [{fund: assistance, base: in_scope, ratio: {pays: 1%}}]", "缺少 period"),
    ("layers: [{fund: assistance, base: over_cap, period: stay, ratio: {pays: 1%}}]", "限额"),
    (
        "layers: [{fund: assistance, base: in_scope, period: stay, ratio: {pays: 1%}}, "
        "{fund: assistance, base: in_scope, period: stay, ratio: {pays: 1%}}]",
        "写了两层",
    ),
    (
        "layers: [{fund: assistance, base: total_left, plus: [self_first], period: stay, "
        "ratio: {pays: 1%}}]",
        "in_scope_left",
    ),
    (
        "layers: [{fund: assistance, base: in_scope, period: stay, "
        "deductible: {amount: 1, repeat: {percents: [50%]}}, ratio: {pays: 1%}}]",
        "键 repeat",
    ),
    (f"benefits: [{{name: a, {RATIO}}}]\ncaps: [{{per: year, amount: 1}}]", "缺少 funds"),
    (
        f"benefits: [{{name: a, {RATIO}}}]\ncaps: [{{funds: other, per: year, amount: 1}}]",
        "basic（",
    ),
    (f"benefits: [{{name: a, {RATIO}}}]\naccount: {{pays: cash}}", "own_expense"),
    (f"benefits: [{{name: a, {RATIO}}}]\ncatalogue: {{乙类: 五成}}", "by_line"),
    (f"benefits: [{{name: a, {RATIO}}}]\ncatalogue: {{乙类: {{limit: 5}}}}", "self_first"),
    (f"benefits: [{{name: a, {RATIO}}}]\nreferences: {{工资: 多}}", "金额"),
    (f"benefits: [{{name: a, {RATIO}}}]\nbenefit: 1", "键 benefit"),
]


@pytest.mark.parametrize(("body", "words"), BAD_VERSIONS, ids=range(len(BAD_VERSIONS)))
def test_a_bad_version_is_refused(body, words):
    refused = refusal(text_of(body, VERSION.strip()))
    assert words in str(refused)
    assert refused.line >= line_of(HEAD, "version: 第一版")


def test_a_version_says_which_kinds_of_care_it_covers():
    body = f"benefits: [{{name: a, {RATIO}}}]"
    assert "没有写就医类别" in str(refusal(text_of(body, "covers: {place: same_area}")))
    assert "缺少 covers" in str(refusal(text_of(body, "notes: x")))


def versions(*parts: tuple[str, str, str | None]) -> str:
    text = HEAD[: HEAD.index("versions:")] + "versions:\n"
    for name, first, last in parts:
        text += f"  - version: {name}\n    valid_from: {first}\n"
        text += f"    valid_to: {last}\n" if last else ""
        text += "    source: {title: 通知}\n    covers: {kind: inpatient}\n"
        text += f"    benefits: [{{name: main, {RATIO}}}]\n"
    return text


def test_versions_follow_each_other_without_gap_or_overlap():
    good = versions(("一", "2024-01-01", "2024-12-31"), ("二", "2025-01-01", None))
    assert len(read_policy(good, "x").versions) == 2
    gap = refusal(versions(("一", "2024-01-01", "2024-12-30"), ("二", "2025-01-01", None)))
    assert "空缺" in str(gap) and "2024-12-31" in str(gap)
    overlap = refusal(versions(("一", "2024-01-01", "2025-01-01"), ("二", "2025-01-01", None)))
    assert "重叠" in str(overlap)
    same = refusal(versions(("一", "2024-01-01", None), ("二", "2024-01-01", None)))
    assert "晚于上一版本" in str(same)
    back = refusal(versions(("一", "2024-01-01", None), ("二", "2023-01-01", None)))
    assert back.line == 16
    assert "一直有效" in str(refusal(versions(("一", "2024-01-01", "2024-12-31"))))
    assert "写了两次" in str(
        refusal(versions(("一", "2024-01-01", None), ("一", "2025-01-01", None)))
    )


BROKEN_YAML = [
    ("place: [\n", "YAML 写法有误"),
    ("", "文件是空的"),
    ("- a\n- b\n", "写了一个列表"),
    ("place: a: b\n", "YAML 写法有误"),
    ("a: &x 1\nb: *x\n", "锚点"),
    ("a: !!float 1\n", "标签"),
    ("<<: {a: 1}\n", "一个键名"),
    ("? [a]\n: b\n", "一个键名"),
    ("place: 1\n---\nplace: 2\n", "YAML 写法有误"),
    ("\tplace: 1\n", "YAML 写法有误"),
]


@pytest.mark.parametrize(("text", "words"), BROKEN_YAML, ids=range(len(BROKEN_YAML)))
def test_yaml_that_hides_or_breaks_something_is_refused(text, words):
    assert words in str(refusal(text))


def test_a_file_that_cannot_be_read_is_one_clear_sentence(tmp_path):
    with pytest.raises(PolicyError, match="读不到这个文件"):
        load_policy(tmp_path / "none.yaml")
    other = tmp_path / "gb.yaml"
    other.write_bytes("place_name: 测试市".encode("gb18030"))
    with pytest.raises(PolicyError, match="UTF-8"):
        load_policy(other)


def test_a_byte_order_mark_is_no_obstacle(tmp_path):
    file = tmp_path / "bom.yaml"
    file.write_text(in_benefit(RATIO), encoding="utf-8-sig")
    assert load_policy(file).place_name == "测试市"
