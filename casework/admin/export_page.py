"""Export of the queue's current filter: a page that asks, a POST that streams and is logged."""

from urllib.parse import urlencode

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, QueryDict, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from casework.admin.colleagues import may_read
from casework.export import MASKED, NONE, WHOLE, csv_lines, header, rows, xlsx_file
from casework.models import Case
from residents.models import AccessLog
from residents.personal import MIN_REASON, log_access

CSV, XLSX = "csv", "xlsx"
CHOICES = {
    NONE: "不含个人信息",
    MASKED: "姓名、证件号码、电话（隐去中间部分）",
    WHOLE: "姓名、证件号码、电话（完整，须写明理由）",
}
TYPES = {
    CSV: "text/csv; charset=utf-8",
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def may_export(user) -> bool:
    """Whoever reads cases may take their list along; each time is logged. Asked of the
    profile, which is loaded anyway: the permissions would cost the queue two queries."""
    return may_read(user)


def export_view(request):
    """Ask for format and personal columns; a POST streams the file."""
    if not may_export(request.user):
        raise PermissionDenied
    cases = _filtered(request)
    if request.method != "POST":
        return _page(request, cases)
    form, personal = request.POST.get("format", ""), request.POST.get("personal", NONE)
    reason = request.POST.get("reason", "").strip()
    if form not in TYPES or personal not in CHOICES:
        messages.error(request, "请选择文件格式和要不要个人信息。")
    elif personal == WHOLE and len(reason) < MIN_REASON:
        messages.error(request, f"导出完整个人信息须写明理由（至少 {MIN_REASON} 个字）。")
    else:
        return _stream(request, cases, form, personal, reason)
    return _page(request, cases, form, personal, reason, status=422)


def _filtered(request):
    """The cases of the queue under the filter that the address carries, in its order."""
    case_admin = admin.site.get_model_admin(Case)
    return case_admin.get_changelist_instance(request).queryset


def _page(request, cases, form=XLSX, personal=NONE, reason="", status=200):
    context = {
        **admin.site.each_context(request),
        "title": "导出办件",
        "count": cases.count(),
        "formats": {XLSX: "Excel 工作簿（.xlsx）", CSV: "CSV 文本（.csv）"},
        "choices": CHOICES,
        "form": form,
        "personal": personal,
        "reason": reason,
        "query": request.GET.urlencode(),
    }
    return render(request, "admin/casework/case/export.html", context, status=status)


def _stream(request, cases, form: str, personal: str, reason: str):
    """The file, after writing down who takes how many rows of which filter, and why."""
    count = cases.count()
    if not count:
        messages.info(request, "这个筛选里没有办件，没有导出。")
        return redirect(f"{reverse('admin:casework_case_changelist')}?{request.GET.urlencode()}")
    said = f"{reason};" if reason else ""
    detail = f"{count} 行，{form}，{CHOICES[personal].partition('（')[0]}"
    log_access(request.user, AccessLog.Action.EXPORTED, "", detail, f"{said}筛选：{_said(request)}")
    table, head = rows(cases, personal), header(personal)
    if form == CSV:
        response = StreamingHttpResponse(csv_lines(table, head), content_type=TYPES[CSV])
    else:
        response = FileResponse(xlsx_file(table, head), content_type=TYPES[XLSX])
    name = f"cases-{timezone.localtime():%Y%m%d-%H%M}.{form}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response


def _said(request) -> str:
    """The filter as it is written down: without the keyed hashes of a search."""
    kept = QueryDict(mutable=True)
    for key, value in request.GET.items():
        kept[key] = "…" if key in ("key", "also") else value
    return urlencode(kept.dict()) or "全部待领取"
