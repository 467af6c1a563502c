"""Factories shared by all tests: who, how, and one filing. Everything is made up.

`clerk(role=…)` and `resident()` are accounts, `PersonFactory` a human being with a valid
ID number, `HoldingFactory` an account that acts for a person, `EnrolmentFactory` a line of
the register that matches a holding, `draft_filing()` a filing with all its answers.
"""

import itertools
from datetime import date, timedelta

import factory
from django.utils import timezone

from casework.actors import Actor
from casework.drafts import open_revision
from casework.models import Attachment, Case, Reason, Revision, StaffProfile
from casework.perform import perform
from casework.roles import assign_role
from casework.signature import Signature
from casework.storage import store
from filings.models import Filing
from filings.review import review
from filings.service import notice_text, save, sign_promise, start_filing, submit_filing
from residents.idnumber import CHECK_DIGITS, WEIGHTS
from residents.models import Enrolment, Holding, Person, User

LINXIANG = "530902"  # 临沧市临翔区
LINCANG = "530900"
HOHHOT = "150100"
XINCHENG = "150102"  # 呼和浩特市新城区
BEIJING, CHENGDU, KUNMING = "110000", "510100", "530100"

_sequence = itertools.count(1)


def id_number(prefix: str = LINXIANG, born: date = date(1958, 3, 2), sequence: int = 1) -> str:
    """A valid resident ID number; `sequence` 1..999, odd for men."""
    body = f"{prefix}{born:%Y%m%d}{sequence:03d}"
    total = sum(int(digit) * weight for digit, weight in zip(body, WEIGHTS, strict=True))
    return body + CHECK_DIGITS[total % 11]


class PersonFactory(factory.django.DjangoModelFactory):
    """A person with an ID number of their own."""

    class Meta:
        model = Person

    class Params:
        n = factory.LazyFunction(lambda: next(_sequence))

    birth_date = factory.LazyAttribute(lambda o: date(1958 + o.n // 999 % 40, 3, 2))
    id_number = factory.LazyAttribute(
        lambda o: id_number(born=o.birth_date, sequence=o.n % 999 or 999)
    )
    id_kind = Person.IdKind.RESIDENT
    sex = Person.Sex.FEMALE


class ResidentFactory(factory.django.DjangoModelFactory):
    """A resident's account, known by its phone."""

    class Meta:
        model = User

    username = factory.Sequence(lambda n: f"r-test-{n}")
    phone = factory.Sequence(lambda n: f"139{n % 100_000_000:08d}")
    is_staff = False
    password = "!"


class StaffFactory(factory.django.DjangoModelFactory):
    """A staff account without a profile; `clerk()` makes one with."""

    class Meta:
        model = User

    username = factory.Sequence(lambda n: f"clerk-{n}")
    name = factory.Sequence(lambda n: f"经办{n}")
    is_staff = True
    password = "!"


class StaffProfileFactory(factory.django.DjangoModelFactory):
    """What a member of staff is, and where: by default 受理 in the whole of 临沧."""

    class Meta:
        model = StaffProfile

    user = factory.SubFactory(StaffFactory)
    role = StaffProfile.Role.FIRST
    scope = StaffProfile.Scope.CITY
    area = LINCANG


class HoldingFactory(factory.django.DjangoModelFactory):
    """An account that has proven that it is this person."""

    class Meta:
        model = Holding

    account = factory.SubFactory(ResidentFactory)
    person = factory.SubFactory(PersonFactory)
    name = "王秀兰"
    relation = Holding.Relation.SELF
    standing = Holding.Standing.BOUND
    bound_by = Holding.BoundBy.PHONE


class EnrolmentFactory(factory.django.DjangoModelFactory):
    """A line of the register; `for_holding(holding)` makes one that matches it."""

    class Meta:
        model = Enrolment

    id_number = factory.LazyFunction(lambda: id_number(sequence=next(_sequence) % 999 or 999))
    name = "王秀兰"
    phone = "13900000001"
    insured_area = LINXIANG
    insurance = Enrolment.Insurance.EMPLOYEE
    person_group = Enrolment.PersonGroup.RETIRED
    state = Enrolment.State.ACTIVE
    from_day = date(2001, 1, 1)

    @classmethod
    def for_holding(cls, holding: Holding, **values) -> Enrolment:
        values = {
            "id_number": holding.person.id_number,
            "name": holding.name,
            "phone": holding.account.phone,
            **values,
        }
        return cls.create(**values)


class CaseFactory(factory.django.DjangoModelFactory):
    """A bare draft of a filing with an open, empty revision."""

    class Meta:
        model = Case
        skip_postgeneration_save = True

    kind = "filing"
    city = LINCANG
    county = LINXIANG
    insurance = "310"
    person = factory.SubFactory(PersonFactory)
    account = factory.SubFactory(ResidentFactory)
    created_by = factory.SelfAttribute("account")
    draft_key = factory.Sequence(lambda n: f"TMP-OTH-{n}")

    @factory.post_generation
    def revision_row(self, create, extracted, **kwargs):
        if create and extracted is not False:
            Revision.objects.create(case=self, number=1, answers_json="{}")


class ReasonFactory(factory.django.DjangoModelFactory):
    """A maintained reason."""

    class Meta:
        model = Reason

    kind = "filing"
    action = "reject"
    code = factory.Sequence(lambda n: f"reason-{n}")
    text = "不符合当地规定的条件"
    basis = "医保发〔2022〕22号"
    remedy = "条件具备后可以重新申请"


def resident(**values) -> User:
    """A resident's account."""
    return ResidentFactory(**values)


def clerk(role: str = StaffProfile.Role.FIRST, area: str = LINCANG, **values) -> User:
    """A member of staff with this role; `area` ending in 00 is a city, else a county."""
    scope = StaffProfile.Scope.CITY if area.endswith("00") else StaffProfile.Scope.COUNTY
    profile = StaffProfileFactory(role=role, scope=scope, area=area, **values)
    assign_role(profile)
    return profile.user


LINCANG_ANSWERS = {
    "category": "TMP-OTH",
    "insured_area": LINXIANG,
    "insurance": "310",
    "destination": CHENGDU,
    "destination_pick": CHENGDU,
    "care": "inpatient",
    "contact_how": "sms",
    "proof": "none",
}
HOHHOT_ANSWERS = {
    **LINCANG_ANSWERS,
    "category": "LT-RES",
    "insured_area": XINCHENG,
    "destination": BEIJING,
    "destination_pick": BEIJING,
    "proof": "documents",
}


def proven_holding(area: str = LINXIANG, insurance: str = "310", **values) -> Holding:
    """An account bound to a person whom the register of this area knows."""
    holding = HoldingFactory(**values)
    EnrolmentFactory.for_holding(holding, insured_area=area, insurance=insurance)
    return holding


def draft_filing(holding: Holding | None = None, **changes) -> Case:
    """A filing with every answer given and the notice read, ready to submit.

    Needs the rules in the database. `changes` are answers as stored.
    """
    area = changes.get("insured_area", LINXIANG)
    holding = holding or proven_holding(area, changes.get("insurance", "310"))
    base = HOHHOT_ANSWERS if area.startswith("15") else LINCANG_ANSWERS
    answers = {**base, "start": timezone.localdate().isoformat(), **changes}
    case = start_filing(
        holding.account, holding.account, holding.person, holding, answers["category"]
    )
    text = notice_text(answers)
    answers["notice"] = text and {"key": text.key, "sha256": text.sha256, "read_at": "2026-11-23"}
    save(case, {"name": holding.name, "phone": holding.account.phone, **answers})
    return case


def add_document(case: Case, document: str, **values) -> Attachment:
    """A stored document of the open revision; its bytes are a small text."""
    return Attachment.objects.create(
        case=case,
        document=document,
        display_name=f"{document}.jpg",
        content_type="image/jpeg",
        size=200_000,
        sha256="0" * 64,
        stored_name=store(document.encode(), ".jpg"),
        added_in=open_revision(case),
        **{"width": 1600, "height": 1200, **values},
    )


def submitted_filing(holding: Holding | None = None, **changes) -> Case:
    """A filing that was submitted and waits for the automatic review."""
    case = draft_filing(holding, **changes)
    if case.topic == "LT-RES" and changes.get("proof", "documents") == "documents":
        add_document(case, "residence_permit")
    if changes.get("proof") == "promise":
        sign(case)
    return submit_filing(case, Actor.resident(case.account))


def queued_filing(holding: Holding | None = None, **changes) -> Case:
    """A filing of 呼和浩特 that waits for a clerk."""
    return review(submitted_filing(holding, **{"insured_area": XINCHENG, **changes}))


def opened_filing(holding: Holding | None = None, **changes) -> Case:
    """A filing of 临沧 that was opened at once."""
    return review(submitted_filing(holding, **changes))


def approved_filing(holding: Holding | None = None, user=None, **changes) -> Case:
    """A filing of 呼和浩特 that a clerk approved."""
    case = queued_filing(holding, **changes)
    return perform(case, "approve", Actor.staff(user or clerk(area=HOHHOT)), version=case.version)


def sign(case: Case):
    """The promise of a draft, signed by typing the name."""
    return sign_promise(case, Signature("typed", None, "王秀兰"), case.account)


def promised_filing(holding: Holding | None = None, **changes) -> Case:
    """A submitted filing of 呼和浩特 whose proof is a signed promise, not reviewed yet."""
    return submitted_filing(holding, **{"insured_area": XINCHENG, "proof": "promise", **changes})


def owing_filing(user=None, supply_by: str | None = "2027-01-15") -> Case:
    """A filing of 呼和浩特 approved on a promise, its papers owed until `supply_by`."""
    case = review(promised_filing())
    data = {"supply_by": supply_by} if supply_by else {}
    return perform(
        case, "approve", Actor.staff(user or clerk(area=HOHHOT)), version=case.version, data=data
    )


def corrected_filing(user=None, due_days: int | None = 10, target="field:address") -> Case:
    """A filing of 呼和浩特 that waits for the resident's correction."""
    case = queued_filing()
    items = [{"target": target, "reason_code": "other", "text": "请写明"}]
    data = {"items": items, "due_days": due_days}
    actor = Actor.staff(user or clerk(area=HOHHOT))
    return perform(case, "request_correction", actor, version=case.version, data=data)


def decided_filing(name: str, user=None, **more) -> Case:
    """A filing of 呼和浩特 after a decision that needs a reason, such as "reject"."""
    case = queued_filing()
    actor = Actor.staff(user or clerk(area=HOHHOT))
    why = {"reason": "other", "note": "居住证已过期", **more}
    return perform(case, name, actor, version=case.version, **why)


def revoked_filing(user=None) -> Case:
    """A filing of 呼和浩特 that was revoked, the time for answering having passed."""
    head = Actor.staff(user or clerk("supervisor", HOHHOT))
    case = approved_filing()
    why = {"reason": "other", "note": "居住证系伪造"}
    until = (timezone.localdate() + timedelta(days=5)).isoformat()
    case = perform(case, "announce_revocation", head, data={"answer_by": until}, **why)
    Filing.objects.filter(pk=case.pk).update(revoke_answer_by=timezone.localdate() - timedelta(1))
    return perform(case, "revoke", head, **why)
