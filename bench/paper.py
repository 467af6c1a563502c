"""One form as PDF: the registration form in two copies, each time of another case."""

from bench import pdf
from bench.measuring import measure
from bench.report import Row
from casework.printing import render_pdf
from filings.printing import REGISTRATION_FORM


def row(runs: int) -> Row:
    """The fonts are loaded by the runs that are not counted."""
    forms = [pdf.form(number) for number in range(runs + 2)]
    cost = measure(lambda n: render_pdf(REGISTRATION_FORM, forms[n]), runs)
    return Row("登记备案表 PDF form", cost, cpu=30)
