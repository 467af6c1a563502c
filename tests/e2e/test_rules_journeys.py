"""Rules and texts that two supervisors write and publish, looked at on both screens."""

import os
from pathlib import Path

import pytest

from filings.models import FilingRule, NoticeText
from tests import factories as f
from tests.e2e.people import enter

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


def as_supervisor(screens, area: str, **values):
    """A desk on which a supervisor of this area is logged in."""
    walker = screens(desk=True)
    enter(walker.page.context, f.clerk("supervisor", area=area, **values), walker.url)
    return walker


def picture(walker, name: str) -> None:
    """A picture of the page at both widths, where somebody asked for pictures."""
    folder = os.environ.get("SHOTS_DIR")
    if not folder:
        return
    was = walker.page.viewport_size
    for width in (390, 1280):
        walker.page.set_viewport_size({"width": width, "height": 800})
        walker.page.screenshot(path=Path(folder) / f"{name}-{width}.png", full_page=True)
    walker.page.set_viewport_size(was)


def test_a_place_writes_its_first_notice_and_a_second_person_publishes_it(screens):
    author, other = as_supervisor(screens, f.CHENGDU), as_supervisor(screens, f.CHENGDU)
    author.go("/admin/filings/noticetext/").sees("异地就医备案告知书")
    picture(author, "notice-list")
    author.go("/admin/filings/noticetext/add/").sees("新建告知书")
    author.page.get_by_label("适用地").select_option(f.CHENGDU)
    author.fill("自", "2026-12-01").fill("标题", "成都市异地就医备案告知书")
    author.fill("正文", "## 一、范围\n- 成都市参保人员。")
    for n in "一二三四":
        author.fill(f"最要紧的话，第{n}句", f"第{n}句要紧的话。")
    author.press("保存草稿").sees("请写第五句")
    picture(author, "notice-refused")
    author.fill("最要紧的话，第五句", "第五句要紧的话。").press("保存草稿").sees("已建草稿")
    picture(author, "notice-draft")
    author.press("预览居民看到的样子").sees("还没有发布", "第五句要紧的话。")
    picture(author, "notice-preview")
    author.press("返回").press("送审").sees("须由另一名工作人员发布")
    row = NoticeText.objects.get(state="in_review")
    other.go(f"/admin/filings/noticetext/{row.pk}/change/").press("发布").sees("已发布")
    picture(other, "notice-published")
    other.press("以此另建新版本")
    draft = NoticeText.objects.get(state="draft")
    other.go(f"/admin/filings/noticetext/{draft.pk}/change/")
    other.fill("标题", "成都市异地就医备案告知书（修订）").press("保存草稿").sees("与前一版的不同")
    picture(other, "notice-revised")


def test_a_national_rule_is_revised_and_its_effect_is_shown(screens):
    keeper = as_supervisor(screens, f.HOHHOT, rules_area="000000")
    rule = FilingRule.objects.get(key="000000:TMP-OTH:inter_province:310")
    keeper.go(f"/admin/filings/filingrule/{rule.pk}/change/").press("以此另建新版本")
    keeper.sees("已建草稿", "答复都不变")
    keeper.page.get_by_label("几个月内不能取消").fill("很久")
    keeper.press("保存草稿").sees("没有保存，请改正")
    picture(keeper, "rule-refused")
    keeper.page.get_by_label("几个月内不能取消").fill("3")
    keeper.press("保存草稿").sees("种的答复会变", "个统筹区按这条规则办理")
    picture(keeper, "rule-draft")
    keeper.press("送审").sees("须由另一名工作人员发布")
