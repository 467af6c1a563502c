"""Parts of the case page as HTML, by one format string a row.

A claim has some fifty things that can be asked for and some twenty documents; the template
engine pays for every look-up and number in them, which was a fifth of the page. Everything
that is put in is escaped by `fill`.
"""

from collections.abc import Iterable

from django.template.defaultfilters import linebreaksbr
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import localtime

from casework.admin.targets import Item
from casework.timeline import Entry
from config.addresses import address_of
from config.markup import fill, joined

_OPTION = '<option value="{}"{}>{}</option>'
_SELECTED, _CHECKED = mark_safe(" selected"), mark_safe(" checked")
_DOUBT = mark_safe(' <span class="desk-doubt">有疑点</span>')
_NEW = mark_safe(' <span class="desk-changed">补正后新增</span>')
_OTHER = ("other", "其他（写在下面）")
_ITEM = (
    '<div class="desk-target"><label><input type="checkbox" name="target" value="{code}"{ticked}>'
    ' {label}{doubt}</label><div class="desk-target-more"><label>理由 <select name="reason-{code}">'
    '<option value="">请选择</option>{reasons}</select></label> <label>具体说明 '
    '<input name="text-{code}" value="{text}" maxlength="200" autocomplete="off"></label>'
    "</div></div>\n"
)
_DOCUMENT = (
    '<figure class="desk-document" id="document-{pk}"><figcaption>{nth}. {label}{new} '
    '<a href="{original}">下载原件</a></figcaption><div class="desk-pane" tabindex="0" '
    'role="group" aria-label="{label}">{pages}</div></figure>\n'
)
_EVENT = '<li><time datetime="{at}">{shown}</time> <strong>{what}</strong> · {who}{note}</li>\n'
_PAGE = '<img loading="lazy" src="{}" alt="{} 第 {} 页">'


def options(choices: Iterable[tuple[str, str]], chosen: str = "") -> SafeString:
    """The choices (value, words) of a list as options, the chosen one selected."""
    return joined(
        fill(_OPTION, code, _SELECTED if code == chosen else "", word) for code, word in choices
    )


def items(found: Iterable[Item]) -> SafeString:
    """What a correction can ask for, each with a box, its reasons and room for words."""
    listed: dict[tuple, SafeString] = {}
    return joined(_item(item, listed) for item in found)


def _item(item: Item, listed: dict[tuple, SafeString]) -> SafeString:
    """One of them; `listed` keeps the reasons, of which most items have the same."""
    key = (item.reason, *(reason.code for reason in item.reasons))
    if key not in listed:
        reasons = [(reason.code, reason.text) for reason in item.reasons]
        listed[key] = options([*reasons, _OTHER], item.reason)
    return fill(
        _ITEM,
        code=item.code,
        ticked=_CHECKED if item.ticked else "",
        label=item.label,
        doubt=_DOUBT if item.doubtful else "",
        reasons=listed[key],
        text=item.text,
    )


def events(found: Iterable[Entry]) -> SafeString:
    """The timeline, one item an event."""
    return joined(
        fill(
            _EVENT,
            at=at.isoformat(timespec="seconds"),
            shown=f"{at:%Y-%m-%d %H:%M}",
            what=entry.what,
            who=entry.who,
            note=fill("<p>{}</p>", linebreaksbr(entry.note)) if entry.note else "",
        )
        for entry in found
        for at in [localtime(entry.at)]
    )


def documents(found: Iterable[dict]) -> SafeString:
    """The documents with their pages, each {file, label, new, pages}."""
    return joined(_document(nth, each) for nth, each in enumerate(found, start=1))


def _document(nth: int, document: dict) -> SafeString:
    pk, label = document["file"].pk, document["label"]
    pages = "".join(
        fill(_PAGE, address_of("casework:picture_page", pk, "large", page), label, page + 1)
        for page in document["pages"]
    )
    return fill(
        _DOCUMENT,
        pk=pk,
        nth=nth,
        label=label,
        new=_NEW if document["new"] else "",
        original=address_of("casework:file", pk),
        pages=mark_safe(pages),
    )
