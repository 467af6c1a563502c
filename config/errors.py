"""The pages shown when something goes wrong: plain words, no traceback, no English."""

from django.shortcuts import render


def _page(request, status: int, title: str, text: str):
    context = {"title": title, "text": text, "status": status}
    return render(request, "errors/error.html", context, status=status)


def bad_request(request, exception=None):
    return _page(request, 400, "请求有误", "您提交的内容无法识别。请返回上一页检查后重试。")


def forbidden(request, exception=None):
    return _page(request, 403, "无权查看", "您没有查看此页面的权限。如有疑问,请联系参保地经办机构。")


def not_found(request, exception=None):
    return _page(request, 404, "页面不存在", "没有找到您要的页面,地址可能有误,或者您无权查看。")


def csrf_failure(request, reason=""):
    return _page(
        request,
        403,
        "页面已过期",
        "为了保护您的信息,这次提交没有被接受。请返回上一页,刷新后重新提交;已保存的内容不会丢失。",
    )


def server_error(request):
    return _page(request, 500, "系统出错了", "系统暂时无法完成操作,您已保存的内容不会丢失。请稍后再试。")
