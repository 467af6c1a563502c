"""The pages that are photographed: every page of residents and of the desk, in the states
that people meet, from the demonstration data and a few drafts made for the purpose.
"""

from collections.abc import Iterator
from datetime import timedelta

from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from casework.demo.people import FIRST_PHONE, make_resident
from casework.models import Case, Letter
from facilities.models import Institution
from filings import service
from filings.dossier import dossier_of
from filings.management.commands.create_demo import VISITOR
from residents.holdings import person_for
from residents.idnumber import parse
from residents.models import Consent, Holding, User
from tests.e2e import (
    claim_gallery,
    claim_steps_gallery,
    desk_gallery,
    finance_gallery,
    keepers_gallery,
    registration_gallery,
    stock_gallery,
)
from tests.e2e.pictures import Shot, next_step
from tests.factories import BEIJING, CHENGDU, KUNMING, LINXIANG, XINCHENG, id_number

LONG_NAME = "阿卜杜热合曼·买买提吐尔逊·艾力江·示例巴依·努尔麦麦提"
LONG_ADDRESS = (
    "四川省成都市双流区示例街道示例社区示例大道二段九百九十九号院十二栋三单元二十五楼二五〇三号"
)
DATA = (
    "load_reference",
    "load_rules",
    "load_policies",
    "load_reasons",
    "load_registration_reasons",
    "load_claim_reasons",
    "create_demo",
    "create_demo_registrations",
    "create_demo_claims",
)
SHOWN_STATES = (
    "submitted",
    "in_review",
    "correction",
    "lapsed",
    "approved",
    "rejected",
    "withdrawn",
    "cancelled",
    "superseded",
    "expired",
    "ended",
    "revoked",
)


def make_demo() -> None:
    """Reference data, rules and the demonstration, as `make run` makes them."""
    for command in DATA:
        call_command(command, verbosity=0)
    claim_gallery.make_claims()
    desk_gallery.make_desk()
    finance_gallery.make_finance()
    keepers_gallery.make_keepers()
    stock_gallery.make_stock()


def wrong_promise(page) -> None:
    """Sign with a name that is not the signer's."""
    page.click("[data-signature-type]")
    page.fill("#id_typed", "别人")
    next_step(page)


def shots() -> list[Shot]:
    """Every picture, in the order people meet the pages."""
    return [*residents(), *desk()]


def desk() -> list[Shot]:
    """What staff see."""
    galleries = (desk_gallery, finance_gallery, keepers_gallery, stock_gallery)
    return [
        *(shot for one in galleries for shot in one.shots()),
        *registration_gallery.on_the_desk(),
    ]


def residents() -> list[Shot]:
    """What residents and visitors see."""
    visitor = User.objects.resident_with_phone(str(FIRST_PHONE + VISITOR))
    return [
        *_public(),
        *_account(visitor),
        *_wizard(visitor),
        *_records(visitor),
        *registration_gallery.shots(),
        *claim_steps_gallery.shots(),
        *_claims(),
    ]


def _public() -> Iterator[Shot]:
    check = reverse("filings:check")
    yield Shot("首页（未登录）", None, "/")
    yield Shot("登录", None, reverse("residents:login"))
    yield Shot("登录：没有填", None, reverse("residents:login"), next_step)
    yield Shot("要不要备案", None, check)
    yield Shot("要不要备案：选参保地", None, f"{check}?from_text=临&to_text=大学")
    yield Shot("要不要备案：即时开通", None, f"{check}?from_text=临翔&to_text=成都")
    yield Shot("要不要备案：不需要", None, f"{check}?from_text=临翔&to_text=昆明")
    yield Shot("要不要备案：要审核", None, f"{check}?from_text=新城区&to_text=北京&lives_there=1")
    yield Shot("要不要备案：没找到", None, f"{check}?from_text=没有这里&to_text=没有那里")
    sums = reverse("reimbursements:calculator")
    stay = f"{sums}?policy=150100-310&kind=inpatient&where=inter_province&filed=TMP-OTH&nth_stay=1"
    yield Shot("费用估算：选参保地", None, sums)
    yield Shot("费用估算", None, f"{sums}?policy=150100-310")
    yield Shot("费用估算：没有填", None, f"{stay}&day=2026-11-01&total=很多")
    known = "level=三级&group=在职&day=2026-11-01&total=150000&own_expense=2000"
    yield Shot("费用估算：结果", None, f"{stay}&{known}")
    yield Shot("查医院", None, reverse("facilities:search"))
    yield Shot("查医院：结果", None, f"{reverse('facilities:search')}?q=成都")
    yield Shot("查医院：没找到", None, f"{reverse('facilities:search')}?q=没有这家")
    code = Institution.objects.order_by("code").values_list("code", flat=True)[0]
    yield Shot("一家医院", None, reverse("facilities:institution", args=[code]))
    yield Shot("经办机构电话", None, reverse("facilities:agencies"))
    yield Shot("没有这个页面", None, "/nowhere")
    yield Shot("开发：短信", None, reverse("residents:dev_inbox"))
    yield Shot("开发：动态码", None, reverse("residents:dev_totp"))
    yield Shot("开发：样式", None, reverse("dev_style"))
    letter = Letter.objects.filter(kind="form", revoked_at=None).order_by("pk").first()
    yield Shot("核验：有效", None, reverse("verify", args=[letter.token]))
    over = Letter.objects.filter(kind="form", case__status="expired").order_by("pk").first()
    yield Shot("核验：失效", None, reverse("verify", args=[over.token]))
    yield Shot("核验：没有", None, reverse("verify", args=["nothing-like-this"]))


def _account(visitor: User) -> Iterator[Shot]:
    empty = _empty_account()
    busy = Case.objects.filter(status="correction").order_by("pk").first().account
    yield Shot("首页（新用户）", empty, "/")
    yield Shot("首页（有事要办）", busy, "/")
    yield Shot("我的", visitor, reverse("residents:account"))
    yield Shot("同意记录", visitor, reverse("residents:consents"))
    yield Shot("更换手机", visitor, reverse("residents:phone_change"))
    yield Shot("本人与家人", visitor, reverse("residents:persons"))
    yield Shot("本人与家人：空", empty, reverse("residents:persons"))
    yield Shot("添加参保人", empty, reverse("residents:person_add"))
    yield Shot("添加参保人：没有填", empty, reverse("residents:person_add"), next_step)
    yield Shot("消息", busy, reverse("casework:messages"))
    yield Shot("消息：空", empty, reverse("casework:messages"))


def _empty_account() -> User:
    phone = "13811110000"
    return User.objects.resident_with_phone(phone) or User.objects.create_resident(
        phone, last_seen_at=timezone.now()
    )


def _wizard(visitor: User) -> Iterator[Shot]:
    yield Shot("备案：类型", visitor, reverse("filings:start"))
    yield Shot("备案：类型没有选", visitor, reverse("filings:start"), next_step)
    yield Shot("备案：帮我判断", visitor, reverse("filings:questions"))
    draft = _draft(visitor, "TMP-OTH", {"destination": CHENGDU, "destination_pick": CHENGDU})
    bare = _draft(_unknown().account, "TMP-OTH", {})
    yield from _steps("", draft, visitor)
    yield from _empty_steps(bare)
    yield from _stops(visitor)
    yield from _hohhot()
    yield from _family()


def _steps(word: str, case: Case, who: User) -> Iterator[Shot]:
    for slug, name in (
        ("insured", "参保地"),
        ("place", "就医地"),
        ("notice", "告知书"),
        ("stay", "住院情况"),
        ("details", "信息与时间"),
        ("proof", "材料"),
        ("check", "核对"),
    ):
        yield Shot(f"备案{word}:{name}", who, step(case, slug))


def _empty_steps(case: Case) -> Iterator[Shot]:
    who = case.account
    yield Shot("备案：参保地没有选", who, step(case, "insured"), next_step)
    yield Shot("备案：参保地查找", who, f"{step(case, 'insured')}?q=临沧")
    yield Shot("备案：参保地没找到", who, f"{step(case, 'insured')}?q=没有这里")
    yield Shot("备案：就医地没有选", who, step(case, "place"), next_step)
    yield Shot("备案：就医地查找", who, f"{step(case, 'place')}?q=成都")
    yield Shot("备案：就医地没找到", who, f"{step(case, 'place')}?q=没有这里")
    yield Shot("备案：住院没有选", who, step(case, "stay"), next_step)
    yield Shot("备案：还差这些", who, step(case, "check"))
    yield Shot("备案：修改类型", who, reverse("filings:change_type", args=[case.public_id]))
    yield Shot("备案：删除草稿", who, reverse("filings:discard", args=[case.public_id]))


def _stops(visitor: User) -> Iterator[Shot]:
    to = {"destination": KUNMING, "destination_pick": KUNMING}
    other = make_resident(VISITOR + 2, LINXIANG, "390")
    case = _draft(other.account, "TMP-OTH", to)
    yield Shot("备案：不需要（昆明）", other.account, step(case, "outcome"))


def _hohhot() -> Iterator[Shot]:
    north = make_resident(VISITOR + 1, XINCHENG, "390").account
    to = {"destination": BEIJING, "destination_pick": BEIJING, "care": "inpatient"}
    case = _draft(north, "LT-RES", {**to, "start": _today(), "contact_how": "sms"})
    stay = {"in_hospital": True, "admitted_on": _today(-2), "expected_discharge": _today(5)}
    yield Shot("长期：材料", north, step(case, "proof"))
    yield Shot("长期：材料没有交", north, step(case, "proof"), next_step)
    yield Shot("长期：承诺书", north, step(case, "promise"))
    yield Shot("长期：承诺书没有签", north, step(case, "promise"), next_step)
    yield Shot("长期：承诺书姓名不对", north, step(case, "promise"), wrong_promise)
    yield Shot("长期：告知书没有勾", north, step(case, "notice"), next_step)
    inside = _draft(north, "TMP-EMG", {**to, **stay})
    yield Shot("住院：入院日期", north, step(inside, "days"))
    yield Shot("住院：信息与时间", north, step(inside, "details"))
    out = {"in_hospital": False, "admitted_on": _today(-9), "discharged_on": _today(-1)}
    after = _draft(north, "TMP-REF", {**to, **out, "self_paid": True})
    yield Shot("出院：日期", north, step(after, "days"))
    yield Shot("出院：信息与时间", north, step(after, "details"))


def _family() -> Iterator[Shot]:
    child = _unknown().account
    mother = _holding(child, LONG_NAME, Holding.Relation.PARENT, 61)
    to = {"destination": CHENGDU, "destination_pick": CHENGDU, "address": LONG_ADDRESS}
    case = _draft(child, "LT-WRK", {**to, "insured_area": LINXIANG, "insurance": "390"}, mother)
    yield Shot("代办：信息与时间", child, step(case, "details"))
    yield Shot("代办：没有填", child, step(case, "details"), _emptied)
    yield Shot("代办：材料", child, step(case, "proof"))
    yield Shot("代办：核对", child, step(case, "check"))
    yield Shot("代办：本人与家人", child, reverse("residents:persons"))
    given = Consent.objects.get(account=child, person=mother.person)
    yield Shot("同意书：一份", child, reverse("residents:consent", args=[given.pk]))
    yield Shot("代办：移除", child, reverse("residents:person_revoke", args=[mother.pk]))


def _emptied(page) -> None:
    for box in page.locator("main form[method=post] input[type=text]").all():
        box.fill("")
    next_step(page)


def _unknown():
    return make_resident(VISITOR + 3, LINXIANG, "310", known=False)


def _holding(account: User, name: str, relation: str, sequence: int) -> Holding:
    person = person_for(parse(id_number(sequence=sequence)))
    held, _ = Holding.objects.get_or_create(
        account=account, person=person, defaults={"name": name, "relation": relation}
    )
    Consent.objects.get_or_create(
        account=account, person=person, kind=Consent.Kind.PROXY, defaults={"text": "示例同意书"}
    )
    return held


def _draft(account: User, category: str, answers: dict, holding: Holding | None = None) -> Case:
    held = holding or Holding.objects.filter(account=account).order_by("pk").first()
    case = service.start_filing(account, account, held.person, held, category)
    service.save(case, answers)
    text = service.notice_text(service.answers_now(case))
    if text and answers:
        read = {"key": text.key, "version": text.version.isoformat(), "sha256": text.sha256}
        service.save(case, {"notice": {**read, "read_at": timezone.now().isoformat()}})
    return case


def _today(days: int = 0) -> str:
    return (timezone.localdate() + timedelta(days=days)).isoformat()


def step(case: Case, slug: str) -> str:
    """The address of a step of this case."""
    return f"/filings/{case.public_id}/steps/{slug}/"


def _records(visitor: User) -> Iterator[Shot]:
    rich = Case.objects.filter(status="superseded").order_by("pk").first().account
    yield Shot("备案记录", rich, reverse("filings:records"))
    yield Shot("备案记录：空", _empty_account(), reverse("filings:records"))
    for status in SHOWN_STATES:
        case = Case.objects.filter(kind="filing", status=status).order_by("pk").first()
        if case:
            yield Shot(f"记录：{status}", case.account, record(case))
    yield from _special_records()
    yield from _corrections()
    yield from _acts()


def _special_records() -> Iterator[Shot]:
    filings = Case.objects.filter(kind="filing", status="approved").order_by("pk")
    names = (("owed", "欠材料"), ("handed_in", "已补交"))
    for state, name in names:
        case = filings.filter(filing__promise_state=state).first()
        if case:
            yield Shot(f"记录：{name}", case.account, record(case))
    owed = filings.filter(filing__promise_state="owed", city="150100").first()
    if owed:
        yield Shot("补交承诺材料", owed.account, reverse("filings:supply", args=[owed.public_id]))
    locked = filings.filter(filing__cancel_locked_until__gte=timezone.localdate()).first()
    if locked:
        yield Shot("记录：锁定期", locked.account, record(locked))
    letter = Letter.objects.filter(kind="form").order_by("pk").first()
    yield Shot(
        "打印备案表", letter.case.account, reverse("casework:letter_pages", args=[letter.pk])
    )


def record(case: Case) -> str:
    """The address of the record of this case."""
    return reverse("filings:record", args=[case.public_id])


def _corrections() -> Iterator[Shot]:
    rows = Case.objects.filter(kind="filing", status="correction").order_by("pk")
    for case in rows[:2]:
        address = reverse("filings:correct", args=[case.public_id])
        word = "有材料" if dossier_of(case).files else "只改内容"
        yield Shot(f"补正：{word}", case.account, address)
        yield Shot(f"补正：{word}，没有改", case.account, address, next_step)


def _acts() -> Iterator[Shot]:
    wanted = (
        ("withdraw", "in_review", "撤回"),
        ("cancel", "approved", "取消"),
        ("appeal", "rejected", "复核"),
        ("extend", "approved", "延长"),
    )
    for name, status, word in wanted:
        case = Case.objects.filter(status=status, kind="filing").order_by("pk").first()
        address = reverse("filings:act", args=[case.public_id, name])
        yield Shot(f"记录：{word}", case.account, address)
        if name == "appeal":
            yield Shot("记录：复核没有写", case.account, address, next_step)


def _claims() -> Iterator[Shot]:
    who = claim_gallery.account_of_claims()
    for name, address in claim_gallery.pages():
        yield Shot(name, who, address)
    yield Shot("我的报销：空", _empty_account(), reverse("reimbursements:claims"))
    address = claim_gallery.address("appeal")
    yield Shot("报销：复核没有写", who, address, next_step)
    yield Shot("报销：更正收款账户没有填", who, claim_gallery.account_page(), _emptied)
