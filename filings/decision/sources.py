"""Where a rule or a sentence comes from: a closed list of keys with what people read.

`docs/sources.md` says of each how far it is trusted, its date and where it was read; a
test keeps the two alike.
"""

SYSTEM = "system"

SOURCES = {
    "nhsa-2022-22": "医保发〔2022〕22号及所附《跨省异地就医直接结算经办规程》",
    "nhsa-2024-21": "医保发〔2024〕21号",
    "item-list-2023": "《全国医疗保障经办政务服务事项清单（2023版）》",
    "scio-2024-09-10": "国务院新闻办新闻发布会（2024-09-10）",
    "civil-code": "《中华人民共和国民法典》第201条至第203条",
    "lincang-qa": "《临沧参保人员注意！跨省异地就医必看》（约2022年）",
    "hohhot-2024-10-31": "呼和浩特市医疗保障局通知（2024-10-31，2024-11-01起执行）",
    "jingjinji-2023": "京津冀区域就医视同备案的公开报道（2023-04-01起）",
    "filing-guide": "《异地医保结算申请》办事指南（网页）",
    "guangdong-intra": "广东省内跨市就医说明（网页）",
    "shenyang-2023-11-30": "沈阳市政府网站门诊慢特病问答（2023-11-30）",
    SYSTEM: "本系统的判断方法（docs/rules.md）",
}
