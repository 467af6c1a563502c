"""The start page: what one can do here, and what is open for the person who asks."""

from django.shortcuts import render
from django.urls import NoReverseMatch, reverse

from casework.home import open_items

# icon, title, one line, address
MATTERS = (
    ("filing", "异地就医备案", "先备案，外地看病直接结算", "filings:start"),
    ("records", "备案记录", "看进度、补材料、打印备案表", "filings:records"),
    ("claim", "手工报销", "自己垫付的，拿票据来报销", "reimbursements:start"),
    ("hospital", "查医院", "看能异地结算的医院和药店", "facilities:search"),
)
# How the state of an open case is shown: tone and word.
STATES = {"draft": ("info", "未提交"), "correction": ("waiting", "待补正")}


def home(request):
    """The four matters; for a logged-in resident also what waits for them."""
    person = request.user.is_authenticated and not request.user.is_staff
    items = [_shown(item) for item in open_items(request.user)] if person else []
    context = {
        "matters": _matters(),
        "check_url": _address("filings:check"),
        "login_url": _address("residents:login"),
        "items": items,
        "logged_in": person,
    }
    return render(request, "home.html", context)


def _matters() -> list[dict]:
    return [
        {"icon": icon, "title": title, "text": text, "url": url}
        for icon, title, text, name in MATTERS
        if (url := _address(name))
    ]


def _address(name: str) -> str:
    """The address of a named page, "" while that part of the house is not there."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def _shown(item: dict) -> dict:
    tone, word = STATES.get(item["state"], ("info", "办理中"))
    return {**item, "tone": tone, "word": word}
