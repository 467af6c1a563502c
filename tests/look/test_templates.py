"""Every template of the tree: nothing inline that the content policy forbids, and no English."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.template import engines

ROOT = Path(__file__).resolve().parent.parent.parent
FOREIGN = (".venv", "node_modules", "var")
TEMPLATES = sorted(
    path
    for pattern in ("templates/**/*.html", "*/templates/**/*.html")
    for path in ROOT.glob(pattern)
    if path.relative_to(ROOT).parts[0] not in FOREIGN
)
TEMPLATE_SYNTAX = re.compile(
    r"\{#.*?#\}|\{% comment .*?%\}.*?\{% endcomment %\}|\{%.*?%\}|\{\{.*?\}\}", re.S
)
# Words a Chinese page may show as they are: formats, keys, file names in examples.
ALLOWED = {
    *(
        "PDF",
        "SMS",
        "MB",
        "KB",
        "JPEG",
        "JPG",
        "PNG",
        "WebP",
        "HEIC",
        "OFD",
        "XML",
        "CSV",
        "XLSX",
        "Excel",
    ),
    *("QR", "ID", "IP", "A4", "SHA", "Enter", "Esc", "TOTP", "JSON", "YAML", "g", "j", "k", "h"),
    *("cd", "rmyy"),  # pinyin initials, as examples of what to type
}
SHOWN_ATTRIBUTES = {"alt", "title", "placeholder", "aria-label", "value", "label", "content"}


class Page(HTMLParser):
    """Collects what the policy refuses, and the words that a reader meets."""

    def __init__(self):
        super().__init__()
        self.inline: list[str] = []
        self.words: list[str] = []
        self._skipping = ""

    def handle_starttag(self, tag, attrs):
        names = {name for name, _ in attrs}
        self.inline += [f"{tag} {n}" for n in names if n == "style" or n.startswith("on")]
        self.inline += [tag] if tag == "style" else []
        self.inline += ["script"] if tag == "script" and "src" not in names else []
        if tag in ("script", "style", "svg"):
            self._skipping = tag
        kind = dict(attrs).get("type") or ""
        for name, value in attrs:
            shown = name in SHOWN_ATTRIBUTES and tag != "meta"
            if name == "value" and (tag != "input" or kind in ("hidden", "radio", "checkbox")):
                shown = False
            if shown and value:
                self._read(value)

    def handle_endtag(self, tag):
        if tag == self._skipping:
            self._skipping = ""

    def handle_data(self, data):
        if not self._skipping:
            self._read(data)

    def _read(self, text):
        words = re.findall(r"[A-Za-z][A-Za-z]+", text)
        self.words += [word for word in words if word not in ALLOWED]


def read(path: Path) -> Page:
    page = Page()
    page.feed(TEMPLATE_SYNTAX.sub(" ", path.read_text()))
    page.close()
    return page


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_nothing_inline(path):
    assert read(path).inline == []


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_no_english_words(path):
    assert read(path).words == []


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_words_given_to_a_part_are_chinese_too(path):
    includes = "".join(re.findall(r"\{% include .*?%\}", path.read_text()))
    given = re.findall(r'\b(?:text|title|label|action_text)="([^"]*)"', includes)
    words = [w for text in given for w in re.findall(r"[A-Za-z]{2,}", text)]
    assert [word for word in words if word not in ALLOWED] == []


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_it_compiles(path):
    engines["django"].from_string(path.read_text())


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_no_comment_of_ours_reaches_a_reader(path):
    """{# … #} over several lines is not a comment for Django: it would be printed."""
    assert not re.search(r"\{#[^#\n]*\n", path.read_text())


def test_the_reader_sees_what_it_should():
    page = Page()
    page.feed('<p style="x" onclick="y">Hello <b title="Click">你好</b></p><script>1</script>')
    assert sorted(page.inline) == ["p onclick", "p style", "script"]
    assert page.words == ["Hello", "Click"]


def test_there_are_templates_to_walk():
    assert len(TEMPLATES) > 30
