"""Money is integer fen and ratios are exact: nothing in the engine is a float."""

import ast
from fractions import Fraction
from pathlib import Path

import pytest

import reimbursements.settlement
from reimbursements.settlement import money

PACKAGE = Path(reimbursements.settlement.__file__).parent
MODULES = sorted(PACKAGE.glob("*.py"))


def floats_in(tree: ast.AST) -> list[int]:
    """Lines with a float literal, a true division, or a name that makes floats."""
    lines = []
    for node in ast.walk(tree):
        literal = isinstance(node, ast.Constant) and isinstance(node.value, (float, complex))
        divided = isinstance(node, (ast.BinOp, ast.AugAssign)) and isinstance(node.op, ast.Div)
        named = isinstance(node, ast.Name) and node.id in ("float", "round", "complex")
        reached = isinstance(node, ast.Attribute) and node.attr in ("sqrt", "fsum", "total_seconds")
        if literal or divided or named or reached:
            lines.append(node.lineno)
    return lines


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.stem)
def test_no_module_of_the_engine_can_make_a_float(module):
    assert floats_in(ast.parse(module.read_text("utf-8"))) == []


@pytest.mark.parametrize(
    "code", ["x = 0.5", "y = a / b", "z /= 2", "float(x)", "round(x, 2)", "delta.total_seconds()"]
)
def test_the_search_for_floats_finds_them(code):
    assert floats_in(ast.parse(code)) == [1]


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.stem)
def test_the_engine_imports_no_django(module):
    for node in ast.walk(ast.parse(module.read_text("utf-8"))):
        names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        assert not [name for name in names if name.split(".")[0] in ("django", "casework")]


@pytest.mark.parametrize(
    ("text", "fen"), [("0", 0), ("1", 100), ("1.5", 150), ("0.01", 1), ("1234567.89", 123456789)]
)
def test_yuan_is_read_to_the_fen(text, fen):
    assert money.parse_yuan(text) == fen
    assert money.parse_yuan(money.yuan(fen)) == fen


@pytest.mark.parametrize("text", ["", "-1", "1.005", "1,000", "1e3", "１２", ".5", "1.", " 1", "x"])
def test_anything_else_is_not_an_amount(text):
    with pytest.raises(ValueError):
        money.parse_yuan(text)


@pytest.mark.parametrize(
    ("numerator", "denominator", "nearest"),
    [(5, 10, 1), (4, 10, 0), (15, 10, 2), (14, 10, 1), (0, 7, 0), (249, 100, 2), (250, 100, 3)],
)
def test_halves_are_rounded_up(numerator, denominator, nearest):
    assert money.half_up(numerator, denominator) == nearest


def test_a_ratio_is_shown_exactly():
    assert money.percent(Fraction(85, 100)) == "85%"
    assert money.percent(Fraction(85, 100) * Fraction(9, 10)) == "76.5%"
    assert money.percent(Fraction(1, 10000)) == "0.01%"


@pytest.mark.parametrize(
    ("text", "bp"), [("5%", 500), ("0.05", 500), ("1", 10000), ("62.5%", 6250)]
)
def test_a_share_may_be_written_either_way(text, bp):
    assert money.parse_share(text) == bp


@pytest.mark.parametrize("text", ["5", "101%", "-1%", "0.00001", "1.01", "%"])
def test_a_share_that_could_be_misread_is_refused(text):
    with pytest.raises(ValueError):
        money.parse_share(text)
