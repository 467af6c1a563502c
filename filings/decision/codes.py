"""The closed lists of the decision: every code with the words that people read.

Pure. What is not in these lists is refused by the loader and by `parse_facts`.
`docs/rules.md` shows the same lists to officials; a test keeps the two alike.
"""

NATION = "000000"

INTER_PROVINCE, INTRA_PROVINCE, SAME_AREA = "inter_province", "intra_province", "same_area"
SCOPES = {INTER_PROVINCE: "跨省", INTRA_PROVINCE: "省内", SAME_AREA: "同一统筹区"}

INSURANCES = {"310": "职工医保", "390": "居民医保"}

CATEGORIES = {
    "LT-RET": "异地安置退休人员",
    "LT-RES": "异地长期居住人员",
    "LT-WRK": "常驻异地工作人员",
    "TMP-REF": "异地转诊人员",
    "TMP-EMG": "异地急诊抢救人员",
    "TMP-OTH": "其他临时外出就医人员",
    "INTRA-BIRTH": "省内异地生育人员",
}

CARES = {
    "inpatient": "住院",
    "outpatient": "普通门诊",
    "chronic": "门诊慢特病",
    "pharmacy": "药店购药",
}

# In this order; the first that is true decides, none is TMP-OTH.
ANSWERS = {
    "emergency": "TMP-EMG",
    "moved_and_retired": "LT-RET",
    "works_there": "LT-WRK",
    "lives_there": "LT-RES",
    "referral": "TMP-REF",
}

NOT_NEEDED, INSTANT, REVIEW, REFUSED = "not_needed", "instant", "review", "refused"
OUTCOMES = {
    NOT_NEEDED: "不需要备案",
    INSTANT: "即时开通",
    REVIEW: "需要审核",
    REFUSED: "不能办理",
}

BENEFIT_LEVELS = {
    "full": "不降低",
    "referral": "按转诊",
    "temporary": "按临时外出",
    "unfiled": "按未备案",
    "unknown": "没有资料",
}

DOCUMENTS = {
    "insurance_code": "医保电子凭证（医保码）",
    "id_document": "有效身份证件",
    "social_card": "社会保障卡",
    "household_first_page": "户口簿首页",
    "household_own_page": "户口簿中本人的常住人口登记卡",
    "household_proof": "居住地的户籍证明材料",
    "residence_permit": "居住证",
    "residence_proof": "异地长期居住的其他证明材料",
    "dispatch_letter": "参保地工作单位的派出证明",
    "workplace_letter": "异地工作单位的证明",
    "labour_contract": "异地的工作（劳动）合同",
    "referral_certificate": "转诊转院证明",
    "promise_letter": "个人承诺书",
    "signed_form": "本人签字的纸质申请表",
}
IDENTITY_DOCUMENTS = ("insurance_code", "id_document", "social_card")
CERTIFICATE = "referral_certificate"
PROMISE_LETTER = "promise_letter"
# What somebody signed by hand at the counter, scanned.
SIGNED_FORM = "signed_form"

# Words of a rule (the fields of `Rule`), each with what it says.
NEEDS = {
    "required": "要备案",
    "voluntary": "不备案也能直接结算，备案（或转诊）才保住报销比例",
    "exempt": "不用备案",
    "deemed": "视同已备案",
}
MODES = {"instant": "即时开通", "review": "经办人员审核", "unpublished": "没有公布"}
PROMISES = {"allowed": "可以", "not_allowed": "不可以", "not_applicable": "没有要证明的，用不着"}
UNSUPPLIED = {
    "nothing": "没有后果",
    "downgrade": "改按其他临时外出",
    "cancel": "取消备案",
    "ban": "一段时间内不能再用承诺书",
    "unpublished": "没有公布",
}
VALIDITIES = {
    "long_term": "长期有效",
    "months": "若干个月",
    "episode": "只管这一次",
    "unpublished": "没有公布",
}
# Of a decision, beside those of a rule: the last day is the one the person chose.
CHOSEN = "chosen"
LATE_FILINGS = {
    "claim": "可以补办，先补记账，再手工报销",
    "not_accepted": "出院自费结清后不能补办",
    "unpublished": "没有公布",
}
EFFECTIVES = {"same_day": "当天生效", "next_day": "第二天生效", "unpublished": "没有公布"}
TWO_WAYS = {
    "allowed": "回参保地也能享受待遇",
    "after_documents": "回参保地也能享受待遇，用承诺书的要先补齐材料",
    "none": "不享受",
    "unpublished": "没有公布",
}
MARKS = {"none": "", "to_verify": "待核", "example": "示例"}
