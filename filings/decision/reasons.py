"""Reasons: a closed list of codes, each with its sentence and where it comes from.

Pure. A sentence is Chinese that an old resident understands. A source of None means: the
source of the rule that decided. `docs/rules.md` lists the codes; a test keeps both alike.
"""

from dataclasses import dataclass
from functools import lru_cache

from filings.decision.sources import SOURCES, SYSTEM

_22, _21, _SYSTEM = "nhsa-2022-22", "nhsa-2024-21", SYSTEM

# code: (sentence, source)
REASONS: dict[str, tuple[str, str | None]] = {
    # What is decided, and why.
    "category_derived": ("根据您的回答，备案类型是“{category}”。", _22),
    "same_area": (
        "{destination}和参保地属于同一个统筹区，在这里看病不用办异地就医备案，按本地规定报销。",
        _SYSTEM,
    ),
    "province_exempt": ("{place}参保人员在本省内看病，不用备案就可以直接结算。", None),
    "region_deemed_filed": (
        "京津冀参保人员在京津冀区域内的定点医药机构住院、看普通门诊、买药，"
        "视同已经备案，不用再办；门诊慢特病不在其中。",
        None,
    ),
    "emergency_deemed_filed": (
        "异地急诊抢救视同已经备案，不用再办。请医院在结算时上传急诊抢救标志。",
        None,
    ),
    "emergency_scope": (
        "视同备案只管这次急诊抢救的门诊和住院费用，药店购药和门诊慢特病不在其中。",
        _22,
    ),
    "opened_at_once": ("{place}实行自助备案，提交后马上开通，不用等审核。", None),
    "needs_review": ("提交以后由{place}医保经办人员审核，通过后才能用。", None),
    "review_days": ("网上办理{online}个工作日内审完，到窗口办理当场办结。", _21),
    "no_rule": (
        "现有的政策资料没有写明{place}的{topics}，由{place}医保经办人员审核后答复您。",
        _SYSTEM,
    ),
    "category_scope_mismatch": (
        "“省内异地生育人员”只用于在本省内看病，{destination}在外省，请改选别的备案类型。",
        _SYSTEM,
    ),
    "rule_to_verify": (
        "这条规则的资料较早，或者不是正式文件，标为“待核”；如有不同，以{place}医保经办机构的答复为准。",
        None,
    ),
    # What keeps the benefit whole although no filing is needed.
    "keep_ratio_by_referral": (
        "想让报销比例不降低，请先在参保地的医院办好规范的转诊手续。",
        None,
    ),
    "keep_ratio_by_filing": (
        "长期在外地居住或工作的，请办好长期备案，办了报销比例不降低，没办会按临时外出降低。",
        None,
    ),
    # From which day.
    "start_is_admission": (
        "开始日期用入院那天（{day}），这样这次住院才在备案期内。",
        _22,
    ),
    "start_moved_to_admission": (
        "您填的开始日期{start}晚于入院日期，这次住院就不在备案期内，所以改为从入院那天（{day}）开始。",
        _22,
    ),
    "start_moved_to_limit": (
        "{place}最多补登{days}天以前的日期，所以从{day}开始。",
        None,
    ),
    "effective_same_day": ("备案当天生效。", None),
    "effective_next_day": ("备案成功后第二天生效，所以从{day}开始。", None),
    # Until which day.
    "valid_long_term": ("备案长期有效，参保和备案的情况不变就不用再办。", _22),
    "valid_months": (
        "备案从{start}到{end}（含当天）有效，一共{months}个月，期间可以多次看病。",
        None,
    ),
    "valid_until_chosen": (
        "备案从{start}到{end}（含当天）有效，结束日期是您自己定的。",
        None,
    ),
    "end_may_be_chosen": ("结束日期可以由您自己定，不填就是长期有效。", None),
    "end_not_choosable": (
        "{place}没有可以自己定结束日期的规定，您填的{end}没有采用。",
        None,
    ),
    "validity_floor": (
        "{place}没有公布这类备案的有效期，所以这里不写结束日期。国家规定一般不少于{months}个月；"
        "{day}以后再去看病，请先问参保地经办机构。",
        _22,
    ),
    "validity_unpublished": (
        "{place}没有公布这类备案的有效期，所以这里不写结束日期，请问参保地经办机构。",
        _SYSTEM,
    ),
    "validity_over": (
        "从{start}算起，有效期到{end}就已经过了，由经办人员核实。",
        _SYSTEM,
    ),
    # Change and cancel.
    "locked": ("到{day}（含当天）为止，不能变更或取消这次备案。", None),
    "cancel_any_time": ("这类备案可以随时取消。", None),
    "lock_unpublished": (
        "{place}没有公布备案后多久不能变更或取消；国家规定一般不超过{months}个月。",
        _22,
    ),
    "end_before_lock": (
        "您定的结束日期早于不能取消的最后一天（{day}），由经办人员核实。",
        None,
    ),
    # Papers and the promise.
    "certificate_needed": (
        "还要有转诊转院证明，由参保地的医院开具，一般由医院直接办理。"
        "没有转诊的，请改选“其他临时外出就医人员”。",
        None,
    ),
    "promise_used": ("您签个人承诺书，证明材料现在可以先不交。", None),
    "promise_nothing_owed": ("签了承诺书以后，不用再补交材料。", None),
    "promise_owed_unpublished": (
        "签承诺书以后要不要补交材料，{place}没有公布，请问参保地经办机构。",
        _SYSTEM,
    ),
    "promise_supply_by": ("承诺的材料请在{day}（含当天）以前补交。", None),
    "promise_supply_unpublished": (
        "承诺的材料以后要补交。{place}没有公布补交的期限，请尽快补交，以经办人员告诉您的日期为准。",
        _SYSTEM,
    ),
    "unsupplied_downgrade": (
        "材料没有按时补交的，这次备案改按“其他临时外出就医人员”处理，报销比例会降低。",
        None,
    ),
    "unsupplied_cancel": ("材料没有按时补交的，这次备案会被取消。", None),
    "unsupplied_ban": (
        "材料没有按时补交的，{months}个月内不能再用承诺书办理备案。",
        None,
    ),
    "unsupplied_unpublished": (
        "{place}没有公布材料没有按时补交会怎样，请尽快补交。",
        _SYSTEM,
    ),
    "promise_not_allowed": ("这类备案要交的证明，不能用承诺书代替。", None),
    "promise_not_needed": ("这类备案不用交证明材料，也就不用签承诺书。", None),
    # In hospital, discharged, paid.
    "settle_after_filing": ("请在出院结算以前办好备案，医院应当给您直接结算。", _22),
    "ask_before_settling": (
        "请在出院结算以前联系{place}医保经办机构，问清楚、办好手续再结算。",
        _SYSTEM,
    ),
    "redo_admission": (
        "备案办好后，请到医院住院处重新办理异地医保的入院登记，然后再结算。",
        "filing-guide",
    ),
    "supplement_account_first": (
        "您已经自费结清。请先问看病的医院能不能“补记账”（补办手续后改按医保结算）。",
        "guangdong-intra",
    ),
    "then_manual_claim": (
        "医院不能补记账的，请带好票据、费用清单和病历，向参保地申请手工报销。",
        _22,
    ),
    "late_filing_accepted": ("{place}可以在出院自费结清后补办备案。", None),
    "late_filing_refused": ("{place}规定，出院自费结清后不能再补办这次备案。", None),
    # Good to know.
    "disease_registration_first": (
        "看门诊慢特病，请先在参保地办好门诊慢特病待遇认定，再选已开通这个病种的医院，"
        "挂号时说明要用门诊慢特病待遇。",
        "shenyang-2023-11-30",
    ),
    "chronic_ten_diseases": (
        "跨省能直接结算的门诊慢特病有10种：高血压、糖尿病、恶性肿瘤门诊治疗、透析、"
        "器官移植抗排异、慢性阻塞性肺疾病、类风湿关节炎、冠心病、病毒性肝炎、强直性脊柱炎；"
        "其他病种回参保地手工报销。",
        "scio-2024-09-10",
    ),
    "destination_is_area": (
        "备案只到{destination}，不指定医院，这里开通了异地直接结算的定点医药机构都可以用。",
        _22,
    ),
    "two_way_benefit": (
        "办了长期备案以后，回{place}看病也可以用医保；签承诺书办的，要先补齐材料。",
        _22,
    ),
}

# Reasons that a rule may carry itself (they need no more than the place).
RULE_REASONS = frozenset(
    {
        "province_exempt",
        "region_deemed_filed",
        "emergency_deemed_filed",
        "keep_ratio_by_referral",
        "keep_ratio_by_filing",
    }
)


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason: its code, the sentence, and the 文号 or page it rests on."""

    code: str
    text: str
    source: str

    def as_dict(self) -> dict[str, str]:
        """The reason as it stands in the JSON line."""
        return {"code": self.code, "text": self.text, "source": self.source}


@lru_cache(maxsize=8192)
def reason(code: str, rule_source: str | None = None, **words) -> Reason:
    """The reason with this code; `rule_source` is used where the list names no source.

    Raises KeyError for a code or a word that is not known.
    """
    sentence, source = REASONS[code]
    key = source or rule_source or SYSTEM
    return Reason(code, sentence.format(**words), SOURCES[key])
