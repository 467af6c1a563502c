"""代录: a clerk claims for somebody without an account, through the same steps and checks."""

from django.contrib import messages
from django.db.models import F
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from casework.counter import CHANNELS, PHONE, PRESENT, CounterForm
from casework.drafts import with_writing
from casework.entering import entries_of
from casework.errors import CaseworkError
from casework.models import Case
from casework.printing import render_pdf
from config.widgets import cards
from filings.pages.filer import SHOWN_ENTRIES, counter_required, others_entries, taken_over
from filings.pages.forms import ProxyForm
from filings.pages.wizard import errors_of
from reimbursements import service
from reimbursements.pages.claim.begun import begun
from reimbursements.pages.claim.claimer import draft_dossier, writable_draft
from reimbursements.pages.claim.steps import address
from reimbursements.printing import APPLICATION
from reimbursements.printing.application import application_of
from residents.holdings import person_for
from residents.personal import mask_name

STARTED = "请按步骤填写。填完以后打印申请表，请申请人签字，扫描上传后提交。"


class ClaimCounterForm(CounterForm):
    """The same, in the words of a claim: its papers are brought or sent, never told by phone."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["caller"].label = "材料是怎样交来的？"
        self.fields["caller"].choices = cards(
            [
                (PRESENT, "到窗口交", "已核对身份证件；申请表打印后请申请人签字"),
                (PHONE, "寄来的", "信里有签字的申请表；打电话回拨核实，把情况写在下面"),
            ]
        )
        self.fields["caller"].error_messages["required"] = "请选择材料是到窗口交的还是寄来的。"
        self.fields["by_proxy"].label = "由他人代办（代办人填在最下面）"
        self.fields["note"].help_text = "材料是寄来的必填：回拨的号码、时间、核实了什么。"

    def clean(self):
        data = super().clean()
        if "note" in self.errors and data.get("caller") == PHONE and not data.get("note"):
            self.errors["note"] = self.error_class(["材料是寄来的，请写明回拨核实的情况。"])
        return data


@never_cache
@counter_required
@sensitive_post_parameters("id_number", "proxy_id_number")
@require_http_methods(["GET", "POST"])
def counter(request):
    """Begin a claim for somebody who came or wrote."""
    posted = request.POST if request.method == "POST" else None
    form = ClaimCounterForm(posted)
    proxy = ProxyForm(posted if posted and posted.get("by_proxy") else None)
    valid = form.is_valid() and (not form.cleaned_data["by_proxy"] or proxy.is_valid())
    if valid:
        try:
            return redirect(address(_begin(request, form, proxy), "why"))
        except CaseworkError as error:
            form.add_error(None, str(error))
    errors = errors_of([form, proxy])
    mine = with_writing(entries_of(request.user, service.KIND))
    mine = list(mine.order_by(F("correction_due").asc(nulls_last=True), "-pk")[:SHOWN_ENTRIES])
    context = {
        "form": form,
        "proxy": proxy,
        "drafts": [_draft(case) for case in mine if case.is_draft],
        "corrections": [case for case in mine if not case.is_draft],
        "others": others_entries(request, service.KIND, "reimbursements:take_over", _words),
        "errors": errors,
        "has_errors": bool(errors),
    }
    template = "reimbursements/claim/counter.html"
    return render(request, template, context, status=422 if errors else 200)


def _begin(request, form: ClaimCounterForm, proxy: ProxyForm) -> Case:
    data = form.cleaned_data
    entry = {**form.entry, "proxy": proxy.proxy() if data["by_proxy"] else None}
    case = service.start_claim(
        request.user,
        None,
        person=person_for(data["id_number"]),
        channel=CHANNELS[data["caller"]],
        counter=entry,
        **form.known,
    )
    messages.info(request, STARTED)
    return case


@never_cache
@counter_required
def take_over(request, public_id):
    """Go on with what somebody else of the agency has entered."""
    return taken_over(request, service.KIND, public_id, "reimbursements:counter", _onward)


def _onward(case: Case) -> str:
    if case.is_draft:
        return begun(case)["url"]
    return reverse("reimbursements:correct", args=[case.public_id])


def _words(case: Case) -> str:
    shown = _draft(case)
    return f"{shown['name']} · {shown['title']}"


def _draft(case: Case) -> dict:
    shown = begun(case)
    return {**shown, "name": mask_name(shown["name"] or "某")}


@never_cache
@counter_required
@require_GET
def form(request, public_id):
    """The application as it was typed, to be read and signed by hand; nothing is stored."""
    case = writable_draft(request, public_id)
    dossier = draft_dossier(case)
    if not dossier.answers.counter:
        raise Http404
    paper = render_pdf(APPLICATION, application_of(case, dossier.answers, dossier.today))
    response = HttpResponse(paper.pdf, content_type="application/pdf")
    response["Content-Disposition"] = 'inline; filename="application.pdf"'
    return response
