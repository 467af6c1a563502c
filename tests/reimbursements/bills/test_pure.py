"""The package is pure: whoever imports it gets neither Django nor a database."""

import ast
import subprocess
import sys
from pathlib import Path

from tests.strict import ROOT

PACKAGE = ROOT / "reimbursements" / "bills"
MODULES = sorted(path.stem for path in PACKAGE.glob("*.py") if path.stem != "__init__")


def test_importing_all_of_it_brings_no_django():
    names = ", ".join(f"reimbursements.bills.{name}" for name in MODULES)
    code = f"import sys, {names}; sys.exit('django' in sys.modules or 'sqlite3' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT).returncode == 0


def test_no_module_reads_the_clock_of_the_wall_for_a_rule():
    """Today is always given; only the time limits of reading pictures look at a clock."""
    found = set()
    for path in PACKAGE.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Attribute) and node.attr in ("today", "now"):
                found.add(path.name)
    assert found == set()


def test_no_float_and_no_long_file():
    for path in map(Path, PACKAGE.glob("*.py")):
        text = path.read_text()
        assert len(text.splitlines()) <= 300, path.name
        assert "float(" not in text, path.name
