"""The filters of the queue: each one equality or range on the case itself, none runs DISTINCT."""

from datetime import timedelta

from django.contrib.admin import SimpleListFilter
from django.utils import timezone

from casework.clock import local_day
from casework.kinds import all_kinds
from casework.models import Case
from casework.workdays import current_calendar
from facilities.areas import UnknownArea, area_name, pooling_area_of


class _Choice(SimpleListFilter):
    """A filter whose choices come from code, never from the table."""

    def queryset(self, request, queryset):
        return self.narrow(request, queryset, self.value()) if self.value() else queryset

    def narrow(self, request, queryset, value):
        return queryset.filter(**{self.parameter_name: value})

    def has_output(self):
        return True


class KindFilter(_Choice):
    title, parameter_name = "事项", "kind"

    def lookups(self, request, model_admin):
        return [(kind.code, kind.label) for kind in all_kinds()]


class StatusFilter(_Choice):
    title, parameter_name = "状态", "status"

    def lookups(self, request, model_admin):
        states = {code: word for kind in all_kinds() for code, word in kind.workflow.states.items()}
        states.pop(Case.DRAFT, None)
        return list(states.items())


class TopicFilter(_Choice):
    title, parameter_name = "类别", "topic"

    def lookups(self, request, model_admin):
        return list({k: v for kind in all_kinds() for k, v in kind.topics.items()}.items())


class DoubtFilter(_Choice):
    title, parameter_name = "疑点", "doubt"

    def lookups(self, request, model_admin):
        doubts = {k: v for kind in all_kinds() for k, v in kind.doubts.items()}
        return [("none", "没有疑点"), *doubts.items()]

    def narrow(self, request, queryset, value):
        if value == "none":
            return queryset.filter(doubts="")
        return queryset.filter(doubts__contains=f" {value} ")


class DestinationFilter(_Choice):
    """Any pooling area may be asked for by its code; the common ones are offered."""

    title, parameter_name = "就医地", "destination"
    common = ("110000", "310000", "500000", "440100", "510100", "530100", "610100", "420100")

    def lookups(self, request, model_admin):
        offered = [(code, area_name(code)) for code in self.common]
        asked = request.GET.get(self.parameter_name, "")
        if asked and asked not in self.common and (name := _area(asked)):
            offered.append((asked, name))
        return offered


class InsuranceFilter(_Choice):
    title, parameter_name = "险种", "insurance"

    def lookups(self, request, model_admin):
        return [("310", "职工"), ("390", "居民")]


class ChannelFilter(_Choice):
    title, parameter_name = "渠道", "channel"

    def lookups(self, request, model_admin):
        return Case.Channel.choices


class AssigneeFilter(_Choice):
    title, parameter_name = "经办人", "assignee"

    def lookups(self, request, model_admin):
        return [("me", "我"), ("none", "未领取"), ("taken", "已领取")]

    def narrow(self, request, queryset, value):
        if value == "me":
            return queryset.filter(assignee=request.user)
        return queryset.filter(assignee__isnull=value == "none")


class DueFilter(_Choice):
    title, parameter_name = "时限", "due"

    def lookups(self, request, model_admin):
        return [("late", "已逾期"), ("soon", "今天或下一工作日到期"), ("paused", "计时暂停")]

    def narrow(self, request, queryset, value):
        now = timezone.now()
        queryset = queryset.filter(is_open=True)
        if value == "late":
            return queryset.filter(due_at__lt=now)
        if value == "paused":
            return queryset.filter(due_at=None)
        day = current_calendar().add_workdays(local_day(now), 1) + timedelta(days=1)
        midnight = timezone.make_aware(
            timezone.datetime(day.year, day.month, day.day), timezone.get_default_timezone()
        )
        return queryset.filter(due_at__gte=now, due_at__lt=midnight)


def _area(code: str) -> str:
    try:
        return area_name(pooling_area_of(code))
    except UnknownArea:
        return ""


FILTERS = (
    KindFilter,
    StatusFilter,
    TopicFilter,
    DestinationFilter,
    InsuranceFilter,
    ChannelFilter,
    DoubtFilter,
    AssigneeFilter,
    DueFilter,
)
