"""The persons one acts for: list, add, switch, revoke; and who acts for oneself."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from residents import consents, holdings, limits, tell
from residents.forms import ConsentForm, PersonForm
from residents.gate import resident_required
from residents.idnumber import parse
from residents.models import Consent, Holding
from residents.personal import mask_id, mask_name, mask_phone
from residents.views.sessions import go_on, posted, recall, remember

ADD_KEY = "person_add"
ADDS_PER_DAY = 20


def _row(holding: Holding, current: Holding | None) -> dict:
    """A holding as the list shows it. Contested reads like pending: whether somebody else
    holds the person is nobody's business but the clerk's and that holder's."""
    return {
        "pk": holding.pk,
        "name": mask_name(holding.name),
        "id_number": mask_id(holding.person.id_number),
        "relation": holding.get_relation_display(),
        "is_bound": holding.is_bound,
        "is_current": current is not None and holding.pk == current.pk,
    }


def _proxy_row(holding: Holding) -> dict:
    return {
        "pk": holding.pk,
        "phone": mask_phone(holding.account.phone or ""),
        "relation": consents.AGENT_RELATION.get(holding.relation, ""),
        "is_bound": holding.is_bound,
        "since": timezone.localdate(holding.created_at),
    }


@never_cache
@resident_required
@require_GET
def persons(request):
    """Everyone this account acts for, and everyone who acts for its owner."""
    current = holdings.current_holding(request)
    mine = holdings.my_holdings(request)
    proven = any(row.is_bound and row.relation == Holding.Relation.SELF for row in mine)
    context = {
        "rows": [_row(row, current) for row in mine],
        "proxies": [_proxy_row(row) for row in holdings.proxies_of(request.user)] if proven else [],
        "claims": holdings.other_claims_of_self(request.user) if proven else 0,
    }
    return render(request, "residents/persons.html", context)


@never_cache
@resident_required
@sensitive_post_parameters("id_number")
@require_http_methods(["GET", "POST"])
def person_add(request):
    """Step 1: who it is. Nothing is stored before the consent of step 2."""
    current = holdings.my_holdings(request)
    initial = {"relation": Holding.Relation.SELF} if not current else None
    form = PersonForm(posted(request), account=request.user, holdings=current, initial=initial)
    if form.is_valid():
        data = form.cleaned_data
        kept = {key: data[key] for key in ("relation", "name", "phone")}
        remember(request.session, ADD_KEY, {**kept, "id_number": data["id_number"].number})
        return redirect("residents:person_consent")
    return render(request, "residents/person_add.html", {"form": form})


@never_cache
@resident_required
@require_http_methods(["GET", "POST"])
def person_consent(request):
    """Step 2: the separate consent to sensitive data, and the mandate for family."""
    data = recall(request.session, ADD_KEY)
    if data is None:
        messages.info(request, "请先填写要添加的人。")
        return redirect("residents:person_add")
    birth_date = parse(data["id_number"]).birth_date
    kind = consents.consent_kind(data["relation"], birth_date, timezone.localdate())
    agent = _own_name(request.user)
    signer = agent if kind == Consent.Kind.GUARDIAN else data["name"]
    form = ConsentForm(posted(request), kind=kind, signer=signer)
    if form.is_valid() and _claim(request, form, data, agent):
        del request.session[ADD_KEY]
        return redirect("residents:persons")
    context = {
        "form": form,
        "kind": kind,
        "sensitive_text": consents.SENSITIVE_DATA,
        "proxy_title": Consent.Kind(kind).label if kind else "",
        "proxy_text": consents.proxy_text(kind, data["name"], agent, data["relation"])
        if kind
        else "",
    }
    return render(request, "residents/person_consent.html", context)


def _own_name(account) -> str:
    own = holdings.holdings_of(account).filter(relation=Holding.Relation.SELF).first()
    return own.name if own else ""


def _claim(request, form, data: dict, agent: str) -> bool:
    """Add the person; the sentence afterwards is the same whatever the register says."""
    if not limits.consume("person-add", str(request.user.pk), ADDS_PER_DAY, 24 * 3600):
        form.add_error(None, "今天添加的人数过多，请明天再试，或到经办机构窗口办理。")
        return False
    try:
        result = holdings.claim_person(
            request.user, **data, agent_name=agent, signature=form.signature
        )
    except holdings.HoldingRefused as refusal:
        form.add_error(None, str(refusal))
        return False
    tell.contested(result)
    holdings.switch_to(request, result.holding)
    messages.success(
        request,
        f"已添加 {mask_name(data['name'])}。身份核实完成前也可以申请办理，由工作人员审核。",
    )
    return True


@resident_required
@require_POST
def person_switch(request, pk: int):
    """Act for this person from now on."""
    holding = get_object_or_404(holdings.holdings_of(request.user), pk=pk)
    holdings.switch_to(request, holding)
    return go_on(request)


@never_cache
@resident_required
@require_http_methods(["GET", "POST"])
def person_revoke(request, pk: int):
    """End acting for somebody, or end somebody's acting for oneself; asks first."""
    holding, is_own = _revocable(request.user, pk)
    if request.method == "GET":
        shown = _row(holding, None) if is_own else _proxy_row(holding)
        return render(request, "residents/person_revoke.html", {"row": shown, "is_own": is_own})
    holdings.revoke(holding)
    if request.session.get(holdings.SESSION_KEY) == holding.pk:
        del request.session[holdings.SESSION_KEY]
    messages.success(request, "已解除。已经办理的事项不受影响。")
    return redirect("residents:persons")


def _revocable(account, pk: int) -> tuple[Holding, bool]:
    """The holding, and whether it is this account's own. Raises Http404."""
    own = holdings.holdings_of(account).filter(pk=pk).first()
    if own:
        return own, True
    proxy = holdings.proxies_of(account).filter(pk=pk).first()
    if proxy is None:
        raise Http404
    return proxy, False


@resident_required
@require_POST
def person_accept(request, pk: int):
    """The person agrees, from their own account, that another account acts for them."""
    proxy = get_object_or_404(holdings.proxies_of(request.user), pk=pk)
    own = get_object_or_404(
        holdings.holdings_of(request.user),
        person=proxy.person,
        relation=Holding.Relation.SELF,
        standing=Holding.Standing.BOUND,
    )
    try:
        holdings.accept_proxy(proxy, own)
    except holdings.HoldingRefused as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, "已同意对方代您办理。您可以随时在这里解除。")
    return redirect("residents:persons")
