"""What residents come for, from the first page to the paper, in a real browser."""

import pytest

from casework.models import Case
from tests.e2e.acts import add_oneself, enrolled, log_in, to_proof
from tests.e2e.conftest import do_published_work, work

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

PHONE = "13911110001"


def newcomer(walker, phone=PHONE, **values):
    """Somebody in the register logs in for the first time and adds themselves."""
    number = enrolled(phone, **values)
    log_in(walker, phone)
    add_oneself(walker, number)


def test_a_newcomer_files_and_is_opened_at_once(phone):
    phone.go("/").sees("您要办什么")
    newcomer(phone)
    to_proof(phone, "临时外出", "临翔", "云南省临沧市临翔区", "成都", "成都市")
    phone.sees("不需要上传材料").next()
    phone.sees("请核对", "提交后即时开通").press("提交")
    phone.sees("系统正在自动审核")
    work(phone)
    phone.look().sees("备案已开通", "四川省成都市", "到期前还有")
    case = Case.objects.get()
    letter = case.letters.get(kind="form")
    answer = phone.page.request.get(f"{phone.url}/cases/letters/{letter.pk}.pdf")
    assert answer.ok and answer.body().startswith(b"%PDF")
    phone.press("打印", exact=False).sees("按签发的原样显示")
    phone.go(f"/v/{letter.token}/").sees("真实文书，目前有效", "王*例", "四川省成都市")
    phone.go("/").go("/filings/records/").sees("已备案，有效")


def test_kunming_needs_no_filing_and_says_what_keeps_the_ratio_whole(phone):
    newcomer(phone)
    phone.go("/filings/").choose("临时外出").next()
    phone.next()
    phone.fill("查找城市或医院", "昆明").press("查找")
    phone.choose("昆明市").next()
    phone.sees("不需要备案", "为什么", "想让报销比例不降低", "转诊")


def test_the_record_shows_the_decision_by_itself(phone):
    newcomer(phone)
    to_proof(phone, "临时外出", "临翔", "云南省临沧市临翔区", "成都", "成都市")
    phone.next()
    phone.press("提交").sees("系统正在自动审核")
    held = []
    phone.page.route("**/filings/**", lambda route: held.append(route))
    phone.page.wait_for_timeout(500)
    do_published_work()
    phone.page.unroute("**/filings/**")
    for route in held:
        route.continue_()
    phone.sees("备案已开通")
