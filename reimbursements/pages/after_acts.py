"""What a resident may do with a submitted claim: withdraw it, ask for a second look, give
another account after a failed payment, claim again from an old one."""

from django import forms
from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from casework.actors import Actor
from casework.errors import CaseworkError
from casework.perform import available, perform
from filings.pages.filer import acting_for, version_of
from filings.pages.wizard import errors_of
from reimbursements import service
from reimbursements.dossier import dossier_of
from reimbursements.kind import CLAIM
from reimbursements.pages.after_record import ELSEWHERE
from reimbursements.pages.after_words import bank_said
from reimbursements.pages.claim.claimer import readable
from reimbursements.pages.claim.forms import AccountForm
from reimbursements.pages.claim.steps import address
from residents.gate import resident_required
from residents.holdings import holdings_of

# What the page says before and after an action.
TITLES = {"withdraw": "要撤回这次申请吗？", "appeal": "申请复核"}
DONE = {"withdraw": "申请已撤回，票据可以重新申请。", "appeal": "复核申请已提交。"}
NOTE_HELP = "经办人员会看到，也会显示在办理经过里。"


class NoteForm(forms.Form):
    """What an action may be told besides; an appeal says why."""

    note = forms.CharField(
        label="说明",
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=NOTE_HELP,
        error_messages={
            "required": "请写明理由，例如哪张票据核减有误、有什么新材料。",
            "max_length": "太长了，请写在 500 字以内。",
        },
    )

    def __init__(self, *args, reason: bool, **kwargs):
        super().__init__(*args, **kwargs)
        if reason:
            self.fields["note"].required = True
            self.fields["note"].label = "理由"
            self.fields["note"].help_text = f"写明不同意哪里、为什么。{NOTE_HELP}"


class PayeeForm(AccountForm):
    """The account to be paid and nothing else."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("name", "phone", "contact_how", "address"):
            self.fields.pop(name, None)


@resident_required
@require_http_methods(["GET", "POST"])
def act(request, public_id, name):
    """Withdraw or appeal: asked once more, then done."""
    case = readable(request, public_id)
    row = CLAIM.workflow.by_name.get(name)
    if case.is_draft or row is None or "resident" not in row.actors or name in ELSEWHERE:
        raise Http404
    actor = Actor.resident(request.user)
    posted = request.POST if request.method == "POST" else None
    form = NoteForm(posted, reason=name == "appeal")
    if request.method == "POST" and form.is_valid():
        try:
            note = form.cleaned_data["note"]
            perform(case, name, actor, note=note, version=version_of(request))
            messages.success(request, DONE.get(name, "已办理。"))
            return redirect("reimbursements:record", case.public_id)
        except CaseworkError as error:
            form.add_error(None, str(error))
    refusals = {found.name: no for found, no in available(case, actor)}
    refusal = refusals.get(name, f"这件申请现在不能{row.label}。") if not form.is_bound else ""
    context = {
        "case": case,
        "row": row,
        "form": form,
        "errors": errors_of([form]),
        "has_errors": bool(form.errors),
        "refusal": refusal,
        "title": TITLES.get(name, f"{row.label}？"),
        "acting_for": acting_for(case, dossier_of(case)),
    }
    status = 422 if form.errors else 200
    return render(request, "reimbursements/after/act.html", context, status=status)


@resident_required
@require_http_methods(["GET", "POST"])
def account(request, public_id):
    """更正收款账户: after the bank has sent a payment back."""
    case = readable(request, public_id)
    if case.status != "payment_failed":
        raise Http404
    claim = case.claim
    initial = {name: getattr(claim, name) for name in ("bank_relation", "bank_holder", "bank_name")}
    posted = request.POST if request.method == "POST" else None
    form = PayeeForm(posted, stored=claim.bank_number, person=case.name, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            perform(
                case,
                "give_account",
                Actor.resident(request.user),
                version=version_of(request),
                data=form.cleaned_data,
            )
            messages.success(request, "收款账户已更正，会按新账户重新支付。")
            return redirect("reimbursements:record", case.public_id)
        except CaseworkError as error:
            form.add_error(None, str(error))
    context = {
        "case": case,
        "form": form,
        "errors": errors_of([form]),
        "has_errors": bool(form.errors),
        "tail": claim.bank_tail,
        "why": bank_said(claim),
        "acting_for": acting_for(case, dossier_of(case)),
    }
    status = 422 if form.errors else 200
    return render(request, "reimbursements/after/account.html", context, status=status)


@resident_required
@require_POST
def again(request, public_id):
    """A new draft that starts from an old claim. One that holds answers is never written over."""
    case = readable(request, public_id)
    if case.is_draft or case.is_open:
        raise Http404
    holding = holdings_of(request.user).filter(person_id=case.person_id).first()
    if holding is None:
        messages.error(request, "请先把这位参保人添加到您的账户，再重新申请。")
        return redirect("residents:persons")
    try:
        draft = service.claim_again(case, request.user, holding)
    except CaseworkError as error:
        messages.error(request, str(error))
        return redirect("reimbursements:start")
    messages.success(request, "旧申请的内容已带入，请逐项核对；照片和材料要重新上传。")
    return redirect(address(draft, "check"))
