"""Rules, texts and policies as those who keep them see them: the lists, a published version, a
draft with what it changes, one in review, one that was refused, the preview.
"""

from collections.abc import Iterator
from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from filings import rules_publishing, texts_publishing
from filings.models import FilingRule, NoticeText, PromiseText
from reimbursements import policy_publishing
from reimbursements.models import SettlementPolicy
from residents.models import User
from tests.e2e.desk_gallery import user
from tests.e2e.pictures import Shot, press

HOHHOT, LINCANG = "150100", "530900"
# The keepers: one writes, another reviews.
AUTHOR, REVIEWER = "hohhot-supervisor", "lincang-supervisor"


def make_keepers() -> None:
    """Drafts and versions in review of each kind."""
    author = user(AUTHOR)
    begins = (timezone.localdate() + timedelta(days=40)).isoformat()
    _rule(author, begins)
    for model in (NoticeText, PromiseText):
        _texts(model, author, begins)
    _policy(author)


def _rule(author: User, begins: str) -> None:
    published = FilingRule.objects.filter(place=HOHHOT, state="published").order_by("pk")
    rule = published.filter(category="TMP-OTH").first() or published[0]
    rules_publishing.draft_from(rule, author, valid_from=begins, cancel_lock_months=3)
    sent = rules_publishing.draft_from(published.last(), author, valid_from=begins)
    rules_publishing.send_to_review(sent, author)


def _texts(model, author: User, begins: str) -> None:
    national = model.objects.filter(state="published").order_by("pk")[0]
    for number, move in enumerate((False, True)):
        place = (HOHHOT, "150102")[number]
        row = texts_publishing.draft_from(national, author, place=place, valid_from=begins)
        if move:
            texts_publishing.publishing_of(model).send_to_review(row, author)


def _policy(author: User) -> None:
    for insurance, sent in (("310", False), ("390", True)):
        row = SettlementPolicy.objects.get(area=HOHHOT, insurance=insurance, state="published")
        draft = policy_publishing.draft_from(row, author)
        text = row.text.replace("示例一", "示例二")
        if not sent:  # its examples are of days before it, and so do not pass
            text = text.replace("2024-01-01", "2026-01-01")
        changed = {"text": text, "cases": row.cases, "valid_to": None}
        draft = policy_publishing.revise_draft(draft, author, **changed)
        if sent:
            policy_publishing.send_to_review(draft, author)


def shots() -> Iterator[Shot]:
    """Every picture of what is kept."""
    head, empty = user(AUTHOR), user("empty-supervisor")
    for model, word in (
        (FilingRule, "备案规则"),
        (NoticeText, "告知书"),
        (PromiseText, "承诺书"),
        (SettlementPolicy, "结算政策"),
    ):
        listing = reverse(f"admin:{model._meta.label_lower.replace('.', '_')}_changelist")
        yield Shot(word, head, listing, desk=True)
        yield Shot(f"{word}：没有草稿", empty, f"{listing}?state__exact=draft", desk=True)
        for state, name in (("published", "已发布"), ("draft", "草稿"), ("in_review", "待发布")):
            yield Shot(f"{word}：{name}", head, _page(model, state), desk=True)
        yield Shot(f"{word}：草稿没有保存", head, _page(model, "draft"), _spoil, desk=True)
        if model is not FilingRule:
            yield Shot(f"{word}：新建", head, f"{listing}add/", desk=True)
            yield Shot(f"{word}：新建没有填", head, f"{listing}add/", press("保存草稿"), desk=True)
    for model, word in ((NoticeText, "告知书"), (PromiseText, "承诺书")):
        name = f"admin:{model._meta.label_lower.replace('.', '_')}_preview"
        row = model.objects.filter(state="draft").order_by("pk")[0]
        yield Shot(f"{word}：预览", head, reverse(name, args=[row.pk]), desk=True)


def _page(model, state: str) -> str:
    rows = model.objects.filter(state=state).order_by("pk")
    name = "area" if model is SettlementPolicy else "place"
    row = rows.filter(**{name: HOHHOT}).first() or rows[0]
    return reverse(f"admin:{model._meta.label_lower.replace('.', '_')}_change", args=[row.pk])


def _spoil(page) -> None:
    """What is typed does not fit."""
    box = page.locator("#content textarea:visible, #content input[inputmode=numeric]:visible").first
    box.fill("place: 很远的地方")
    press("保存草稿")(page)
