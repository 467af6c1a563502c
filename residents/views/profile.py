"""My account: elder mode, consents, a copy of my data, a new phone number."""

from django.conf import settings
from django.contrib import messages
from django.db import IntegrityError
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from residents import codes, consents, export, holdings
from residents.addresses import address_of
from residents.forms import CodeForm, NewPhoneForm
from residents.gate import resident_required
from residents.models import Consent, User
from residents.personal import mask_name, mask_phone
from residents.views.login import current_code, send
from residents.views.sessions import CODE_ID, go_on, posted

ELDER_COOKIE = "elder"
ELDER_COOKIE_SECONDS = 365 * 24 * 3600


@never_cache
@resident_required
@require_GET
def profile(request):
    """What the account is, and the way to everything one may change."""
    context = {"phone": mask_phone(request.user.phone or "")}
    return render(request, "residents/profile.html", context)


@require_POST
def elder(request):
    """Switch 长辈版 on or off; remembered in a cookie, and in the account of a resident."""
    wanted = request.POST.get("elder")
    on = wanted == "1" if wanted in ("0", "1") else request.COOKIES.get(ELDER_COOKIE) != "1"
    if request.user.is_authenticated and request.user.elder_mode != on:
        request.user.elder_mode = on
        request.user.save(update_fields=["elder_mode"])
    response = go_on(request)
    response.set_cookie(
        ELDER_COOKIE,
        "1" if on else "0",
        max_age=ELDER_COOKIE_SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


@never_cache
@resident_required
@require_GET
def consent_list(request):
    """Every consent given, newest first."""
    rows = request.user.consents.order_by("-pk")
    names = {row.person_id: mask_name(row.name) for row in holdings.holdings_of(request.user)}
    shown = [{"consent": row, "name": names.get(row.person_id, "")} for row in rows]
    return render(request, "residents/consents.html", {"rows": shown})


@never_cache
@resident_required
@require_http_methods(["GET", "POST"])
def consent(request, pk: int):
    """One consent in full; a POST withdraws it and ends acting for that person."""
    row = get_object_or_404(Consent, pk=pk, account=request.user)
    if request.method == "POST":
        _withdraw(request, row)
        return redirect("residents:consents")
    return render(request, "residents/consent.html", {"consent": row})


def _withdraw(request, row: Consent) -> None:
    holding = holdings.holdings_of(request.user).filter(person=row.person_id).first()
    if row.person_id and holding:
        holdings.revoke(holding)
    consents.withdraw(row)
    messages.success(request, "已撤回。撤回前已经办理的事项不受影响。")


@never_cache
@resident_required
@require_GET
def export_data(request):
    """A copy of one's own data, as a file."""
    response = JsonResponse(
        export.own_data(request.user), json_dumps_params={"ensure_ascii": False, "indent": 2}
    )
    name = f"my-data-{timezone.localdate():%Y%m%d}.json"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@never_cache
@resident_required
@require_http_methods(["GET", "POST"])
def phone_change(request):
    """A new number, step 1: a code goes to it."""
    form = NewPhoneForm(posted(request))
    if form.is_valid() and send(request, form, form.cleaned_data["phone"]):
        return redirect("residents:phone_change_code")
    context = {"form": form, "phone": mask_phone(request.user.phone or "")}
    return render(request, "residents/phone_change.html", context)


@never_cache
@resident_required
@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
def phone_change_code(request):
    """A new number, step 2: the code. From then on the ID number is owed once."""
    sent = current_code(request)
    if sent is None:
        messages.info(request, "验证码已失效，请重新获取。")
        return redirect("residents:phone_change")
    form = CodeForm(posted(request))
    if form.is_valid() and _change_phone(request, form):
        messages.success(request, "手机号码已更换。请核对一次证件号码。")
        return redirect("residents:profile")
    context = {"form": form, "phone": mask_phone(sent.phone), "is_change": True}
    return render(request, "residents/code.html", context)


def _change_phone(request, form) -> bool:
    try:
        record = codes.check_code(
            request.session.get(CODE_ID), form.cleaned_data["code"], address_of(request)
        )
    except codes.CodeRefused as refusal:
        form.add_error("code", str(refusal))
        return False
    request.session.pop(CODE_ID, None)
    taken = "这个手机号码已有账户，请用它直接登录。"
    if User.objects.resident_with_phone(record.phone):
        form.add_error(None, taken)
        return False
    user = request.user
    user.phone, user.must_confirm_identity = record.phone, True
    try:
        user.save(update_fields=["phone", "phone_hash", "must_confirm_identity"])
    except IntegrityError:
        form.add_error(None, taken)
        return False
    return True
