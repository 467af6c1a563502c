"""Paper of a registration: 门诊慢特病待遇认定表."""

from registrations.printing.data import RegistrationForm

FORM = "registrations/printing/registration_form.typ"

__all__ = ["FORM", "RegistrationForm"]
