"""The pages of the frame itself: start page, error pages, the page that shows every part."""

import re
from io import StringIO
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.http import HttpResponse, HttpResponseRedirect
from django.template import TemplateDoesNotExist
from django.test import Client, RequestFactory

from config import errors, views
from config.uploads import UploadRedirectMiddleware
from config.vendor import VENDOR_FILES
from residents.models import User


def text_of(response) -> str:
    return response.content.decode()


@pytest.mark.django_db
def test_a_visitor_is_asked_what_to_do(client):
    html = text_of(client.get("/"))
    assert "您要办什么？" in html and "登录后" in html and "12393" in html


@pytest.mark.django_db
def test_what_waits_for_a_resident_is_seen_before_all_that_they_could_do(client, monkeypatch):
    client.force_login(resident())
    monkeypatch.setattr(views.gate, "is_due", lambda user: False)
    assert text_of(client.get("/")).index("等您处理") > text_of(client.get("/")).index("查医院")
    item = {"state": "correction", "title": "需要补正", "text": "", "number": "1", "url": "/x"}
    monkeypatch.setattr(views, "open_items", lambda user: [item])
    html = text_of(client.get("/"))
    assert html.index("等您处理") < html.index("查医院") and html.count("等您处理") == 1


@pytest.mark.django_db
def test_a_matter_whose_page_is_missing_is_not_offered(client, monkeypatch):
    nowhere = ("filing", "没有的事", "没有这一页", "filings:nowhere")
    monkeypatch.setattr(views, "MATTERS", (nowhere,))
    assert "没有的事" not in text_of(client.get("/"))


def resident(**facts) -> User:
    user = User(username="13900000001", **facts)
    user.set_unusable_password()
    user.save()
    return user


@pytest.mark.django_db
def test_a_resident_sees_what_is_open(client, monkeypatch):
    client.force_login(resident(), backend="django.contrib.auth.backends.ModelBackend")
    item = {"text": "您的备案需要补正", "url": "/x", "state": "correction", "due": None}
    monkeypatch.setattr(views, "open_items", lambda user: [{**item, "number": "L1"}])
    html = text_of(client.get("/"))
    assert "您的备案需要补正" in html and "待补正" in html


@pytest.mark.django_db
def test_a_resident_with_nothing_open_is_told_so(client):
    client.force_login(resident(), backend="django.contrib.auth.backends.ModelBackend")
    html = text_of(client.get("/"))
    assert "现在没有需要您处理的事" in html and "用手机号登录" not in html


@pytest.mark.django_db
def test_an_account_that_owes_its_number_is_shown_nothing(client, monkeypatch):
    client.force_login(resident(), backend="django.contrib.auth.backends.ModelBackend")
    monkeypatch.setattr(views.gate, "is_due", lambda user: True)
    monkeypatch.setattr(views, "open_items", lambda user: pytest.fail("asked"))
    assert "核对证件号码" in text_of(client.get("/"))


@pytest.mark.django_db
@pytest.mark.parametrize(("cookie", "on"), [("1", True), ("0", False), ("x", False)])
def test_elder_mode_by_cookie(client, cookie, on):
    client.cookies["elder"] = cookie
    html = text_of(client.get("/"))
    assert ('class="elder"' in html) == on
    assert ("朗读本页" in html) == on
    assert ("标准版" in html) == on


@pytest.mark.django_db
def test_the_account_remembers_elder_mode_and_the_cookie_wins(client):
    user = resident(elder_mode=True)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    assert 'class="elder"' in text_of(client.get("/"))
    client.cookies["elder"] = "0"
    assert 'class="elder"' not in text_of(client.get("/"))


def test_a_page_that_is_not_there(client, db):
    response = client.get("/nowhere")
    assert response.status_code == 404
    assert "页面不存在" in text_of(response)


@pytest.mark.parametrize(
    ("view", "status", "words"),
    [
        (errors.bad_request, 400, "请求有误"),
        (errors.forbidden, 403, "无权查看"),
        (errors.not_found, 404, "页面不存在"),
        (errors.csrf_failure, 403, "页面已过期"),
    ],
)
@pytest.mark.django_db
def test_error_pages_say_what_to_do(client, view, status, words):
    request = client.get("/").wsgi_request
    response = view(request)
    assert response.status_code == status
    assert words in text_of(response) and "返回首页" in text_of(response)


def test_a_form_without_its_token_is_explained(db):
    response = Client(enforce_csrf_checks=True).post("/dev/style")
    assert response.status_code == 403
    assert "页面已过期" in text_of(response)


def test_the_last_error_page_needs_no_database():
    """No database mark: a query here would fail the test."""
    response = errors.server_error(RequestFactory().get("/"))
    assert response.status_code == 500
    assert "系统出错了" in text_of(response) and "12393" in text_of(response)


def test_even_without_a_template_the_words_arrive(monkeypatch):
    def missing(*args):
        raise TemplateDoesNotExist("errors/500.html")

    monkeypatch.setattr(errors, "render_to_string", missing)
    response = errors.server_error(RequestFactory().get("/"))
    assert response.status_code == 500
    assert text_of(response).startswith("系统出错了")


@pytest.mark.django_db
def test_the_page_of_parts_is_not_for_production(client, settings):
    assert client.get("/dev/style").status_code == 200
    settings.SHOW_DEVELOPMENT_PAGES = False
    assert client.get("/dev/style").status_code == 404


@pytest.mark.django_db
def test_errors_are_said_in_the_title_and_what_was_typed_stays(client):
    proof = SimpleUploadedFile("a.txt", b"x")
    html = text_of(client.post("/dev/style", {"name": "张兰", "start_year": "26", "proof": proof}))
    assert re.search(r"<title>有误：", html)
    assert 'value="张兰"' in html and 'value="26"' in html


@pytest.mark.django_db
def test_no_page_without_errors_says_so(client):
    assert "有误" not in text_of(client.get("/dev/style"))


def redirected(request):
    return HttpResponseRedirect("/next")


def test_an_upload_with_progress_is_told_where_to_go():
    request = RequestFactory().post("/", headers={"X-Upload": "1"})
    response = UploadRedirectMiddleware(redirected)(request)
    assert (response.status_code, response["X-Go-To"]) == (200, "/next")


def test_its_cookies_come_along():
    def with_cookie(request):
        response = HttpResponseRedirect("/next")
        response.set_cookie("kept", "1")
        return response

    request = RequestFactory().post("/", headers={"X-Upload": "1"})
    assert UploadRedirectMiddleware(with_cookie)(request).cookies["kept"].value == "1"


def test_other_answers_and_other_requests_stay_as_they_are():
    plain = UploadRedirectMiddleware(redirected)(RequestFactory().post("/"))
    assert plain.status_code == 302
    request = RequestFactory().post("/", headers={"X-Upload": "1"})
    page = UploadRedirectMiddleware(lambda request: HttpResponse("有误"))(request)
    assert text_of(page) == "有误"


def test_static_files_can_be_collected_with_hashed_names(settings, tmp_path):
    """Every address inside our style sheets, and every map they name, leads somewhere."""
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"},
    }
    settings.INSTALLED_APPS = ["django.contrib.staticfiles", "django.contrib.contenttypes"]
    settings.STATICFILES_FINDERS = [
        "django.contrib.staticfiles.finders.FileSystemFinder",
        "config.vendor.VendorFinder",
    ]
    call_command("collectstatic", interactive=False, stdout=StringIO())
    collected = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*")}
    assert set(VENDOR_FILES) <= collected
    assert (Path(tmp_path) / "staticfiles.json").exists()
