"""The ten diseases settled across provinces as 门诊慢特病.

The first five since 2022, ten by the end of 2024 (press conference of the State
Council Information Office, 2024-09-10; docs/sources.md). The codes are those seen
in hospital systems; three parents (M00500, M07800, M00200) are 待核.
"""

from dataclasses import dataclass

TO_VERIFY = "编码待核"


@dataclass(frozen=True, slots=True)
class DiseaseFact:
    """A disease: national code, official name, name in lists, remark."""

    code: str
    name: str
    short_name: str
    note: str = ""


DISEASES = (
    DiseaseFact("M03900", "高血压", "高血压"),
    DiseaseFact("M01600", "糖尿病", "糖尿病"),
    DiseaseFact("M00500", "恶性肿瘤门诊治疗", "肿瘤门诊治疗", TO_VERIFY),
    DiseaseFact("M07800", "尿毒症透析", "透析", f"即慢性肾功能衰竭透析；{TO_VERIFY}"),
    DiseaseFact("M08300", "器官移植术后抗排异治疗", "移植抗排异"),
    DiseaseFact("M05300", "慢性阻塞性肺疾病", "慢阻肺"),
    DiseaseFact("M06900", "类风湿关节炎", "类风湿"),
    DiseaseFact("M04600", "冠心病", "冠心病"),
    DiseaseFact("M00200", "病毒性肝炎", "病毒性肝炎", TO_VERIFY),
    DiseaseFact("M07200", "强直性脊柱炎", "强直性脊柱炎"),
)
BY_CODE = {disease.code: disease for disease in DISEASES}
