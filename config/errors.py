"""The pages shown when something goes wrong: plain words, no traceback, no English."""

from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

# title, what to do; by the status or by name
TEXTS = {
    400: ("请求有误", "您提交的内容无法识别。请返回上一页，检查后重试。"),
    403: ("无权查看", "您没有查看此页面的权限。如有疑问，请联系参保地经办机构。"),
    404: ("页面不存在", "没有找到您要的页面，地址可能有误，或者您无权查看。"),
    500: ("系统出错了", "系统暂时无法完成操作，您已保存的内容不会丢失。请稍后再试。"),
    "csrf": (
        "页面已过期",
        "为了保护您的信息，这次提交没有被接受。"
        "请返回上一页，刷新后重新提交；已保存的内容不会丢失。",
    ),
}


def _page(request, status: int, key=None):
    title, text = TEXTS[key or status]
    context = {"title": title, "text": text, "status": status}
    return render(request, "errors/error.html", context, status=status)


def bad_request(request, exception=None):
    return _page(request, 400)


def forbidden(request, exception=None):
    return _page(request, 403)


def not_found(request, exception=None):
    return _page(request, 404)


def csrf_failure(request, reason=""):
    return _page(request, 403, "csrf")


def server_error(request):
    """Asks nothing of the database or of context processors, which may be what broke.

    When even the template cannot be built, the bare words are sent.
    """
    title, text = TEXTS[500]
    try:
        page = render_to_string("errors/500.html", {"title": title, "text": text})
    except Exception:
        plain = "text/plain; charset=utf-8"
        return HttpResponse(f"{title}。{text}", status=500, content_type=plain)
    return HttpResponse(page, status=500)
