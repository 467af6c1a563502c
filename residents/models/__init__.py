"""Who: accounts, insured persons and their enrolment, consent, the log of who looked."""

from residents.models.accesslog import AccessLog
from residents.models.accounts import DevelopmentMessage, PhoneCode, User
from residents.models.persons import Consent, Enrolment, Holding, Person
from residents.models.sessions import AccountSession

__all__ = [
    "AccessLog",
    "AccountSession",
    "Consent",
    "DevelopmentMessage",
    "Enrolment",
    "Holding",
    "Person",
    "PhoneCode",
    "User",
]
