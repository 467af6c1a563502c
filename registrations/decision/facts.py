"""The question: who wants which disease registered where. Pure."""

from dataclasses import dataclass
from datetime import date

from registrations.decision.codes import DISEASES, INSURANCES
from registrations.decision.errors import FactsError


@dataclass(frozen=True)
class Facts:
    """What is known. `enrolled` and `registered` are None where it is not known, or may not be
    told to whoever asks; `registered_until` None with `registered` means 长期.

    `asked_on` is the day of submitting; None while it is not submitted, then `today` counts.
    Raises FactsError (Chinese, with the field) for what is missing or contradicts itself.
    """

    insured_area: str
    insurance: str
    disease: str
    today: date
    asked_on: date | None = None
    diagnosed_on: date | None = None
    enrolled: bool | None = None
    registered: bool | None = None
    registered_until: date | None = None

    def __post_init__(self):
        if not self.insured_area:
            raise FactsError("insured_area", "请选择参保地")
        if self.insurance not in INSURANCES:
            raise FactsError("insurance", "请选择险种：职工医保或居民医保")
        if self.disease not in DISEASES:
            raise FactsError("disease", "请从列出的病种中选择要认定的病种")
        if self.diagnosed_on and self.diagnosed_on > self.today:
            raise FactsError("diagnosed_on", "确诊日期不能晚于今天")
