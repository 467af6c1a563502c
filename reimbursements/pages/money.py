"""An amount of money as people type it, in a form."""

import unicodedata

from django import forms
from django.core.exceptions import ValidationError

from reimbursements.bills.found import read_amount
from reimbursements.settlement.money import MAX_FEN


class MoneyField(forms.CharField):
    """An amount in yuan as people type it; its value is fen, None where nothing was typed."""

    def __init__(self, **kwargs):
        attrs = {"inputmode": "decimal", "autocomplete": "off"}
        super().__init__(widget=forms.TextInput(attrs), **kwargs)

    def clean(self, value):
        text = super().clean(value)
        plain = unicodedata.normalize("NFKC", text).replace("，", ",").strip().removesuffix("元")
        if not plain:
            return None
        if plain.startswith(("-", "−", "(")):
            raise ValidationError(f"{self.label}不能是负数，请填不小于 0 的金额。")
        fen = read_amount(plain)
        if fen is None:
            raise ValidationError(
                f"{self.label}写的是“{text[:20]}”，请填数字，最多两位小数，例如 12,345.60。"
            )
        if fen >= MAX_FEN:
            raise ValidationError(f"{self.label}太大，请核对金额，单位是元。")
        return fen
