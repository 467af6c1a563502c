"""The closed vocabularies of the engine: codes, and the Chinese words taken for them."""

KINDS = {
    "inpatient": "住院",
    "outpatient": "普通门诊",
    "emergency": "急诊",
    "chronic": "门诊慢特病",
    "special": "门诊特殊病",
    "pharmacy": "药店购药",
    "maternity": "生育",
    "day_surgery": "日间手术",
    "home_bed": "家庭病床",
}

PLACES = {
    "same_area": "参保地",
    "intra_province": "省内跨市",
    "inter_province": "跨省",
}

# From the best standing to the worst: `check_policies` compares along this order.
FILINGS = {
    "LT-RET": "异地安置退休",
    "LT-RES": "异地长期居住",
    "LT-WRK": "常驻异地工作",
    "INTRA-BIRTH": "省内异地生育",
    "TMP-REF": "异地转诊",
    "TMP-EMG": "异地急诊抢救",
    "TMP-OTH": "其他临时外出",
    "unfiled": "未备案",
}

FILING_RANK = {
    "LT-RET": 0,
    "LT-RES": 0,
    "LT-WRK": 0,
    "INTRA-BIRTH": 0,
    "TMP-REF": 1,
    "TMP-EMG": 1,
    "TMP-OTH": 2,
    "unfiled": 3,
}

# One word of a policy that stands for several codes.
GROUPS = {
    "place": {"out_of_area": ("intra_province", "inter_province")},
    "filing": {
        "long_term": ("LT-RET", "LT-RES", "LT-WRK"),
        "filed": (
            "LT-RET",
            "LT-RES",
            "LT-WRK",
            "INTRA-BIRTH",
            "TMP-REF",
            "TMP-EMG",
            "TMP-OTH",
        ),
    },
}

ALIASES = {
    "kind": {
        "门诊": "outpatient",
        "慢特病": "chronic",
        "门诊慢性病": "chronic",
        "门特": "special",
        "药店": "pharmacy",
        "购药": "pharmacy",
    },
    "place": {"本地": "same_area", "市内": "same_area", "省内": "intra_province"},
    "filing": {
        "异地安置退休人员": "LT-RET",
        "异地长期居住人员": "LT-RES",
        "常驻异地工作人员": "LT-WRK",
        "异地转诊人员": "TMP-REF",
        "转诊": "TMP-REF",
        "异地急诊抢救人员": "TMP-EMG",
        "急诊抢救": "TMP-EMG",
        "其他跨省临时外出就医人员": "TMP-OTH",
        "临时外出": "TMP-OTH",
        "none": "unfiled",
    },
}

INSURANCES = {"310": "职工基本医疗保险", "390": "城乡居民基本医疗保险"}

FUNDS = {
    "basic": "基本医保统筹基金",
    "large_amount": "大额医疗费用补助",
    "civil_servant": "公务员医疗补助",
    "supplement": "补充医疗保险",
    "major_illness": "大病保险",
    "assistance": "医疗救助",
    "extra_assistance": "倾斜救助",
}

# What a finer grade of a hospital falls back to where a policy knows the level only.
LEVEL_FALLBACKS = {
    "三级特等": "三级",
    "三级甲等": "三级",
    "三级乙等": "三级",
    "三级丙等": "三级",
    "三甲": "三级",
    "三乙": "三级",
    "三丙": "三级",
    "二级甲等": "二级",
    "二级乙等": "二级",
    "二级丙等": "二级",
    "二甲": "二级",
    "二乙": "二级",
    "二丙": "二级",
    "一级甲等": "一级",
    "一级乙等": "一级",
    "一级丙等": "一级",
    "一甲": "一级",
    "一乙": "一级",
    "一丙": "一级",
}

NO_HARDSHIP = "无"
MARKS = ("示例", "待核")

CODES = {"kind": KINDS, "place": PLACES, "filing": FILINGS}

FIELD_LABELS = {
    "kind": "就医类别",
    "level": "医院等级",
    "charging_level": "起付线等级",
    "person_group": "人员类别",
    "hardship": "困难身份",
    "place": "就医地",
    "filing": "备案类别",
    "age": "年龄",
    "nth_stay": "本年第几次住院",
}


def code_of(field: str, word: str) -> str | None:
    """The code for a word of ``field`` (a code itself, its label or an alias), or None."""
    codes = CODES[field]
    if word in codes:
        return word
    for code, label in codes.items():
        if word == label:
            return code
    return ALIASES[field].get(word)


def label_of(field: str, value: object) -> str:
    """A value of a dimension in the words of a notice."""
    if field in CODES:
        return CODES[field][value]
    if field == "age":
        return f"{value} 岁"
    if field == "nth_stay":
        return f"第 {value} 次住院"
    return str(value)
