"""代录: a clerk files for somebody without an account, through the same steps and checks."""

from django import forms
from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from casework.counter import CHANNELS
from casework.counter import CounterForm as AnyCounterForm
from casework.drafts import answers_of, open_revision
from casework.entering import entries_of
from casework.errors import CaseworkError
from casework.models import Case
from config.widgets import cards
from filings import service
from filings.pages.filer import (
    KIND,
    SHOWN_ENTRIES,
    counter_required,
    others_entries,
    taken_over,
)
from filings.pages.forms import QUESTIONS, TYPES
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
    mine = list(entries_of(request.user, KIND).order_by("-pk")[:SHOWN_ENTRIES])
    drafts = [
        {"case": draft, "topic": topic_name(draft.topic), "name": mask_name(draft.name or "某")}
        for draft in mine
        if draft.is_draft
    ]
    context = {
        "form": form,
        "drafts": drafts,
        "corrections": [case for case in mine if not case.is_draft],
        "others": others_entries(request, KIND, "filings:take_over", _draft_words),
        "questions": QUESTIONS,
    }
    return render(request, "filings/counter.html", context)


@never_cache
@counter_required
def take_over(request, public_id):
    """Go on with what somebody else of the agency has entered."""
    return taken_over(request, KIND, public_id, "filings:counter", _onward)


def _onward(case: Case) -> str:
    page = "step_check" if case.is_draft else "correct"
    return reverse(f"filings:{page}", args=[case.public_id])


def _draft_words(case: Case) -> str:
    name = answers_of(open_revision(case)).get("name")
    return f"{mask_name(name or '某')} · {topic_name(case.topic)}"


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
