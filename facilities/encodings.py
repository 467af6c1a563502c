"""Which encoding a Chinese text file is in: UTF-8 (with or without BOM) or GB18030."""

import codecs
from pathlib import Path

_CHUNK = 1 << 16
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class UnknownEncoding(ValueError):
    """Neither UTF-8 nor GB18030; the message is Chinese."""


def encoding_of(path: Path) -> str:
    """utf-8-sig or gb18030, found by reading the whole file once in pieces.

    The whole file, since one GB18030 name may stand after a million plain lines.
    Raises UnknownEncoding.
    """
    with path.open("rb") as file:
        start = file.read(4)
    if start.startswith(_UTF16):
        raise UnknownEncoding("文件是 UTF-16(“Unicode 文本”)编码，请另存为“CSV UTF-8”后再导入。")
    for encoding in ("utf-8-sig", "gb18030"):
        if _decodes(path, encoding):
            return encoding
    raise UnknownEncoding("文件编码无法识别，请用 Excel 另存为“CSV UTF-8(逗号分隔)”后再导入。")


def _decodes(path: Path, encoding: str) -> bool:
    """Whether the whole file is valid in this encoding."""
    decoder = codecs.getincrementaldecoder(encoding)()
    with path.open("rb") as file:
        try:
            while chunk := file.read(_CHUNK):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True
