"""代录: a clerk files for somebody without an account, through the same steps and checks."""

from django import forms
from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from casework.counter import CHANNELS
from casework.counter import CounterForm as AnyCounterForm
from casework.errors import CaseworkError
from casework.models import Case
from config.widgets import cards
from filings import service
from filings.pages.filer import counter_required
from filings.pages.forms import QUESTIONS, TYPES
from filings.pages.order import drafts_of
from filings.pages.words import topic_name
from residents.holdings import person_for
from residents.personal import mask_name


class CounterForm(AnyCounterForm):
    """Who it is for, how they came, and which type."""

    category = forms.ChoiceField(
        label="备案类型",
        widget=forms.RadioSelect,
        choices=cards(TYPES),
        error_messages={"required": "请选择备案类型。"},
    )


@never_cache
@counter_required
@sensitive_post_parameters("id_number")
@require_http_methods(["GET", "POST"])
def counter(request):
    """Begin a filing for somebody at the counter or on the phone."""
    form = CounterForm(request.POST or None)
    if form.is_valid():
        try:
            return redirect("filings:step", _begin(request, form).public_id, "insured")
        except CaseworkError as error:
            form.add_error(None, str(error))
    drafts = [
        {"case": draft, "topic": topic_name(draft.topic), "name": mask_name(draft.name or "某")}
        for draft in drafts_of(request.user)[:20]
    ]
    context = {"form": form, "drafts": drafts, "questions": QUESTIONS}
    return render(request, "filings/counter.html", context)


def _begin(request, form: CounterForm) -> Case:
    data = form.cleaned_data
    case = service.start_filing(
        creator=request.user,
        account=None,
        person=person_for(data["id_number"]),
        holding=None,
        category_or_questions=data["category"],
        channel=CHANNELS[data["caller"]],
        counter=form.entry,
        **form.known,
    )
    messages.info(request, "请按步骤填写，提交后可以当场办理。")
    return case
