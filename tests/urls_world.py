"""One resident with a case in every situation, staff of every role, and every address.

For tests/test_urls_by_role.py: `World.address(pattern)` gives a real address for a URL
pattern (of the owner's cases where it names a case), `World.client(role)` a browser.
"""

import re
from io import BytesIO

from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.urls import URLResolver, get_resolver
from PIL import Image

from casework.models import JobRun, Notice, StaffProfile, Workday
from casework.storage import store
from facilities.diseases import DISEASES
from facilities.models import Agency, Disease, Division, Institution, PoolingArea
from filings.models import FilingRule, NoticeText, PromiseText
from reimbursements.models import Payment, PaymentBatch, SettlementPolicy, StageDelegation
from reimbursements.policy_files import versions_of
from reimbursements.policy_publishing import load_versions
from reimbursements.service import answers_now, save
from reimbursements.settlement.library import POLICIES
from residents.models import AccessLog, Consent, Holding
from residents.staff import mark_second_factor
from tests.facilities.factories import AgencyFactory, InstitutionFactory, disease
from tests.factories import (
    HOHHOT,
    LINCANG,
    XINCHENG,
    HoldingFactory,
    ReasonFactory,
    add_document,
    clerk,
    corrected_filing,
    draft_filing,
    owing_filing,
    proven_holding,
    queued_filing,
)
from tests.registrations.factories import draft_registration, queued_registration
from tests.reimbursements.claims.factories import act as act_on
from tests.reimbursements.claims.factories import bill, draft_claim, queued_claim, staff

OWNER_NAME = "欧阳测试甲"
BACKEND = "django.contrib.auth.backends.ModelBackend"
RESIDENTS = ("anonymous", "owner", "stranger")
STAFF = tuple(StaffProfile.Role.values)
ROLES = (*RESIDENTS, *STAFF, "elsewhere")


def patterns(resolver=None, prefix: str = "") -> list[str]:
    """Every URL pattern of the project, in order, each once."""
    found = []
    for each in (resolver or get_resolver()).url_patterns:
        path = prefix + str(each.pattern)
        found += patterns(each, path) if isinstance(each, URLResolver) else [path]
    return list(dict.fromkeys(found))


def _with_picture(attachment):
    """The file of an attachment as a picture that can be shown."""
    data = BytesIO()
    Image.new("RGB", (40, 30), "white").save(data, "JPEG")
    attachment.stored_name = store(data.getvalue(), ".jpg")
    attachment.save(update_fields=["stored_name"])
    return attachment


class World:
    """Everything the addresses speak of; made once for all roles, none of which changes it."""

    def __init__(self):
        self._addresses: dict[str, str] = {}
        self.head = clerk("supervisor", HOHHOT)
        self.queued = queued_filing(proven_holding(XINCHENG, name=OWNER_NAME), address="甲巷三号")
        owner = self.queued.account
        self.holding = Holding.objects.get(account=owner)
        self.draft = draft_filing(self.holding, insured_area=XINCHENG, category="TMP-OTH")
        self.upload = _with_picture(add_document(self.draft, "other"))
        self.handed_in = _with_picture(self.queued.attachments.get())
        self.correction = corrected_filing(clerk(area=HOHHOT))
        self.owing = owing_filing(clerk(area=HOHHOT), supply_by="2027-01-15")
        for case in (self.correction, self.owing):
            self._give(case, owner)
        self._claims(owner)
        self._registrations()
        self.invited = HoldingFactory(account=owner, name="欧阳测试乙", standing="pending")
        self.consent = Consent.objects.create(
            account=owner, kind=Consent.Kind.SENSITIVE_DATA, text="同意", text_sha256="0" * 64
        )
        InstitutionFactory(), AgencyFactory(), disease(DISEASES[0].code)
        Workday.objects.create(day="2026-12-31", working=True)
        self.staff = {role: clerk(role, HOHHOT) for role in STAFF}
        self.staff["elsewhere"] = clerk(area=LINCANG)
        self.reason = ReasonFactory()
        load_versions(versions_of(POLICIES / "150100-310.yaml"))
        self.policy = SettlementPolicy.objects.get()
        self.batch = PaymentBatch.objects.create(
            number="PL-1",
            area=HOHHOT,
            made_by=self.staff["finance"],
            made_at=self.queued.created_at,
        )
        self.recovery = Payment.objects.create(
            claim_id=self.claim.pk,
            kind=Payment.Kind.RECOVERY,
            amount_fen=-100,
            state=Payment.State.DUE,
            made_at=self.queued.created_at,
        )
        self.delegation = StageDelegation.objects.create(
            county=XINCHENG,
            stage=StageDelegation.Stage.APPROVAL,
            from_day="2026-11-01",
            document="示例号",
            made_by=self.head,
            made_at=self.queued.created_at,
        )
        self.job = JobRun.objects.create(name="casework.sweep", started_at=self.queued.created_at)
        self.call = Notice.objects.create(
            case=self.queued, channel="call", template="toy", text="x", dedupe_key="call-1"
        )
        self.stranger = proven_holding(XINCHENG, name="另一位").account
        self.log = AccessLog.objects.order_by("pk").first()

    def _claims(self, owner) -> None:
        """A claim in hand, one to be corrected, and a draft with a bill and a paper."""
        where = {"insured_area": XINCHENG, "insurance": "310", "address": "甲巷三号"}
        self.claim = queued_claim(self.holding, **where)
        items = [{"target": "field:diagnosis", "reason_code": "other", "text": "请写明"}]
        asked = queued_claim(self.holding, [bill("300.00")], **where)
        data = {"items": items, "due_days": 10}
        self.claim_to_correct = act_on(
            asked, "request_correction", staff("first", HOHHOT), data=data
        )
        self.claim_draft = draft_claim(self.holding, [bill("200.00")], **where)
        self.claim_paper = _with_picture(add_document(self.claim_draft, "other"))
        self.claim_photo = _with_picture(add_document(self.claim_draft, "bill"))
        stored = answers_now(self.claim_draft).bills
        save(self.claim_draft, {"bills": [{**stored[0], "files": [self.claim_photo.pk]}]})
        self.claim_bill = stored[0]["key"]

    def _registrations(self) -> None:
        """A registration in hand, one to be corrected, and a draft with a paper."""
        where = {"insured_area": XINCHENG, "address": "甲巷三号"}
        self.registration = queued_registration(self.holding, **where)
        items = [{"target": "field:hospital", "reason_code": "other", "text": "请写明"}]
        self.registration_to_correct = act_on(
            queued_registration(self.holding, "M01600", **where),
            "request_correction",
            staff("first", HOHHOT),
            data={"items": items, "due_days": 10},
        )
        self.registration_draft = draft_registration(self.holding, "M00200", papers=False, **where)
        paper = add_document(self.registration_draft, "exam_report")
        self.registration_paper = _with_picture(paper)

    @staticmethod
    def _give(case, account) -> None:
        """The owner has this case as well."""
        case.account = case.created_by = account
        case.save(update_fields=["account", "created_by"])

    def secrets(self) -> tuple[str, ...]:
        """What nobody reads who has no business with the owner's cases."""
        person = self.queued.person
        account = self.queued.account
        return (
            OWNER_NAME,
            "欧阳测试乙",
            person.id_number,
            account.phone,
            "甲巷三号",
            *(case.number for case in (self.queued, self.correction, self.owing)),
            *(case.number for case in (self.claim, self.claim_to_correct)),
            *(case.number for case in (self.registration, self.registration_to_correct)),
        )

    def client(self, role: str) -> Client:
        """A browser of this role; staff have shown their second factor."""
        client = Client()
        if role == "anonymous":
            return client
        residents = {"owner": self.queued.account, "stranger": self.stranger}
        user = residents.get(role) or self.staff[role]
        client.force_login(user, BACKEND)
        if user.is_staff:
            session = client.session
            mark_second_factor(session, user)
        return client

    def address(self, pattern: str) -> str:
        """A real address for a pattern; KeyError when the world has nothing for it."""
        if pattern not in self._addresses:
            self._addresses[pattern] = self._address(pattern)
        return self._addresses[pattern]

    def _address(self, pattern: str) -> str:
        apps = "facilities|auth|residents|casework|filings|reimbursements"
        path = pattern.replace(f"^(?P<app_label>{apps})/$", "")
        if path != pattern:
            return f"/{path}casework/"
        if pattern == "admin/(?P<url>.*)$":
            return "/admin/nothing-here/"
        return "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda found: self._part(pattern, found[1]), path)

    def _part(self, pattern: str, name: str) -> str:
        if name == "public_id":
            return str(self._case_for(pattern).public_id)
        if name == "object_id":
            return str(self._object(pattern))
        if name in ("pk", "id"):
            return str(self._number(pattern))
        if name == "slug" and "correct/" in pattern:
            return "hospital" if pattern.startswith("registrations/") else "details"
        if name == "slug" and pattern.startswith("registrations/"):
            return "notice"
        fixed = {
            "code": Institution.objects.order_by("pk").values_list("pk", flat=True).first() or "x",
            "size": "small",
            "page": "1",
            "token": self.owing.letters.get(kind="form").token,
            "form": "form",
            "slug": "insured",
            "group": "0",
            "key": self.claim_bill,
            "what": "remove",
            "name": "approve" if "admin/" in pattern else "withdraw",
            "field": "phone",
            "direction": "next",
            "move": "publish",
            "content_type_id": str(ContentType.objects.get_for_model(self.queued).pk),
        }
        return str(fixed[name])

    def _case_for(self, pattern: str):
        if pattern.startswith("claims/"):
            rest = pattern.removeprefix("claims/<uuid:public_id>/")
            if rest.startswith("correct"):
                return self.claim_to_correct
            on_draft = ("steps", "bills", "upload", "files", "discard")
            return self.claim_draft if rest.startswith(on_draft) else self.claim
        if pattern.startswith("registrations/"):
            rest = pattern.removeprefix("registrations/<uuid:public_id>/")
            if rest.startswith("correct"):
                return self.registration_to_correct
            on_draft = ("steps", "disease", "upload", "files", "discard")
            return self.registration_draft if rest.startswith(on_draft) else self.registration
        rest = pattern.removeprefix("filings/<uuid:public_id>/")
        if rest.startswith("correct"):
            return self.correction
        if rest.startswith(("supply", "end.ics")):
            return self.owing
        on_draft = ("steps", "type", "upload", "files", "discard")
        return self.draft if rest.startswith(on_draft) else self.queued

    def _number(self, pattern: str) -> int:
        for start, row in (
            ("cases/files", self.handed_in),
            ("cases/letters", self.owing.letters.get(kind="form")),
            ("filings/<uuid:public_id>/files", self.upload),
            ("registrations/<uuid:public_id>/files", self.registration_paper),
            ("claims/<uuid:public_id>/files", self.claim_paper),
            ("claims/<uuid:public_id>/", self.claim_photo),
            ("account/persons/<int:pk>/accept", self.invited),
            ("account/persons", self.holding),
            ("account/consents", self.consent),
            ("admin/casework/case/<int:pk>/claim", self.claim),
            ("admin/casework/case", self.queued),
            ("admin/casework/notice", self.call),
            ("admin/filings/filingrule", FilingRule.objects.order_by("pk").first()),
            ("admin/filings/noticetext", NoticeText.objects.order_by("pk").first()),
            ("admin/filings/promisetext", PromiseText.objects.order_by("pk").first()),
            ("admin/reimbursements/settlementpolicy", self.policy),
            ("admin/reimbursements/paymentbatch/failed", self.claim),
            ("admin/reimbursements/paymentbatch/recoveries", self.recovery),
            ("admin/reimbursements/paymentbatch", self.batch),
            ("admin/reimbursements/stagedelegation", self.delegation),
            ("admin/residents/user", self.queued.account),
        ):
            if pattern.startswith(start):
                return row.pk if row else 1
        raise KeyError(pattern)

    def _object(self, pattern: str):
        model = "/".join(pattern.split("/")[1:3])
        rows = {
            "r/<path:content_type_id>": self.queued,
            "facilities/poolingarea": PoolingArea.objects.order_by("pk").first(),
            "facilities/division": Division.objects.order_by("pk").first(),
            "facilities/disease": Disease.objects.order_by("pk").first(),
            "facilities/agency": Agency.objects.order_by("pk").first(),
            "facilities/institution": Institution.objects.order_by("pk").first(),
            "auth/group": Group.objects.order_by("pk").first(),
            "residents/user": self.queued.account,
            "residents/accesslog": self.log,
            "casework/staffprofile": self.head.staff_profile,
            "casework/reason": self.reason,
            "casework/jobrun": self.job,
            "casework/workday": Workday.objects.order_by("pk").first(),
            "casework/case": self.queued,
            "casework/notice": self.call,
            "filings/filingrule": FilingRule.objects.order_by("pk").first(),
            "reimbursements/settlementpolicy": self.policy,
            "reimbursements/paymentbatch": self.batch,
            "reimbursements/stagedelegation": self.delegation,
            "filings/noticetext": NoticeText.objects.order_by("pk").first(),
            "filings/promisetext": PromiseText.objects.order_by("pk").first(),
        }
        row = rows[model]
        return row.pk if row else 1
