"""The form of a draft: text, examples, last day; what was typed stays when it is refused."""

from django import forms

from facilities.areas import UnknownArea, area_name, pooling_area_of
from reimbursements.models import SettlementPolicy
from reimbursements.models.policy import read_one_version
from reimbursements.policy_files import as_csv, joined, plain_text, refusal
from reimbursements.settlement import CaseTableError, PolicyError
from reimbursements.settlement.cases import read_rows

MAX_BYTES = 1024 * 1024
_TEXT = {"rows": 28, "spellcheck": "false", "autocapitalize": "off", "class": "desk-code"}


class PolicyForm(forms.Form):
    """What a member of staff types of a policy."""

    text = forms.CharField(
        label="政策文本（YAML）",
        max_length=200_000,
        strip=False,
        widget=forms.Textarea(_TEXT),
        help_text="写法见系统说明中的《结算政策》；每份只写一个版本。",
        error_messages={
            "required": "请写政策文本，可以从已有的政策复制",
            "max_length": "政策文本不能超过 20 万字",
        },
    )
    cases = forms.CharField(
        label="例子（CSV）",
        required=False,
        max_length=500_000,
        strip=False,
        widget=forms.Textarea({**_TEXT, "rows": 8}),
        help_text="第一行是列名，每行一个算好的例子；发布前全部要通过。",
        error_messages={"max_length": "例子不能超过 50 万字，请只留有代表性的"},
    )
    table = forms.FileField(
        label="或上传例子（CSV、XLSX）",
        required=False,
        help_text="加在上面的例子后面，不超过 1 MB。",
        error_messages={"empty": "上传的文件是空的，请重新选择", "invalid": "请重新选择文件"},
    )
    replace = forms.BooleanField(label="用上传的表代替上面的例子", required=False)
    valid_to = forms.DateField(
        label="有效至",
        required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        help_text="一般留空：下一版本首日的前一天自动停用。",
        error_messages={"invalid": "请写日期，例如 2027-12-31，或留空"},
    )

    @classmethod
    def of(cls, row: SettlementPolicy) -> "PolicyForm":
        """The form of a draft as it stands."""
        return cls(initial={"text": row.text, "cases": row.cases, "valid_to": row.valid_to})

    def clean(self):
        """An uploaded table joins the examples that were typed."""
        data = super().clean()
        upload = data.get("table")
        if upload is not None and not self.errors:
            self._take(upload, data)
        return data

    def typed(self) -> dict:
        """The three values as the store takes them."""
        data = self.cleaned_data
        return {"text": data["text"], "cases": data["cases"], "valid_to": data["valid_to"]}

    def refuse(self, error: PolicyError) -> None:
        """Put a refusal of the loader beside the text, with the line it is about."""
        lines = plain_text(self.cleaned_data["text"]).splitlines()
        said = refusal(error)
        if 0 < error.line <= len(lines):
            said = f"{said}\n{error.line}｜{lines[error.line - 1]}"
        self.add_error("text", said)

    def _take(self, upload, data: dict) -> None:
        if upload.size > MAX_BYTES:
            self.add_error("table", "文件超过 1 MB，请只留下例子")
            return
        if not upload.name.lower().endswith((".csv", ".xlsx")):
            self.add_error("table", "只能上传 CSV 或 XLSX 文件")
            return
        try:
            rows = read_rows(upload.read(), upload.name)
            written = read_rows(data["cases"].encode(), "例子")
        except CaseTableError as error:
            self.add_error("table", str(error))
            return
        kept = [] if data["replace"] else [written]
        data["cases"] = as_csv(joined([table for table in (*kept, rows) if table]))
        # Shown again in the box if anything else is refused: a file is never sent back.
        self.data = self.data.copy()
        self.data["cases"] = data["cases"]


def outside(text: str, city: str) -> str:
    """Why a text is of no place this person keeps; "" when it is of the own pooling area.

    Raises PolicyError for a text that is refused.
    """
    policy = read_one_version(plain_text(text))
    try:
        if pooling_area_of(policy.place) == city:
            return ""
    except UnknownArea:
        pass
    return f"place 写的是 {policy.place}，您只能维护本统筹区的政策：{city}（{area_name(city)}）"
