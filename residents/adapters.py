"""What django-allauth asks of us: staff log in, nobody signs up, secrets are encrypted."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.shortcuts import redirect
from django.urls import reverse

from residents.addresses import address_of
from residents.crypto import decrypt, encrypt

TOTP_BOUND_TO = "mfa_authenticator.data"


class AccountAdapter(DefaultAccountAdapter):
    """Log-in pages of staff. Residents have their own: see residents/views/login.py."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": "用户名或密码不正确。请检查大小写后重试。",
        "incorrect_password": "密码不正确，请重新输入。",
        "too_many_login_attempts": "尝试次数过多，请稍后再试。",
        "rate_limited": "操作太频繁，请稍后再试。",
        "enter_current_password": "请输入当前密码。",
        "password_min_length": "密码至少需要 {0} 位。",
        "invalid_login": "登录无效，请重新登录。",
        "incorrect_code": "验证码不正确。请查看验证器上的最新 6 位数字。",
    }

    def is_open_for_signup(self, request) -> bool:
        """Never: staff accounts are made by an administrator."""
        return False

    def get_login_redirect_url(self, request) -> str:
        return reverse("admin:index")

    def get_logout_redirect_url(self, request) -> str:
        return reverse("account_login")

    def get_client_ip(self, request) -> str:
        """The address that limits count by; one for all where there is none (a socket)."""
        return address_of(request) or "0.0.0.0"

    def respond_user_inactive(self, request, user):
        return redirect("account_login")

    def send_mail(self, template_prefix, email, context) -> None:
        """Sends nothing: staff accounts have no e-mail address."""


class MFAAdapter(DefaultMFAAdapter):
    """Second factors: secrets under the field keys, and no switching off by oneself."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "cannot_delete_authenticator": "两步验证不能自行关闭，请联系系统管理员重置。",
        "cannot_generate_recovery_codes": "请先启用两步验证，再生成备用码。",
        "incorrect_code": "验证码不正确。请查看验证器上的最新 6 位数字。",
    }

    def encrypt(self, text: str) -> str:
        return encrypt(text, TOTP_BOUND_TO)

    def decrypt(self, encrypted_text: str) -> str:
        return decrypt(encrypted_text, TOTP_BOUND_TO)

    def can_delete_authenticator(self, authenticator) -> bool:
        """No: an administrator resets it."""
        return False
