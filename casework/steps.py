"""The steps of a wizard, as every kind of case has them: what a page asks and what it saves."""

from dataclasses import dataclass

from django.utils import timezone

from casework.asking import InsuredForm, NoticeForm
from casework.insured_places import insured_places
from casework.reading import blocks, minutes


@dataclass
class Asked:
    """What a step shows and checks: one or two forms, and what else its page needs."""

    forms: list
    context: dict

    def is_valid(self) -> bool:
        """Whether every form of the page holds (all are checked, so that all errors show)."""
        return all([form.is_valid() for form in self.forms])


class Step:
    """One page of a wizard; `dossier` is the kind's own."""

    slug = ""
    number = 0
    name = ""
    template = ""
    results = ""  # the part of the template that a search by htmx replaces

    def template_for(self, request) -> str:
        """The page, or for a search by htmx the results alone."""
        searching = self.results and request.htmx and request.method == "GET"
        return self.results if searching else self.template

    def applies(self, dossier) -> bool:
        """Whether this page is asked at all."""
        return True

    def ask(self, request, dossier, data=None) -> Asked:
        """The forms of the page: unbound, or bound to what was posted."""
        raise NotImplementedError

    def changes(self, asked: Asked, dossier) -> dict:
        """The answers (as stored) that a valid page saves."""
        raise NotImplementedError


class InsuredStep(Step):
    """参保地与险种: the register's lines of a proven person, or a place found by name."""

    slug, name = "insured", "参保地与险种"
    results = "wizard/insured_results.html"

    def insurance(self, dossier) -> str:
        """The insurance that is offered as chosen while none was answered; "" for none."""
        return ""

    def ask(self, request, dossier, data=None) -> Asked:
        text = request.GET.get("q", "").strip()
        places = insured_places(dossier, text, (data or {}).get("insured_area", ""))
        answers = dossier.answers
        initial = {"insured_area": answers.insured_area, "insurance": answers.insurance}
        if not answers.insured_area and len(places) == 1:
            initial["insured_area"] = places[0][0]
        if data is None and not initial["insurance"]:
            initial["insurance"] = self.insurance(dossier)
        form = InsuredForm(data, places=places, initial=initial)
        return Asked([form], {"q": text, "places": places})

    def changes(self, asked, dossier) -> dict:
        data = asked.forms[0].cleaned_data
        return {"insured_area": data["insured_area"], "insurance": data["insurance"]}


class NoticeStep(Step):
    """告知书: the text of this place; what is stored is which one, its hash and when."""

    slug, name = "notice", "告知书"
    template = "wizard/notice.html"

    def text(self, dossier):
        """The notice for these answers, with key, version, sha256, first and body; None where
        there is none, and the page is left out."""
        raise NotImplementedError

    def applies(self, dossier) -> bool:
        return self.text(dossier) is not None

    def ask(self, request, dossier, data=None) -> Asked:
        text = self.text(dossier)
        read = (dossier.answers.notice or {}).get("sha256") == text.sha256
        context = {
            "text": text,
            "blocks": blocks(text.body),
            "minutes": minutes(*text.first, text.body),
        }
        return Asked([NoticeForm(data, initial={"read": read})], context)

    def changes(self, asked, dossier) -> dict:
        text = self.text(dossier)
        return {
            "notice": {
                "key": text.key,
                "version": text.version.isoformat(),
                "sha256": text.sha256,
                "read_at": timezone.now().isoformat(timespec="seconds"),
            }
        }
