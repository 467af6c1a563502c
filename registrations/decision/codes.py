"""The closed lists of disease registrations: every code with the words that people read. Pure."""

from facilities.diseases import DISEASES as FACTS

NATION = "000000"
# The ten diseases settled across provinces, by code, in the order of the national list.
DISEASES = {fact.code: fact.name for fact in FACTS}
INSURANCES = {"310": "职工医保", "390": "居民医保"}

REVIEW, REFUSED = "review", "refused"
OUTCOMES = {REVIEW: "由经办机构认定", REFUSED: "现在不能办理"}

DOCUMENTS = {
    "insurance_code": "医保电子凭证（医保码）",
    "id_document": "有效身份证件",
    "social_card": "社会保障卡",
    "diagnosis_certificate": "诊断证明",
    "discharge_summary": "出院小结",
    "medical_record": "门诊病历",
    "exam_report": "检查检验报告",
    "pathology_report": "病理报告",
    "treatment_plan": "治疗方案",
    "surgery_record": "手术记录",
}
# Any one shows who the person is; wanted where neither account nor register has proven it.
IDENTITY_DOCUMENTS = frozenset({"insurance_code", "id_document", "social_card"})

# From which day a registration counts, where the clerk says nothing else.
FIRST_DAYS = {"submitted": "提交申请的当天", "decided": "认定的当天"}

MARKS = {"none": "", "example": "示例", "to_verify": "待核"}

SOURCES = {
    "shenyang-2023-11-30": "沈阳市政府网站门诊慢特病问答（2023-11-30）",
    "scio-2024-09-10": "国务院新闻办新闻发布会（2024-09-10）",
    "common-practice": "通行的做法，没有找到正式文件（待核）",
    "example": "演示用的示例，不是当地的规定",
    "system": "本系统的判断方法（docs/rules-registrations.md）",
}
