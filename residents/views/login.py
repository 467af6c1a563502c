"""Log in with phone and code: one form for first and later visits. Log out."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login as start_session
from django.contrib.auth import logout as end_session
from django.db import IntegrityError, transaction
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from residents import codes, gate, holdings
from residents.addresses import address_of
from residents.forms import CodeForm, PhoneForm
from residents.models import PhoneCode, User
from residents.personal import mask_phone
from residents.views.sessions import CODE_ID, CODE_NEXT, checked, posted, safe_next

BACKEND = "django.contrib.auth.backends.ModelBackend"


@never_cache
@require_http_methods(["GET", "POST"])
def login(request):
    """Step 1: the phone. Whether it is known shows nowhere."""
    if request.user.is_authenticated:
        return redirect("admin:index" if request.user.is_staff else safe_next(request))
    form = PhoneForm(posted(request))
    if form.is_valid() and send(request, form, form.cleaned_data["phone"]):
        request.session[CODE_NEXT] = safe_next(request)
        return redirect("residents:code")
    context = {
        "form": form,
        "next": safe_next(request),
        "development": settings.SHOW_DEVELOPMENT_PAGES,
    }
    return render(request, "residents/login.html", context)


def send(request, form, phone: str) -> bool:
    """Send a code and remember in the session which one; a refusal goes to the form."""
    try:
        record = codes.send_code(phone, address_of(request))
    except codes.CodeRefused as refusal:
        form.add_error("phone", str(refusal))
        return False
    request.session[CODE_ID] = record.pk
    return True


@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
def code(request):
    """Step 2: the code. An unknown phone becomes an account here."""
    sent = current_code(request)
    if sent is None:
        messages.info(request, "验证码已失效，请重新获取。")
        return redirect("residents:login")
    form = CodeForm(posted(request))
    if form.is_valid():
        user = _user_of_code(request, form)
        if user:
            return _enter(request, user)
    return render(request, "residents/code.html", _code_context(form, sent))


def _code_context(form, sent: PhoneCode) -> dict:
    return {
        "form": form,
        "phone": mask_phone(sent.phone),
        "again_url": reverse("residents:code_again"),
        "resend_seconds": codes.RESEND_SECONDS,
        "development": settings.SHOW_DEVELOPMENT_PAGES,
    }


def current_code(request) -> PhoneCode | None:
    """The code that this browser waits for, if it has not been used."""
    code_id = request.session.get(CODE_ID)
    return PhoneCode.objects.filter(pk=code_id, used_at=None).first() if code_id else None


def _user_of_code(request, form) -> User | None:
    try:
        record = codes.check_code(
            request.session.get(CODE_ID), form.cleaned_data["code"], address_of(request)
        )
    except codes.CodeRefused as refusal:
        form.add_error("code", str(refusal))
        return None
    user = find_or_create(record.phone)
    if not user.is_active:
        form.add_error(None, "该账户已停用，请联系参保地经办机构。")
        return None
    return user


def find_or_create(phone: str) -> User:
    """The resident account of a verified phone, made on the first visit."""
    user = User.objects.resident_with_phone(phone)
    if user:
        return user
    try:
        with transaction.atomic():
            return User.objects.create_resident(phone)
    except IntegrityError:  # the same phone was a moment earlier in another window
        return User.objects.resident_with_phone(phone)


def _enter(request, user: User):
    """Begin the session; a new session key, and nothing of the visitor's but where to go."""
    wanted = request.session.get(CODE_NEXT, "")
    for key in (CODE_ID, CODE_NEXT):
        request.session.pop(key, None)
    start_session(request, user, backend=BACKEND)
    if gate.is_due(user):
        return redirect("residents:confirm")
    gate.note_seen(user)
    holdings.settle_pending(user)
    return redirect(checked(request, wanted))


@require_POST
def code_again(request):
    """Send another code to the same phone."""
    sent = current_code(request)
    if sent is None:
        return redirect("residents:login")
    form = CodeForm()
    try:
        record = codes.send_code(sent.phone, address_of(request))
    except codes.CodeRefused as refusal:
        messages.warning(request, str(refusal))
        return render(request, "residents/code.html", _code_context(form, sent))
    request.session[CODE_ID] = record.pk
    messages.success(request, "新的验证码已发送，旧的验证码不再有效。")
    return redirect("residents:code")


@require_POST
def logout(request):
    """End the session."""
    staff = request.user.is_authenticated and request.user.is_staff
    end_session(request)
    messages.success(request, "您已退出登录。")
    return redirect("account_login" if staff else "home")
