"""The house keeps its own rules: who imports whom, how long a file is, what is never used."""

import ast
import re
import warnings
from pathlib import Path

import pytest
from django.apps import apps
from django.template import TemplateDoesNotExist
from django.template.loaders.app_directories import get_app_template_dirs

from tests.strict import ROOT, is_ours

# Lowest first: each may import those before it and never those after it.
LAYERS = (
    *("facilities", "residents", "casework"),
    *("registrations", "filings", "reimbursements"),
)
# Where the house is put together; everything else of config knows no app.
CONFIG_MAY_IMPORT_APPS = ("urls.py", "celery.py", "views.py")
LONG, TOO_LONG = 300, 500
MODEL_SIGNALS = {
    "pre_init",
    "post_init",
    "pre_save",
    "post_save",
    "pre_delete",
    "post_delete",
    "m2m_changed",
    "receiver",
    "signals",
    "Signal",
}
# Pure packages of the domain: they know neither Django nor the database.
PURE = (
    "facilities/areas.py",
    "filings/decision",
    "registrations/decision",
    "reimbursements/bills",
    "reimbursements/settlement",
)
COMMANDS_GUIDE = ROOT / "docs" / "operations.md"


def python_files(*folders: str) -> list[Path]:
    """The project's own Python files in these folders, generated ones left out."""
    found = [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]
    return [path for path in found if "__pycache__" not in path.parts]


APP_FILES = python_files(*LAYERS, "config")
ALL_FILES = python_files(*LAYERS, "config", "scripts", "bench", "tests")
TEXT_FILES = [
    path
    for folder in ("templates", "static", *LAYERS)
    for kind in ("html", "css", "js", "typ")
    for path in sorted((ROOT / folder).rglob(f"*.{kind}"))
]


def short(path: Path) -> str:
    return str(path.relative_to(ROOT))


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(), filename=str(path))


def imported(node: ast.AST, path: Path) -> list[str]:
    """The modules an import statement names, relative ones made absolute."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if not isinstance(node, ast.ImportFrom):
        return []
    package = path.relative_to(ROOT).parent.parts
    base = package[: len(package) - node.level + 1] if node.level else ()
    return [".".join([*base, *filter(None, [node.module])])]


def imports_of(path: Path) -> set[str]:
    return {name for node in ast.walk(parsed(path)) for name in imported(node, path)}


def upward_imports(path: Path) -> list[str]:
    """Apps that this file imports although they lie above its own."""
    app = path.relative_to(ROOT).parts[0]
    above = LAYERS[LAYERS.index(app) + 1 :] if app in LAYERS else LAYERS
    if app == "config" and path.name in CONFIG_MAY_IMPORT_APPS:
        return []
    return sorted(name for name in imports_of(path) if name.split(".")[0] in above)


def offenders(files: list[Path], look) -> dict[str, list]:
    """What `look` finds in each file, files in which it finds nothing left out."""
    found = {short(path): look(path) for path in files}
    return {path: things for path, things in found.items() if things}


def test_imports_run_one_way():
    assert offenders(APP_FILES, upward_imports) == {}


@pytest.mark.parametrize("place", PURE)
def test_pure_modules_know_no_django(place):
    target = ROOT / place
    files = [target] if target.is_file() else python_files(place)
    assert files, f"{place} 不存在"

    def impure(path: Path) -> list[str]:
        return sorted(name for name in imports_of(path) if name.split(".")[0] == "django")

    assert offenders(files, impure) == {}


def test_no_file_is_too_long():
    lengths = {
        short(path): len(path.read_text().splitlines())
        for path in ALL_FILES + TEXT_FILES
        if "migrations" not in path.parts
    }
    long = sorted(f"{path} {lines}" for path, lines in lengths.items() if lines > LONG)
    if long:
        warnings.warn(f"aim for {LONG} lines: {', '.join(long)}", stacklevel=1)
    assert not {path: lines for path, lines in lengths.items() if lines > TOO_LONG}


def inner_imports(tree: ast.Module) -> list[int]:
    """Lines of imports inside a function."""
    functions = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]
    return sorted(
        node.lineno
        for function in functions
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    )


def test_no_import_hides_in_a_function():
    assert offenders(ALL_FILES, lambda path: inner_imports(parsed(path))) == {}


def names_used(tree: ast.Module) -> set[str]:
    """Every name, attribute and imported name of a module."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            found.add(node.id)
        elif isinstance(node, ast.Attribute):
            found.add(node.attr)
        elif isinstance(node, ast.ImportFrom):
            found.update(alias.name for alias in node.names)
    return found


def test_no_generic_foreign_keys():
    generic = {"GenericForeignKey", "GenericRelation"}
    assert offenders(APP_FILES, lambda path: sorted(names_used(parsed(path)) & generic)) == {}


def signals_imported(tree: ast.Module) -> list[str]:
    """Signals of models that a module imports; post_migrate is no signal of a model."""
    return sorted(
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        and node.module in ("django.db.models.signals", "django.db.models", "django.dispatch")
        for alias in node.names
        if alias.name in MODEL_SIGNALS
    )


def test_no_model_signals():
    assert offenders(APP_FILES, lambda path: signals_imported(parsed(path))) == {}


# templates


def own_templates() -> dict[str, Path]:
    """Name under which Django finds it → file, for every template of the project."""
    roots = [ROOT / "templates", *(ROOT / layer / "templates" for layer in LAYERS)]
    return {
        str(path.relative_to(root)): path
        for root in roots
        for path in sorted(root.rglob("*"))
        if path.is_file() and path.suffix in (".html", ".txt", ".xml")
    }


def overrides_a_package(name: str) -> bool:
    """Whether an installed package has a template of this name, so that it asks for ours."""
    return any(
        not is_ours(str(folder)) and (Path(folder) / name).is_file()
        for folder in get_app_template_dirs("templates")
    )


def asked_for_by_convention(name: str) -> bool:
    """Pages whose names Django and allauth put together themselves."""
    return bool(re.match(r"(errors/|admin/\w+/|django/forms/|bootstrap5/|429\.html$)", name))


def test_every_template_is_used():
    sources = [*APP_FILES, *own_templates().values()]
    text = "\n".join(path.read_text() for path in sources)
    unused = [
        name
        for name in own_templates()
        if name not in text and not overrides_a_package(name) and not asked_for_by_convention(name)
    ]
    assert unused == []


def test_every_template_named_in_the_code_exists():
    pattern = re.compile(r"""(?:extends|include)\s+["']([\w./-]+)["']""")
    named = {
        (short(path), name)
        for path in own_templates().values()
        for name in pattern.findall(path.read_text())
    }
    missing = [(path, name) for path, name in named if not exists(name)]
    assert missing == []


def exists(name: str) -> bool:
    try:
        folders = [ROOT / "templates", *get_app_template_dirs("templates")]
        return any((Path(folder) / name).is_file() for folder in folders)
    except TemplateDoesNotExist:
        return False


# commands


def own_commands() -> list[str]:
    """Every management command of the project."""
    return sorted(
        path.stem
        for app in apps.get_app_configs()
        if is_ours(app.path)
        for path in Path(app.path).glob("management/commands/*.py")
        if not path.stem.startswith("_")
    )


def test_every_management_command_is_documented():
    guide = COMMANDS_GUIDE.read_text()
    assert [name for name in own_commands() if f"manage.py {name}" not in guide] == []


# the rules themselves bite


@pytest.mark.parametrize(
    ("place", "source", "found"),
    [
        ("residents/x.py", "from casework.models import Case", ["casework.models"]),
        ("facilities/x.py", "import residents.crypto", ["residents.crypto"]),
        ("casework/a/x.py", "def f():\n    from filings import rules", ["filings"]),
        ("config/logs.py", "from residents import personal", ["residents"]),
        ("config/urls.py", "from casework.views import verify", []),
        ("filings/x.py", "from casework import case\nfrom . import y", []),
    ],
)
def test_an_import_against_the_direction_is_found(place, source, found, monkeypatch):
    monkeypatch.setattr(Path, "read_text", lambda self: source)
    assert upward_imports(ROOT / place) == found


def test_an_import_in_a_function_is_found():
    tree = ast.parse("import a\nclass C:\n    def f(self):\n        if 1:\n            import b\n")
    assert inner_imports(tree) == [5]


def test_a_signal_and_a_generic_key_are_found():
    tree = ast.parse(
        "from django.db.models.signals import post_save\nx = fields.GenericForeignKey()"
    )
    assert {"post_save", "GenericForeignKey"} <= names_used(tree)
