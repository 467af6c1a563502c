"""Why a file is refused, in words that say how to put it right."""

from casework.uploads.limits import MAX_PDF_PAGES, MAX_PDF_SECONDS, megabytes

MESSAGES = {
    "empty": "这个文件是空的（0 字节）。请重新拍照或重新选择文件后再上传。",
    "too_large": "文件太大，超过 {limit} MB。请拍照上传，或把文件拆成几份、压缩后再上传。",
    "too_many_pixels": ("图片的像素太多{size}，系统无法处理。请用手机重新拍一张，或截图后再上传。"),
    "too_small": "图片太小（{width}×{height} 像素），看不清内容。请重新拍一张清楚的照片。",
    "image_broken": "图片打不开，可能没有传完整或已损坏。请重新拍照，或换一个文件上传。",
    "image_animated": "这是动图，无法作为证明材料。请截取其中清楚的一张图片后上传。",
    "pdf_broken": (
        "PDF 打不开，可能没有下载完整或已损坏。请重新下载或重新导出 PDF，也可以拍照上传。"
    ),
    "pdf_encrypted": (
        "PDF 设有密码或权限限制，工作人员无法查看。请去掉密码后另存为新的 PDF，或拍照、截图上传。"
    ),
    "pdf_empty": "PDF 里没有任何页面。请检查文件后重新导出，或拍照上传。",
    "pdf_too_many_pages": (
        f"PDF 有 {{pages}} 页，超过 {MAX_PDF_PAGES} 页。请只保留需要的页面，或分成几个文件上传。"
    ),
    "pdf_too_complex": (
        f"PDF 内容过于复杂，{MAX_PDF_SECONDS} 秒内无法处理完。"
        "请把文件打印成新的 PDF，或拍照、截图上传。"
    ),
    "ofd_broken": "OFD 文件打不开，可能没有下载完整或已损坏。请重新下载电子票据后上传。",
    "xml_broken": "XML 文件无法读取，可能没有下载完整或已损坏。请重新下载电子票据后上传。",
    "not_accepted": "这里不能上传{kind}。请上传{allowed}。",
    "unknown_type": (
        "认不出这个文件的格式。请上传{allowed}；改文件后缀没有用，可以直接拍照或截图上传。"
    ),
}

ADVICE = {
    "gif": "GIF 动图",
    "bmp": "BMP 图片",
    "tiff": "TIFF 图片",
    "avif": "AVIF 图片",
    "svg": "SVG 图形",
    "html": "网页文件",
    "video": "视频",
    "zip": "压缩包或 Office 文档（Word、Excel 请先另存为 PDF）",
    "ole": "旧版 Word、Excel 文档（请先另存为 PDF）",
    "archive": "压缩包（请解压后逐个上传）",
    "program": "程序文件",
    "jpeg": "JPEG 图片",
    "png": "PNG 图片",
    "webp": "WebP 图片",
    "heic": "HEIC 图片",
    "pdf": "PDF 文件",
    "ofd": "OFD 文件",
    "xml": "XML 文件",
}
FORMAT_NAMES = {
    "jpeg": "JPG",
    "png": "PNG",
    "webp": "WebP",
    "heic": "HEIC",
    "pdf": "PDF",
    "ofd": "OFD",
    "xml": "XML",
}


class UploadRefused(Exception):
    """A file that is not taken; `message` is shown to the person as it stands."""

    def __init__(self, code: str, message: str):
        super().__init__(message)
        self.code = code
        self.message = message


def refusal(code: str, **fields) -> UploadRefused:
    """The refusal for a code of MESSAGES, its text filled in."""
    return UploadRefused(code, MESSAGES[code].format(**fields))


def too_large(limit_bytes: int) -> UploadRefused:
    """The refusal of a file over the limit, named in MB."""
    return refusal("too_large", limit=megabytes(limit_bytes))


def wrong_kind(kind: str | None, allow: frozenset[str]) -> UploadRefused:
    """The refusal of a kind that is not taken here, or is not known at all."""
    allowed = "、".join(name for key, name in FORMAT_NAMES.items() if key in allow)
    allowed += " 格式的文件"
    if kind is None:
        return refusal("unknown_type", allowed=allowed)
    return refusal("not_accepted", kind=ADVICE[kind], allowed=allowed)
