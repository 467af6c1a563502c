"""The steps: what each asks, what it saves, and when it is left out; their order is in `order`."""

from datetime import date

from casework import steps as casework_steps
from casework.proxies import needs_proxy, proxy_initial
from casework.steps import Asked, Step
from facilities.search import destination, search_destinations
from filings.answers import Answers
from filings.dossier import Dossier
from filings.pages.forms import (
    DetailsForm,
    PlaceForm,
    ProxyForm,
    StayDatesForm,
    StayForm,
)
from filings.pages.places import card, without_twins
from filings.rules_store import rulebook


class _Step(Step):
    template = "filings/step.html"


class InsuredStep(casework_steps.InsuredStep):
    """参保地与险种, with the insurance of the register where it is the only one."""

    number = 2
    template = "filings/step_insured.html"

    def insurance(self, dossier):
        holding = dossier.holding
        if holding is None or not holding.is_bound:
            return ""
        kinds = {row.insurance for row in dossier.enrolments}
        return kinds.pop() if len(kinds) == 1 else ""


class PlaceStep(Step):
    """就医地: a city or a hospital, found by name, pinyin or initials."""

    slug, number, name = "place", 2, "就医地"
    template = "filings/step_place.html"
    results = "filings/step_place_results.html"

    def ask(self, request, dossier, data=None):
        text = request.GET.get("q", "").strip()
        found = search_destinations(text) if text else []
        code = (data or {}).get("destination") or dossier.answers.pick
        chosen = destination(code) if code else None
        offered = without_twins([*([chosen] if chosen and not text else []), *found])
        if chosen and chosen.code not in {row.code for row in offered}:
            offered.append(chosen)
        initial = {"destination": dossier.answers.pick, "care": dossier.answers.care}
        form = PlaceForm(data, places=[(d.code, d.name) for d in offered], initial=initial)
        context = {
            "q": text,
            "offered": [card(row) for row in offered],
            "searched": bool(text),
            "found": bool(found),
        }
        return Asked([form], context)

    def changes(self, asked, dossier):
        data = asked.forms[0].cleaned_data
        picked = destination(data["destination"])
        return {
            "destination": picked.area,
            "destination_pick": picked.code,
            "institution": picked.code if picked.kind == "institution" else "",
            "care": data["care"],
        }


class NoticeStep(casework_steps.NoticeStep):
    """告知书 of the insured area on this day."""

    number = 3

    def text(self, dossier):
        area = dossier.answers.insured_area
        return rulebook().notice_for(area, dossier.today) if area else None


class StayStep(_Step):
    """Whether the person lies in hospital now, did, or will."""

    slug, number, name = "stay", 4, "信息与时间"

    def ask(self, request, dossier, data=None):
        answers = dossier.answers
        stay = "in" if answers.in_hospital else "out" if answers.discharged_on else None
        if stay is None and answers.start:
            stay = "none"
        return Asked([StayForm(data, initial={"stay": stay})], {})

    def changes(self, asked, dossier):
        stay = asked.forms[0].cleaned_data["stay"]
        kept = {"in_hospital": stay == "in"}
        if stay == "none":
            kept |= dict.fromkeys(("admitted_on", "expected_discharge", "discharged_on"))
            kept["self_paid"] = False
        elif stay == "in":
            kept |= {"discharged_on": None, "self_paid": False}
        else:
            kept |= {"expected_discharge": None}
            # The next page asks for the days; until then an earlier answer must not stand in.
            kept["admitted_on"] = _iso(dossier.answers.admitted_on)
        return {**kept, "start": None, "_stay": stay}


class StayDatesStep(_Step):
    """The days of the stay, for those who are or were in hospital."""

    slug, number, name = "days", 4, "住院时间"

    def applies(self, dossier):
        answers = dossier.answers
        return answers.in_hospital or bool(answers.admitted_on) or bool(answers.discharged_on)

    def ask(self, request, dossier, data=None):
        answers = dossier.answers
        initial = {
            "admitted_on": answers.admitted_on,
            "expected_discharge": answers.expected_discharge,
            "discharged_on": answers.discharged_on,
            "self_paid": "yes" if answers.self_paid else "no" if answers.discharged_on else None,
        }
        form = StayDatesForm(data, in_hospital=answers.in_hospital, initial=initial)
        return Asked([form], {})

    def changes(self, asked, dossier):
        data = asked.forms[0].cleaned_data
        return {
            "admitted_on": _iso(data["admitted_on"]),
            "expected_discharge": _iso(data.get("expected_discharge")),
            "discharged_on": _iso(data.get("discharged_on")),
            "self_paid": data.get("self_paid") == "yes",
        }


class DetailsStep(_Step):
    """The dates of the filing and how the person is reached; the proxy where there is one."""

    slug, number, name = "details", 4, "信息与时间"

    def ask(self, request, dossier, data=None):
        answers, case = dossier.answers, dossier.case
        start = answers.start or answers.admitted_on or dossier.today
        account = case.account
        initial = {
            "start": start,
            "end": answers.end,
            "phone": answers.phone or (account.phone if account else ""),
            "contact_how": answers.contact_how or "sms",
            "address": answers.address,
        }
        form = DetailsForm(
            data,
            end_chosen=_end_chosen(dossier),
            start_help=_start_help(answers),
            initial=initial,
        )
        forms = [form]
        if needs_proxy(dossier):
            forms.append(ProxyForm(data, initial=proxy_initial(dossier)))
        return Asked(forms, {})

    def changes(self, asked, dossier):
        data = asked.forms[0].cleaned_data
        proxy = asked.forms[1].proxy() if len(asked.forms) > 1 else None
        return {
            "start": _iso(data["start"]),
            "end": _iso(data.get("end")),
            "phone": data["phone"],
            "contact_how": data["contact_how"],
            "address": data["address"].strip(),
            "proxy": proxy,
        }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _end_chosen(dossier: Dossier) -> bool:
    try:
        return bool(dossier.rule and dossier.rule.end_chosen)
    except ValueError:
        return False


def _start_help(answers: Answers) -> str:
    if answers.admitted_on:
        return "已为您填好入院当天：备案开始日期不能晚于入院日期，否则这次住院不能按备案结算。"
    return "从这一天起，在就医地看病可以直接结算。已为您填好今天。"
