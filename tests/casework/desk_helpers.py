"""A browser session of a member of staff, and the pages of the desk."""

import html
import re
from html.parser import HTMLParser

from django.test import Client

from casework.actors import Actor
from filings.review import review
from filings.service import submit_filing
from residents.staff import mark_second_factor
from tests import factories

QUEUE = "/admin/casework/case/"
BACKEND = "django.contrib.auth.backends.ModelBackend"


def staff_client(user) -> Client:
    """A client logged in with password and second factor."""
    client = Client()
    client.force_login(user, BACKEND)
    session = client.session
    mark_second_factor(session, user)
    session.save()
    return client


class _Visible(HTMLParser):
    """Text that a person reads: no scripts, no styles; labels and placeholders count."""

    def __init__(self):
        super().__init__()
        self.words: list[str] = []
        self._skip = 0

    def handle_starttag(self, tag, attrs):
        if tag in ("script", "style", "kbd"):
            self._skip += 1
        for name, value in attrs:
            if name in ("placeholder", "title", "aria-label", "alt") and value:
                self.words.append(value)
        values = dict(attrs)
        if tag == "input" and values.get("type") in ("submit", "button"):
            self.words.append(values.get("value") or "")

    def handle_endtag(self, tag):
        if tag in ("script", "style", "kbd"):
            self._skip -= 1

    def handle_data(self, data):
        if not self._skip:
            self.words.append(data)


def visible_text(page: str) -> str:
    """What a person reads of a page."""
    reader = _Visible()
    reader.feed(page)
    return html.unescape("\n".join(reader.words))


def english_words(page: str) -> set[str]:
    """Words of three Latin letters or more that a person reads; a digest in hex is none."""
    return set(re.findall(r"[A-Za-z]{3,}", re.sub(r"\b[0-9a-f]{64}\b", "", visible_text(page))))


def queued(holding=None, **changes):
    """A filing of 呼和浩特, with all its documents, that waits for a clerk."""
    case = factories.draft_filing(holding, insured_area=factories.XINCHENG, **changes)
    for document in ("residence_permit", "id_document"):
        factories.add_document(case, document)
    return review(submit_filing(case, Actor.resident(case.account)))
