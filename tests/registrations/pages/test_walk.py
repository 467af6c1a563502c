"""The pages from the home page to the printed form, as people click through them."""

import re
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from casework.actors import Actor
from casework.models import Case
from casework.perform import perform
from casework.tasks import review_case
from registrations.dossier import dossier_of
from tests.facilities.factories import InstitutionFactory, disease
from tests.factories import LINCANG, LINXIANG, HoldingFactory, clerk, proven_holding
from tests.registrations.factories import (
    HYPERTENSION,
    approved_registration,
    corrected_registration,
    draft_registration,
    rejected_registration,
)
from tests.registrations.pages.conftest import BACKEND

pytestmark = pytest.mark.django_db

PLACE = {"insured_area": LINXIANG, "insurance": "310"}
DETAILS = {
    "diagnosed_on_year": "2026",
    "diagnosed_on_month": "10",
    "diagnosed_on_day": "8",
    "phone": "13900001111",
    "contact_how": "sms",
    "address": "",
}


def photo(name="材料.jpg") -> SimpleUploadedFile:
    data = BytesIO()
    Image.new("RGB", (1600, 1200), "white").save(data, "JPEG")
    return SimpleUploadedFile(name, data.getvalue(), content_type="image/jpeg")


def text_of(response) -> str:
    return re.sub(r"\s+", "", re.sub(r"<[^>]+>", " ", response.content.decode()))


def go(client, url, data=None, status=200):
    """Post a page (look at it without data) and follow."""
    answer = client.get(url) if data is None else client.post(url, data, follow=True)
    assert answer.status_code == status, text_of(answer)
    return answer


def begin(client, code=HYPERTENSION) -> str:
    """The draft begins with the disease; returns the start of the addresses of its steps."""
    answer = client.post("/registrations/", PLACE)
    assert answer.status_code == 302, text_of(answer)
    answer = client.post(answer.url, {"disease": code})
    assert answer.status_code == 302, text_of(answer)
    return answer.url.rsplit("notice/", 1)[0]


def upload_all(client, base: str) -> None:
    """A picture for each group of documents."""
    case = Case.objects.get(public_id=base.split("/")[2])
    groups = dossier_of(case).decision.documents
    for number, group in enumerate(groups):
        data = {f"g{number}-document": group[0], f"g{number}-files": photo()}
        address = base.replace("steps/", f"upload/{number}/")
        assert client.post(address, data).status_code == 302


def test_from_the_home_page_to_the_printed_form(web, holding):
    assert "/registrations/" in web.get("/").content.decode()
    start = text_of(go(web, "/registrations/"))
    assert "云南省临沧市临翔区" in start  # known of somebody who is proven
    listed = text_of(go(web, f"/registrations/diseases/?area={LINXIANG}&insurance=310"))
    assert "示例" in listed and "需要长期服药" in listed and "有效期：24个月" in listed
    base = begin(web)
    notice = text_of(go(web, f"{base}notice/"))
    assert "最要紧的五句话" in notice and "示例文本" in notice
    go(web, f"{base}notice/", {"read": "on"})
    go(web, f"{base}hospital/", {"hospital_name": "示例市第一人民医院"})
    go(web, f"{base}treatment/", {"treatment": "none"})
    page = go(web, f"{base}details/", DETAILS)
    assert "高血压要的检查报告" in text_of(page)
    refused = go(web, f"{base}proof/", {}, status=422)
    assert "请上传诊断证明" in text_of(refused)
    upload_all(web, base)
    check = text_of(go(web, f"{base}proof/", {}))
    assert "请核对" in check and "还差这些" not in check
    assert "长期有效（示例）" in check
    record = go(web, f"{base}check/", {"version": "0"})
    case = Case.objects.get()
    assert case.number in text_of(record) and "正在自动核查" in text_of(record)
    review_case(case.pk)
    url = f"/registrations/{case.public_id}/"
    record = text_of(go(web, url))
    assert "经办人员正在审核" in record and "2026年12月21日前" in record
    user = clerk(area=LINCANG)
    perform(Case.objects.get(pk=case.pk), "approve", Actor.staff(user))
    record = go(web, url)
    assert "认定通过" in text_of(record) and "长期有效" in text_of(record)
    letter = case.letters.get(kind="form")
    pdf = web.get(f"/cases/letters/{letter.pk}.pdf")
    assert pdf.content.startswith(b"%PDF")
    verified = text_of(web.get(f"/v/{letter.token}/"))
    assert "真实文书，目前有效" in verified and "高血压" in verified
    assert holding.name not in verified
    assert "已认定，有效" in text_of(go(web, "/registrations/records/"))


def test_submitting_twice_makes_one_case(web, holding):
    case = draft_registration(holding)
    url = f"/registrations/{case.public_id}/steps/check/"
    assert web.post(url, {"version": "0"}).status_code == 302
    assert web.post(url, {"version": "0"}).status_code == 302
    assert Case.objects.exclude(number=None).count() == 1


def test_each_step_says_what_is_missing_and_keeps_what_was_typed(web):
    assert "请选择参保地" in text_of(go(web, "/registrations/", {}))
    listing = f"/registrations/diseases/?area={LINXIANG}&insurance=310"
    assert "请选择要认定的病种" in text_of(go(web, listing, {}))
    base = begin(web)
    assert "在「我已阅读」前打勾" in text_of(go(web, f"{base}notice/", {}))
    assert "写上医院全称" in text_of(go(web, f"{base}hospital/", {"hospital": "typed"}))
    assert "以后再定" in text_of(go(web, f"{base}treatment/", {}))
    wrong = {**DETAILS, "diagnosed_on_day": "31", "diagnosed_on_month": "11", "phone": "12"}
    page = go(web, f"{base}details/", wrong)
    assert "2026年11月没有31日" in text_of(page) and 'value="12"' in page.content.decode()
    late = {**DETAILS, "diagnosed_on_month": "12"}
    assert "确诊日期不能晚于" in text_of(go(web, f"{base}details/", late))


def test_a_hospital_is_found_and_what_it_has_opened_is_said(web):
    disease(HYPERTENSION)
    hospital = InstitutionFactory(name="示例临沧市人民医院")
    base = begin(web)
    page = go(web, f"{base}hospital/?q=示例临沧")
    assert hospital.name in text_of(page)
    go(web, f"{base}hospital/", {"hospital": hospital.pk, "hospital_name": ""})
    page = text_of(go(web, f"{base}treatment/?q=示例临沧"))
    assert "目录里没有这个病种" in page
    go(web, f"{base}treatment/", {"treatment": hospital.pk})
    answers = dossier_of(Case.objects.get()).answers
    assert (answers.hospital, answers.hospital_name) == (hospital.pk, hospital.name)
    assert answers.treatment_name == hospital.name


def test_leaving_keeps_what_was_said_and_the_list_goes_on_from_there(web):
    base = begin(web)
    page = go(web, f"{base}hospital/", {"hospital_name": "县医院", "leave": "1"})
    assert "已保存" in text_of(page) and "高血压" in text_of(page)
    assert "县医院" in go(web, f"{base}hospital/").content.decode()
    go(web, base.replace("steps/", "discard/"), {})
    assert not Case.objects.exists()


def test_a_disease_that_is_registered_for_good_stops_at_once_with_the_reason(web, holding):
    approved_registration(holding, insured_area=LINXIANG)
    answer = web.post(
        f"/registrations/diseases/?area={LINXIANG}&insurance=310", {"disease": HYPERTENSION}
    )
    assert answer.url.endswith("/steps/outcome/")
    page = text_of(go(web, answer.url))
    assert "现在不能办理" in page and "已经认定，长期有效" in page and "参保地电话" in page


def test_whoever_is_not_proven_is_told_nothing_of_the_person(client, monday):
    known = proven_holding(LINXIANG)
    approved_registration(known, insured_area=LINXIANG)
    other = HoldingFactory(person=known.person, standing="pending", bound_by="")
    client.force_login(other.account, BACKEND)
    assert "临翔" not in text_of(go(client, "/registrations/")).replace("例如“临翔”", "")
    base = begin(client)
    assert "已经认定" not in text_of(go(client, f"{base}check/"))
    assert "身份凭证" in text_of(go(client, f"{base}proof/"))


def test_another_disease_keeps_the_other_answers(web, holding):
    case = draft_registration(holding)
    url = f"/registrations/{case.public_id}/"
    page = text_of(go(web, f"{url}disease/", {"disease": "M00500"}))
    assert "恶性肿瘤门诊治疗" in page and "请上传治疗方案" in page and "示例市第一人民医院" in page
    draft_registration(holding)  # there is a draft of 高血压 again
    assert "您已有一件「高血压」的草稿" in text_of(
        go(web, f"{url}disease/", {"disease": HYPERTENSION})
    )


def test_only_what_the_notice_names_is_corrected(client, monday):
    case = corrected_registration(
        targets=("field:address", "field:hospital", "field:disease", "document:exam_report")
    )
    client.force_login(case.account, BACKEND)
    url = f"/registrations/{case.public_id}/"
    page = text_of(go(client, f"{url}correct/"))
    assert "病种不能在补正中修改" in page and "修改确诊医院" in page and "检查检验报告" in page
    go(client, f"{url}correct/hospital/", {"hospital_name": "示例市中医院"})
    go(client, f"{url}upload/0/", {"g0-document": "exam_report", "g0-files": photo()})
    data = {"address": "示例街 9 号", "version": str(Case.objects.get(pk=case.pk).version)}
    assert "补正已提交" in text_of(go(client, f"{url}correct/", data))
    case = Case.objects.get(pk=case.pk)
    assert case.status == "in_review" and case.registration.hospital_name == "示例市中医院"
    assert client.get(f"{url}correct/").status_code == 404
    assert client.get(f"{url}correct/treatment/").status_code == 404


def test_a_refused_one_is_looked_at_again_or_applied_for_anew(client, monday):
    case = rejected_registration()
    client.force_login(case.account, BACKEND)
    url = f"/registrations/{case.public_id}/"
    page = text_of(go(client, url))
    assert "没有通过" in page and "不予认定通知书" in page
    version = {"version": str(case.version)}
    assert "请写明理由" in text_of(go(client, f"{url}do/appeal/", version))
    go(client, f"{url}do/appeal/", {**version, "note": "补上了报告"})
    assert Case.objects.get(pk=case.pk).status == "in_review"


def test_a_withdrawn_one_begins_again_with_its_answers(client, monday):
    case = corrected_registration()
    client.force_login(case.account, BACKEND)
    url = f"/registrations/{case.public_id}/"
    go(client, f"{url}do/withdraw/", {"version": str(case.version)})
    page = text_of(go(client, f"{url}again/", {}))
    assert "请核对" in page and "示例市第一人民医院" in page and "请上传诊断证明" in page


def test_a_file_is_turned_and_removed_and_a_bad_one_is_refused_beside_its_field(web):
    base = begin(web)
    upload_all(web, base)
    case = Case.objects.get()
    url = f"/registrations/{case.public_id}/"
    file = case.attachments.first()
    assert web.post(f"{url}files/{file.pk}/turn/").status_code == 302
    newest = case.attachments.filter(removed_in=None).first()
    assert web.post(f"{url}files/{newest.pk}/remove/").status_code == 302
    bad = SimpleUploadedFile("x.jpg", b"not a picture", content_type="image/jpeg")
    page = go(
        web, f"{url}upload/0/", {"g0-document": "diagnosis_certificate", "g0-files": bad}, 422
    )
    assert "x.jpg：" in text_of(page)
    assert web.post(f"{url}upload/9/").status_code == 404


def test_nobody_else_opens_any_of_it(client, web, holding):
    case = draft_registration(holding)
    other = proven_holding(LINXIANG)
    client.force_login(other.account, BACKEND)
    for path in ("", "steps/check/", "steps/notice/", "disease/", "discard/", "correct/"):
        assert client.get(f"/registrations/{case.public_id}/{path}").status_code == 404


def test_what_is_in_force_is_renewed_near_its_end_and_not_before(client, monday):
    case = approved_registration(disease="M00200")
    client.force_login(case.account, BACKEND)
    url = f"/registrations/{case.public_id}/"
    page = go(client, url).content.decode()
    assert ">申请续期<" not in page and "重新申请" not in page
    monday.move_to("2027-10-04T10:00:00+08:00")
    client.force_login(case.account, BACKEND)
    assert ">申请续期<" in go(client, url).content.decode()
    page = text_of(go(client, f"{url}again/", {}))
    assert "请核对" in page and "续期" in page
