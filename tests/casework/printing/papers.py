"""Papers to print in tests, and how a reader sees the result."""

from dataclasses import replace
from datetime import date
from io import BytesIO

import pypdfium2
import zxingcpp
from PIL import Image, ImageDraw

from casework.printing import Letter, Promise, Signed
from casework.signature import Signature
from filings.printing import InsuredPerson, Proxy, RegistrationForm

DAY = date(2026, 11, 22)
URL = "https://yibao.example.org/v/AbCdEfGhIjKlMnOpQrStUv"
NUMBER = "530902001202611220000012"
LONG_NAME = "阿卜杜热合曼·艾合买提江·麦麦提吐尔逊·玉素甫·阿不力克木"
LONG_ADDRESS = "新疆维吾尔自治区克孜勒苏柯尔克孜自治州阿合奇县哈拉奇乡哈拉奇村" * 3
LONG_CITY = "西双版纳傣族自治州勐海县布朗山布朗族乡及新疆生产建设兵团第十四师昆玉市皮山农场"
LONG_FOREIGN = "WOLFESCHLEGELSTEINHAUSENBERGERDORFFWELCHEVORALTERN"


def drawing() -> Signature:
    image = Image.new("L", (400, 160), 255)
    ImageDraw.Draw(image).line([(20, 140), (150, 20), (380, 120)], fill=0, width=6)
    out = BytesIO()
    image.save(out, "PNG")
    return Signature("drawn", out.getvalue(), "张秀兰")


def form(**changes) -> RegistrationForm:
    person = InsuredPerson(
        name="张秀兰",
        sex="女",
        id_kind="居民身份证",
        id_number="530902195803120048",
        social_security_number="530902195803120048",
        insured_area="云南省临沧市临翔区",
        insurance="职工基本医疗保险",
        phone="13800000001",
        address="四川省成都市武侯区人民南路三段20号",
    )
    whole = RegistrationForm(
        dated=DAY,
        case_number=NUMBER,
        person=person,
        proxy=Proxy("李明", "母子", "530902198501010017", "13900000002"),
        category="TMP-OTH",
        destination_province="四川省",
        destination_city="成都市",
        valid_from=DAY,
        valid_to=date(2027, 2, 22),
        documents=("居民身份证", "医保电子凭证"),
        signed=Signed(drawing(), "2026年11月22日"),
        agency="临翔区医疗保险经办机构（示例）",
        opinion="同意备案。",
        clerk="经办员甲",
        decided_on=DAY,
        tips=("住院期间请告知医院按异地医保办理入院登记。",),
        verify_url=URL,
    )
    return replace(whole, **changes)


def long_form(**changes) -> RegistrationForm:
    """Everything as long as it comes."""
    whole = form()
    person = replace(
        whole.person,
        name=LONG_NAME,
        social_security_number=LONG_FOREIGN,
        insured_area="新疆维吾尔自治区克孜勒苏柯尔克孜自治州阿合奇县",
        address=LONG_ADDRESS,
        phone="13800000001（本人），0908-1234567（家）",
    )
    longer = replace(
        whole,
        person=person,
        destination_province="云南省",
        destination_city=LONG_CITY,
        documents=tuple(f"参保地规定级别的定点医疗机构开具的证明之{n}" for n in "一二三四五六"),
        promise=True,
        opinion="经审核，提交的居住证与承诺书内容一致，符合备案条件，同意备案。" * 3,
        locked_until=date(2027, 5, 22),
        tips=whole.tips * 4,
    )
    return replace(longer, **changes)


def letter(**changes) -> Letter:
    whole = Letter(
        title="一次性告知（补正）通知书",
        number="示医保补〔2026〕第000003号",
        case_number=NUMBER,
        addressee="张秀兰",
        paragraphs=("您的申请已收到，需要补正以下全部内容：",),
        items_title="需要补正的内容",
        items=("居住证：照片模糊，请重新拍摄。", "联系电话：号码少一位。"),
        deadline="请于2026年12月7日（含当日）前补正。",
        legal_basis="《基本医疗保险跨省异地就医直接结算经办规程》",
        remedy="如不服本决定，可以依法申请行政复议或者提起行政诉讼。",
        agency="示例市医疗保险服务中心",
        issued_on=date(2026, 11, 23),
        contact="咨询电话：0471-12393",
        verify_url=URL,
    )
    return replace(whole, **changes)


def promise(**changes) -> Promise:
    whole = Promise(
        title="个人承诺书",
        paragraphs=("本人承诺所填信息真实。", "本人知晓不实承诺的后果。"),
        dated=DAY,
        case_number=NUMBER,
        addressee="示例市医疗保险服务中心",
        facts=(("参保人", "张秀兰"), ("就医地", "北京市")),
        signed=Signed(drawing(), "2026年11月22日 14:05:33"),
        signer="张秀兰",
        text_version="示例市2026年第1版",
        text_sha256="9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        verify_url=URL,
    )
    return replace(whole, **changes)


def pages_of(pdf: bytes) -> list[str]:
    """The text of each page without blanks and line ends, as one who searches sees it."""
    document = pypdfium2.PdfDocument(pdf)
    texts = (page.get_textpage().get_text_range() for page in document)
    return ["".join(text.replace("\ufffe", "").replace("\u200b", "").split()) for text in texts]


def page_image(pdf: bytes, page=0, scale=2.0) -> Image.Image:
    return pypdfium2.PdfDocument(pdf)[page].render(scale=scale).to_pil().convert("L")


def scanned(pdf: bytes, page=0) -> list[str]:
    """What a phone reads from the QR codes of a page."""
    return [code.text for code in zxingcpp.read_barcodes(page_image(pdf, page))]


def collisions(pdf: bytes, page=0) -> list[str]:
    """Pairs of characters that are printed over each other, and those off the sheet.

    Characters over 40 points high are a watermark, which lies across on purpose.
    """
    sheet = pypdfium2.PdfDocument(pdf)[page]
    width, height = sheet.get_size()
    text = sheet.get_textpage()
    letters = text.get_text_range()
    boxes = []
    for index in range(text.count_chars()):
        left, bottom, right, top = text.get_charbox(index)
        if right - left > 0.5 and 0.5 < top - bottom < 40:
            boxes.append((left, bottom, right, top, letters[index : index + 1]))
    found = [box[4] for box in boxes if box[0] < 20 or box[2] > width - 20 or box[1] < 10]
    found += [box[4] for box in boxes if box[3] > height - 10]
    boxes.sort()
    for at, one in enumerate(boxes):
        for two in boxes[at + 1 :]:
            if two[0] > one[2]:
                break
            if _share(one, two) > 0.3:
                found.append(one[4] + two[4])
    return found


def _share(one, two) -> float:
    """How much of the smaller box lies inside the other."""
    wide = min(one[2], two[2]) - max(one[0], two[0])
    high = min(one[3], two[3]) - max(one[1], two[1])
    if wide <= 0 or high <= 0:
        return 0.0
    areas = [(box[2] - box[0]) * (box[3] - box[1]) for box in (one, two)]
    return wide * high / min(areas)
