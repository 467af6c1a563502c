"""Forms of the staff log-in: django-allauth's, with our words."""

from allauth.account.forms import LoginForm, ReauthenticateForm
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as MfaReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from django import forms

PASSWORD_REQUIRED = {"required": "请填写密码。"}
CODE_REQUIRED = {"required": "请填写验证器上的 6 位数字。"}


def _password() -> forms.CharField:
    return forms.CharField(
        label="密码",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages=PASSWORD_REQUIRED,
    )


def _code(help_text: str) -> forms.CharField:
    attrs = {"autocomplete": "one-time-code", "inputmode": "numeric"}
    return forms.CharField(
        label="动态验证码",
        help_text=help_text,
        widget=forms.TextInput(attrs=attrs),
        error_messages=CODE_REQUIRED,
    )


class StaffLoginForm(LoginForm):
    """User name and password."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["login"] = forms.CharField(
            label="用户名",
            max_length=64,
            widget=forms.TextInput(attrs={"autocomplete": "username"}),
            error_messages={"required": "请填写用户名。", "max_length": "用户名过长，请检查。"},
        )
        self.fields["password"] = _password()


class StaffReauthenticateForm(ReauthenticateForm):
    """The password again, before a device is enrolled."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["password"] = _password()


class StaffCodeForm(AuthenticateForm):
    """The second factor at the log-in."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["code"] = _code("打开验证器应用，输入本系统当前的 6 位数字。")


class StaffCodeAgainForm(MfaReauthenticateForm):
    """The second factor for a session without one."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["code"] = _code("打开验证器应用，输入本系统当前的 6 位数字。")


class StaffEnrolForm(ActivateTOTPForm):
    """The first code of a new device."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["code"] = _code("扫描二维码后，输入验证器显示的 6 位数字。")
