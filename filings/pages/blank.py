"""Blank papers to fill by hand: for those who come to the counter with a pen."""

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from casework.printing import PROMISE, Promise, render_pdf
from filings.decision.codes import INTER_PROVINCE, INTRA_PROVINCE
from filings.printing import REGISTRATION_FORM, RegistrationForm

SCOPES = {"form": INTER_PROVINCE, "form-intra": INTRA_PROVINCE}
# What a person promises, in words of our own; an agency's text takes their place when signed
# on the screen (docs/sources.md).
PROMISE_LINES = (
    "本人申请异地就医备案，承诺所填写的信息真实、准确、完整。",
    "本人承诺符合所选备案类型的条件，并在经办机构要求的期限内补交证明材料。",
    "本人知晓：承诺不实的，经办机构可以取消或变更备案，已享受的待遇按规定处理。",
)


@require_GET
def blank(request, form: str):
    """A blank 登记备案表 (跨省 or 省内) or 承诺书 as PDF."""
    today = timezone.localdate()
    if form in SCOPES:
        data = RegistrationForm(dated=today, scope=SCOPES[form], blank=True).to_json()
        template = REGISTRATION_FORM
    elif form == "promise":
        data = Promise(
            title="异地就医备案个人承诺书", paragraphs=PROMISE_LINES, dated=today, blank=True
        ).to_json()
        template = PROMISE
    else:
        raise Http404
    response = HttpResponse(render_pdf(template, data).pdf, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="blank-{form}.pdf"'
    return response
