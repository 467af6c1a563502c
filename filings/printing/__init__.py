"""Paper of a filing: the registration form, with letters and promises of every case."""

from casework.printing import LETTER, PROMISE
from filings.printing.data import (
    CATEGORIES,
    InsuredPerson,
    Proxy,
    RegistrationForm,
)

REGISTRATION_FORM = "filings/printing/registration_form.typ"

__all__ = [
    "CATEGORIES",
    "LETTER",
    "PROMISE",
    "REGISTRATION_FORM",
    "InsuredPerson",
    "Proxy",
    "RegistrationForm",
]
