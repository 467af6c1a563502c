"""告知书 and 承诺书 from draft to published: new versions, texts of a new place, two people.

A published text is never edited: cases point at it by its hash (`filings.missing`).
"""

from django.db import transaction

from casework.versions import Publishing, PublishRefused
from filings.decision.errors import RuleError
from filings.decision.rulebook import Rulebook
from filings.decision.texts import NOTICE, PROMISE, AgencyText
from filings.models import NoticeText, PromiseText
from filings.models.texts import DatedText
from filings.rules_publishing import NEWEST
from filings.rules_store import forget_rulebook, published_rows, texts_of

KIND_OF = {NoticeText: NOTICE, PromiseText: PROMISE}


def create_draft(model: type[DatedText], actor, **values) -> DatedText:
    """A draft of a text; `values` are its fields (plain values) but for the kind.

    Raises RuleError (Chinese, with the field) for what does not fit.
    """
    text = AgencyText.from_dict({**values, "kind": KIND_OF[model]})
    return publishing_of(model).stored(model.of(text, created_by=actor), actor)


def draft_from(row: DatedText, actor, **changes) -> DatedText:
    """A new draft that starts from `row`, of another place too where `changes` says so."""
    return create_draft(type(row), actor, **{**_plain(row), "valid_to": None, **changes})


def revise_draft(row: DatedText, actor, **changes) -> DatedText:
    """Change a draft, never the place and the categories that say which text it is.

    Raises RuleError for a value that does not fit, PublishRefused for anything but a draft.
    """
    with transaction.atomic():
        row = publishing_of(type(row)).editable(row)
        text = AgencyText.from_dict({**row.body, **changes})
        if text.key != row.key:
            raise RuleError("place", "适用地和备案类型不能在草稿里改，请另建一份")
        day_before = row.valid_from
        row.body, row.valid_from = text.to_dict(), text.valid_from
        return publishing_of(type(row)).revised(row, actor, day_before)


def publishing_of(model: type[DatedText]) -> Publishing:
    """How the versions of this kind of text are published."""
    return _PUBLISHING[model]


def _plain(row: DatedText) -> dict:
    return {name: value for name, value in row.body.items() if name != "kind"}


def _refuse_misfit(row: DatedText) -> None:
    """Raise PublishRefused unless the texts hold together with this version among them."""
    model = type(row)
    try:
        candidate = model.of(row.text(), version=NEWEST)
        Rulebook.from_rules((), texts_of([*published_rows(model), candidate]))
    except RuleError as error:
        raise PublishRefused(f"文本内容有误，请改正后再发布。{error}") from None


_PUBLISHING = {
    model: Publishing(
        model,
        noun="文本",
        same=("key",),
        beside=("place",),
        number="version",
        refuse_misfit=_refuse_misfit,
        published=forget_rulebook,
    )
    for model in KIND_OF
}
