"""The filters of the queue: each one equality or range on the case itself, none runs DISTINCT."""

from datetime import timedelta
from functools import cached_property

from django.contrib.admin import SimpleListFilter
from django.utils import timezone

from casework.admin.colleagues import colleagues, may_supervise
from casework.clock import local_day
from casework.kinds import all_kinds
from casework.models import Case
from casework.workdays import current_calendar
from facilities.area_search import destinations_in, resolve_place
from facilities.areas import area_name


class _Choice(SimpleListFilter):
    """A filter whose choices come from code, never from the table."""

    def queryset(self, request, queryset):
        return self.narrow(request, queryset, self.value()) if self.value() else queryset

    def narrow(self, request, queryset, value):
        return queryset.filter(**{self.parameter_name: value})

    # Typed into a box rather than picked from a list.
    is_typed = False
    help = ""
    problem = ""

    def has_output(self):
        return True

    def word(self) -> str:
        """The value as a chip says it."""
        return dict(self.lookup_choices).get(self.value(), self.value())


def _words(request, of_kind) -> list[tuple[str, str]]:
    """(code, words) over the kinds that are shown: the one filtered by, else all of them. A
    code that kinds call by different words is listed once, with all of them."""
    wanted = request.GET.get("kind", "")
    kinds = [kind for kind in all_kinds() if kind.code == wanted] or all_kinds()
    found: dict[str, dict[str, None]] = {}
    for kind in kinds:
        for code, word in of_kind(kind).items():
            found.setdefault(code, {})[word] = None
    return [(code, " / ".join(words)) for code, words in found.items()]


class KindFilter(_Choice):
    title, parameter_name = "事项", "kind"

    def lookups(self, request, model_admin):
        return [(kind.code, kind.label) for kind in all_kinds()]


class StatusFilter(_Choice):
    title, parameter_name = "状态", "status"

    def lookups(self, request, model_admin):
        states = _words(request, lambda kind: kind.workflow.states)
        return [(code, word) for code, word in states if code != Case.DRAFT]


class TopicFilter(_Choice):
    title, parameter_name = "类别", "topic"

    def lookups(self, request, model_admin):
        return _words(request, lambda kind: kind.topics)


class DoubtFilter(_Choice):
    title, parameter_name = "疑点", "doubt"

    def lookups(self, request, model_admin):
        return [("none", "没有疑点"), *_words(request, lambda kind: kind.doubts)]

    def narrow(self, request, queryset, value):
        if value == "none":
            return queryset.filter(doubts="")
        return queryset.filter(doubts__contains=f" {value} ")


class DestinationFilter(_Choice):
    """Any place, typed: a name, pinyin initials or a code. A county means its pooling area,
    a province all of its pooling areas."""

    title, parameter_name = "就医地", "destination"
    is_typed = True
    help = "城市名、拼音首字母或 6 位区划代码"

    def lookups(self, request, model_admin):
        return []

    def narrow(self, request, queryset, value):
        return queryset.filter(destination__in=self.codes)

    @cached_property
    def codes(self) -> list[str]:
        """The pooling areas that are meant; none when nothing, or too much, is meant."""
        place = self.meant
        return [area.code for area in destinations_in(place)] if place else []

    @cached_property
    def meant(self):
        """The place that was typed, or None."""
        return resolve_place(self.value() or "")[0]

    @property
    def problem(self) -> str:
        """What to tell somebody whose place is not known; empty when there is nothing to say."""
        if not self.value() or self.codes:
            return ""
        others = resolve_place(self.value())[1]
        if not others:
            return f"没有找到就医地「{self.value()}」，请写城市名，例如「成都」。"
        names = "、".join(area_name(place.code) for place in others[:5])
        return f"「{self.value()}」可能是：{names}。请写全名称。"

    def word(self) -> str:
        """The place as a chip says it."""
        return area_name(self.meant.code) if self.meant else self.value()


class InsuranceFilter(_Choice):
    title, parameter_name = "险种", "insurance"

    def lookups(self, request, model_admin):
        return [("310", "职工"), ("390", "居民")]


class ChannelFilter(_Choice):
    title, parameter_name = "渠道", "channel"

    def lookups(self, request, model_admin):
        return Case.Channel.choices


class AssigneeFilter(_Choice):
    """Oneself, nobody, somebody; supervisors may name a colleague."""

    title, parameter_name = "经办人", "assignee"

    def lookups(self, request, model_admin):
        general = [("me", "我"), ("none", "未领取"), ("taken", "已领取")]
        named = [(str(one.user_id), one.user.get_full_name()) for one in colleagues_once(request)]
        return [*general, *named]

    def narrow(self, request, queryset, value):
        if value == "me":
            return queryset.filter(assignee=request.user)
        if value in dict(self.lookup_choices) and value.isdigit():
            return queryset.filter(assignee_id=int(value))
        return queryset.filter(assignee__isnull=value == "none")


def colleagues_once(request) -> list:
    """The colleagues a supervisor may hand work to, read once a request; none for others."""
    if not hasattr(request, "_colleagues"):
        may = may_supervise(request.user)
        request._colleagues = list(colleagues(request.user)) if may else []
    return request._colleagues


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
