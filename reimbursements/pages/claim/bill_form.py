"""One bill as a form: what is printed on it, in the order in which it stands there."""

import hashlib
from dataclasses import dataclass

from django import forms
from django.utils import timezone

from config.widgets import DatePartsField, cards
from filings.pages.forms import FilesField
from reimbursements.answers import PARTS, BillAnswer
from reimbursements.bills.facts import BillFacts, LineFacts
from reimbursements.bills.numbers import bill_key, check_bill
from reimbursements.bills.sums import check_bill_sums
from reimbursements.codes import BILL_FORMS, BILL_KINDS
from reimbursements.fields import PART_LABELS
from reimbursements.pages.calculator_form import MoneyField
from reimbursements.settlement.money import yuan

FORM_HELP = {
    "e_bill": "票据上写着“电子”，号码和校验码就够，不用交原件",
    "paper": "医院当场给的纸质发票，原件要寄送或当面交到经办机构",
}
KIND_HELP = "医院开的大多是医疗收费票据；药店开的大多是数电发票或增值税发票。"
PART_HELP = {
    "own_expense": "目录外，全部由个人付",
    "over_limit": "超过最高限价的部分",
    "self_first": "乙类药品和部分项目先由个人付的部分",
    "in_scope": "其余按政策报销的部分",
}
PRINTED = ("form", "kind", "code", "number", "check_code", "date", "payer", "total")
BILL_LIMITS = (
    "照片（JPG、PNG、WebP、HEIC）、PDF，或电子票据原件（OFD、XML），每个不超过 20MB。"
    "有几页的可以一起选。"
)
BILL_TYPES = (
    "image/jpeg,image/png,image/webp,image/heic,image/heif,application/pdf,.ofd,.xml,"
    "application/xml,text/xml"
)
LINES_LIMITS = "医院导出的费用清单：CSV 或 XLSX，第一行是表头，至少有“项目名称”和“金额”两列。"
DIFFERENT_TYPE = "请选择 CSV 或 XLSX 文件。"


def _code(label: str, help_text: str, required: str = "", **kwargs) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=bool(required),
        max_length=60,
        help_text=help_text,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": required, "max_length": "太长了，请照票据填写。"},
        **kwargs,
    )


def _today():
    return timezone.localdate()


@dataclass(frozen=True)
class Warned:
    """A field of a bill and why it should be looked at again."""

    field: str
    text: str


class BillForm(forms.Form):
    """A bill. Refusals are errors of their field; what is merely doubtful is a warning beside
    it, and saving a second time says that it was looked at."""

    form = forms.ChoiceField(
        label="电子票据还是纸质原件？",
        choices=cards([(code, words, FORM_HELP[code]) for code, words in BILL_FORMS.items()]),
        widget=forms.RadioSelect,
        error_messages={"required": "请选择电子票据还是纸质原件。"},
    )
    kind = forms.ChoiceField(
        label="票据种类",
        choices=[("", "请选择"), *BILL_KINDS.items()],
        help_text=KIND_HELP,
        error_messages={"required": "请选择票据种类；认不出的请选“其他票据”。"},
    )
    code = _code("票据代码", "印在票据左上角；数电发票没有代码，不用填。")
    number = _code("票据号码", "印在票据右上角。", "请填写票据号码，印在票据的右上角。")
    check_code = _code("校验码", "医疗收费电子票据有 6 位校验码；没有的不用填。")
    date = DatePartsField(label="开票日期", latest=_today)
    payer = forms.CharField(
        label="交款人（姓名）",
        required=False,
        max_length=50,
        help_text="照票据上的“交款人”或“购买方”填写，应是参保人本人。",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"max_length": "姓名太长，请照票据填写。"},
    )
    total = MoneyField(label="合计金额", error_messages={"required": "请填写票据的合计金额。"})
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data=None, *, bill: BillAnswer, others: list[BillAnswer], **kwargs):
        super().__init__(data, **kwargs)
        self.bill, self.others = bill, others
        for part in PARTS:
            self.fields[part] = MoneyField(
                label=PART_LABELS[part], help_text=PART_HELP[part], required=False
            )
        self.warned: list[Warned] = []
        self.sums: list[str] = []

    @property
    def printed(self) -> list:
        """The fields in the order of the paper."""
        return [self[name] for name in PRINTED]

    @property
    def part_fields(self) -> list:
        """The class totals, which mostly are not known."""
        return [self[part] for part in PARTS]

    @property
    def parts_open(self) -> bool:
        """Whether the folded part holds something."""
        return any(self[part].value() not in (None, "") or self[part].errors for part in PARTS)

    def clean(self):
        data = super().clean()
        self._check_layout(data)
        self._check_twice(data)
        self._check_total(data)
        return data

    def values(self) -> dict[str, str]:
        """The fields as a draft stores them: amounts in yuan, the day as ISO text."""
        data = self.cleaned_data
        texts = ("form", "kind", "code", "number", "check_code", "payer")
        amounts = {name: data.get(name) for name in ("total", *PARTS)}
        return {
            **{name: data[name].strip() for name in texts},
            "date": data["date"].isoformat(),
            **{name: "" if fen is None else yuan(fen) for name, fen in amounts.items()},
        }

    @property
    def looked_at(self) -> bool:
        """Whether these very warnings stood on the page that was sent."""
        return not self.warned or self.cleaned_data.get("seen") == self.seal

    @property
    def seal(self) -> str:
        """What tells one set of warnings from another."""
        text = "|".join(f"{each.field}:{each.text}" for each in self.warned)
        return hashlib.sha256(text.encode()).hexdigest()[:16] if text else ""

    def _check_layout(self, data) -> None:
        if not data.get("kind") or not data.get("number"):
            return
        paper = data.get("form") == "paper"
        typed = (data.get("code", ""), data["number"], data.get("check_code", ""))
        for problem in check_bill(data["kind"], *typed, paper=paper):
            if problem.refused:
                self.add_error(problem.field, problem.text)
            else:
                self.warned.append(Warned(problem.field, problem.text))

    def _check_twice(self, data) -> None:
        if not data.get("kind") or not data.get("number"):
            return
        wanted = bill_key(data["kind"], data.get("code", ""), data["number"])
        for number, other in enumerate(self.others, 1):
            if other.key != self.bill.key and other.number and other.same_bill == wanted:
                text = f"这张票据和第 {number} 张是同一张，一张票据只能报一次，请核对号码。"
                self.add_error("number", text)
                return

    def _check_total(self, data) -> None:
        total = data.get("total")
        if total is None:
            return
        if total == 0:
            self.add_error("total", "合计金额是 0，请照票据填写。")
            return
        known = sum(data.get(part) or 0 for part in PARTS)
        for doubt in check_bill_sums(self._facts(data)):
            self.sums.append(doubt.text)
            if doubt.code == "parts_unlike_bill" and known > total:
                self.add_error("total", doubt.text)
            else:
                self.warned.append(Warned("total", doubt.text))

    def _facts(self, data: dict) -> BillFacts:
        """The bill with what is being typed; the lines as they were imported."""
        lines = tuple(LineFacts(amount=line.amount_fen) for line in self.bill.read_lines or ())
        return BillFacts(
            key=self.bill.key,
            number=data.get("number", ""),
            total=data.get("total"),
            **{part: data.get(part) for part in PARTS},
            lines=lines,
        )


class BillFilesForm(forms.Form):
    """Photographs or the original of one bill."""

    files = FilesField(
        label="拍照或选择票据",
        error_messages={
            "required": "请先拍照或选择文件。",
            "empty": "这个文件是空的，请重新拍照或选择。",
        },
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["files"].widget.attrs["accept"] = BILL_TYPES


class LinesForm(forms.Form):
    """A list of the lines of one bill."""

    table = forms.FileField(
        label="费用清单文件",
        help_text=LINES_LIMITS,
        error_messages={
            "required": "请先选择文件。",
            "empty": "文件是空的，请选择有费用明细的 CSV 或 XLSX 文件。",
            "invalid": DIFFERENT_TYPE,
        },
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["table"].widget.attrs["accept"] = ".csv,.xlsx"
