"""What is installed is exactly what was tested, from wherever it is fetched."""

import json
import re

from tests.strict import ROOT


def test_pins_and_lock_files_name_no_host():
    for name in (
        "constraints.txt",
        "requirements.txt",
        "requirements-dev.txt",
        "package-lock.json",
    ):
        text = (ROOT / name).read_text()
        assert not re.search(r"https?://|index-url|find-links|resolved", text), name


def test_every_python_package_is_pinned_exactly():
    for name in ("constraints.txt", "requirements.txt", "requirements-dev.txt"):
        lines = [line.strip() for line in (ROOT / name).read_text().splitlines()]
        rows = [line for line in lines if line and not line.startswith(("#", "-"))]
        assert not [row for row in rows if not re.fullmatch(r"[\w.-]+(\[[\w,]+\])?==[\w.]+", row)]


def test_no_python_package_is_pinned_twice():
    rows = re.findall(
        r"^([\w.-]+)(?:\[[\w,]+\])?==",
        "\n".join(
            (ROOT / name).read_text()
            for name in ("constraints.txt", "requirements.txt", "requirements-dev.txt")
        ),
        re.MULTILINE,
    )
    names = [re.sub(r"[-_.]+", "-", row).lower() for row in rows]
    assert sorted(names) == sorted(set(names))


def test_every_front_end_package_is_pinned_exactly_and_locked():
    wanted = json.loads((ROOT / "package.json").read_text())
    locked = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    for name, version in {**wanted["dependencies"], **wanted["devDependencies"]}.items():
        assert re.fullmatch(r"[\d.]+", version)
        assert locked[f"node_modules/{name}"]["version"] == version
        assert locked[f"node_modules/{name}"]["integrity"].startswith("sha512-")
