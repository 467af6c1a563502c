"""Checks that fit every kind of case that somebody files for a person: one check, one small file.

Each takes the dossier of a case (its `answers`, `case`, `holding`, `enrolments`, `files`) and
returns a `Finding` or None. Sentences are for staff and hold no personal data.
"""

from casework.checks import (
    county,
    enrolled,
    id_number,
    identity,
    insurance,
    paused,
    phone,
    readable,
)

# Who the person is and where they are insured; then the papers and the telephone.
OF_PERSON = (
    identity.check,
    id_number.check,
    enrolled.check,
    paused.check,
    county.check,
    insurance.check,
)
OF_CONTACT = (phone.check,)
OF_PAPERS = (readable.check,)
