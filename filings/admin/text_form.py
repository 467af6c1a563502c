"""The form of a text that residents read or sign; what was typed stays when it is refused."""

from django import forms

from filings.decision.codes import CATEGORIES, MARKS
from filings.decision.errors import RuleError
from filings.decision.sources import SOURCES, SYSTEM
from filings.decision.texts import FIRST_SENTENCES
from filings.models import NoticeText, PromiseText
from filings.models.texts import DatedText
from filings.rule_words import in_words, shown

DAY = {"invalid": "请写日期，例如 2027-01-01"}
MARKED = "“示例”和“待核”会写在标题旁边；本机构采用的文本选“无”。"
# The notice that stands before the words of every sentence: 告知书 has five.
NUMBERS = "一二三四五"


class TextForm(forms.Form):
    """What a member of staff types of a text; a draft's place and kinds of filing are fixed."""

    place = forms.ChoiceField(
        label="适用地",
        help_text="这里没有自己文本的地方，用上一级的。",
        error_messages={"required": "请选择适用地", "invalid_choice": "请从列出的地方中选择"},
    )
    valid_from = forms.DateField(
        label="自",
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages={**DAY, "required": "请写从哪一天起使用"},
    )
    valid_to = forms.DateField(
        label="至",
        required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        help_text="一般留空：下一版开始的前一天自动停用。",
        error_messages=DAY,
    )
    title = forms.CharField(
        label="标题",
        max_length=100,
        error_messages={"required": "请写标题", "max_length": "标题不能超过 100 字"},
    )
    body = forms.CharField(
        label="正文",
        max_length=20_000,
        widget=forms.Textarea({"rows": 18}),
        help_text="小标题前面写“## ”，分项前面写“- ”，空一行分段。",
        error_messages={"required": "请写正文", "max_length": "正文不能超过 2 万字"},
    )
    mark = forms.ChoiceField(
        label="标记",
        help_text=MARKED,
        choices=[(code, word or "无") for code, word in MARKS.items()],
        error_messages={"required": "请选择标记", "invalid_choice": "请从列出的标记中选择"},
    )
    sources = forms.MultipleChoiceField(
        label="来源",
        required=False,
        choices=[(code, name) for code, name in SOURCES.items() if code != SYSTEM],
        widget=forms.CheckboxSelectMultiple,
        help_text="名单里没有的，写在正文里。",
        error_messages={"invalid_choice": "请从列出的来源中选择"},
    )

    def __init__(self, *args, places: tuple[str, ...] = (), **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["place"].choices = [(code, shown("place", code)) for code in places]
        if not places:  # a draft: which text it is does not change
            del self.fields["place"]

    def typed(self) -> dict:
        """The values as the store takes them."""
        data = self.cleaned_data
        days = {name: data[name].isoformat() if data[name] else None for name in DAYS}
        # A browser ends lines in its own way; the hash is over the words alone.
        body = "\n".join(data["body"].splitlines())
        return {**{name: data[name] for name in PLAIN if name in data}, **days, "body": body}

    def refuse(self, error: RuleError) -> None:
        """Put a refusal of the store beside the field that it is about."""
        field = error.field if error.field in self.fields else None
        self.add_error(field, in_words(error.message))


DAYS = ("valid_from", "valid_to")
PLAIN = ("place", "title", "mark", "sources", "categories")


class NoticeForm(TextForm):
    """告知书: five sentences before the text, for every kind of filing."""

    field_order = ("place", "valid_from", "valid_to", "title", *(f"first_{n}" for n in range(5)))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for n in range(FIRST_SENTENCES):
            self.fields[f"first_{n}"] = forms.CharField(
                label=f"最要紧的话，第{NUMBERS[n]}句",
                max_length=200,
                widget=forms.Textarea({"rows": 2}),
                error_messages={
                    "required": f"请写第{NUMBERS[n]}句，告知书开头应正好有五句",
                    "max_length": "一句不能超过 200 字",
                },
            )
        self.order_fields(self.field_order)

    def typed(self):
        first = [self.cleaned_data[f"first_{n}"] for n in range(FIRST_SENTENCES)]
        return {**super().typed(), "first": first, "categories": []}

    def refuse(self, error):
        """The five sentences are one field of the text."""
        super().refuse(RuleError("first_0", error.message) if error.field == "first" else error)


class PromiseForm(TextForm):
    """承诺书: for all kinds of filing or for some."""

    field_order = ("place", "categories", "valid_from", "valid_to", "title", "first")

    categories = forms.MultipleChoiceField(
        label="备案类型",
        required=False,
        choices=list(CATEGORIES.items()),
        widget=forms.CheckboxSelectMultiple,
        help_text="都不勾，就是所有类型。",
        error_messages={"invalid_choice": "请从列出的备案类型中选择"},
    )
    first = forms.CharField(
        label="开头的话",
        required=False,
        max_length=2_000,
        widget=forms.Textarea({"rows": 4}),
        help_text="一行一句，可以没有。",
        error_messages={"max_length": "开头的话不能超过 2000 字"},
    )

    def __init__(self, *args, places=(), **kwargs):
        super().__init__(*args, places=places, **kwargs)
        if not places:
            del self.fields["categories"]

    def typed(self):
        lines = self.cleaned_data["first"].splitlines()
        return {**super().typed(), "first": [line.strip() for line in lines if line.strip()]}


FORMS: dict[type[DatedText], type[TextForm]] = {NoticeText: NoticeForm, PromiseText: PromiseForm}


def form_of(row: DatedText) -> TextForm:
    """The form of a draft as it stands."""
    body = row.body
    initial = {name: body[name] for name in ("title", "body", "mark", "sources")}
    initial |= {"valid_from": row.valid_from, "valid_to": row.valid_to}
    initial |= {f"first_{n}": line for n, line in enumerate(body["first"])}
    return FORMS[type(row)](initial={**initial, "first": "\n".join(body["first"])})
