"""Migrations and the data a demonstration needs, each done again only when its sources change."""

import os
import subprocess
from pathlib import Path

from .commands import explain, run_logged
from .places import PYTHON, ROOT, log_file, var_dir
from .stamps import Stamps, digest
from .words import Problem

APPS = ("facilities", "residents", "casework", "registrations", "filings", "reimbursements")
MIGRATIONS = tuple(f"{app}/migrations/*.py" for app in APPS)
PINS = ("requirements.txt", "constraints.txt")

# command, what it does (Chinese, English), the files whose change makes it run again
DATA_STEPS = (
    ("migrate", "数据库结构", "database tables", (*MIGRATIONS, *PINS)),
    (
        "load_reference",
        "区划与机构",
        "reference data",
        ("facilities/data/**/*", "facilities/management/commands/*.py", *MIGRATIONS),
    ),
    (
        "load_rules",
        "备案规则",
        "filing rules",
        ("filings/rules/**/*", "filings/management/commands/*.py", *MIGRATIONS),
    ),
    (
        "load_policies",
        "结算政策",
        "settlement policies",
        (
            "reimbursements/policies/*",
            "reimbursements/management/commands/load_policies.py",
            *MIGRATIONS,
        ),
    ),
    (
        "load_reasons",
        "经办理由",
        "reasons of the desk",
        ("filings/data/*", "filings/management/commands/load_reasons.py", *MIGRATIONS),
    ),
    (
        "load_registration_reasons",
        "慢特病经办理由",
        "reasons of disease registrations",
        (
            "registrations/reasons.yaml",
            "registrations/management/commands/load_registration_reasons.py",
            *MIGRATIONS,
        ),
    ),
    (
        "create_demo",
        "演示数据",
        "demonstration data",
        ("*/management/commands/create_demo.py", "*/demo/**/*.py", *MIGRATIONS),
    ),
    (
        "create_demo_registrations",
        "演示认定",
        "demonstration registrations",
        ("*/management/commands/create_demo*.py", "*/demo/**/*.py", *MIGRATIONS),
    ),
    (
        "create_demo_claims",
        "演示报销",
        "demonstration claims",
        ("*/management/commands/create_demo*.py", "*/demo/**/*.py", *MIGRATIONS),
    ),
)


def manage(*words: str) -> list:
    """The command line of a management command."""
    return [PYTHON, ROOT / "manage.py", *words]


def sources(patterns: tuple) -> list[Path]:
    """The files under the project that match, caches left out."""
    found = {path for pattern in patterns for path in ROOT.glob(pattern) if path.is_file()}
    return sorted(path for path in found if path.suffix != ".pyc")


def run_data_step(name: str, what: str, what_en: str, patterns: tuple, env: dict) -> bool:
    """Run `manage.py NAME` unless its sources and the database are those of the last time.

    True when nothing had to be done. On a database given by DATABASE_URL the command
    always runs, since that database may have been changed or replaced elsewhere.
    """
    stamps = Stamps(var_dir() / "stamps.json")
    value = digest(sources(patterns), _database_identity())
    if not os.environ.get("DATABASE_URL") and stamps.done(name, value):
        return True
    log = log_file("setup")
    words = (name, "--noinput") if name == "migrate" else (name,)
    try:
        run_logged(manage(*words), log, env=env, cwd=ROOT)
    except subprocess.CalledProcessError as failure:
        raise explain(failure, f"{what}({name})", name, log) from None
    stamps.write(name, digest(sources(patterns), _database_identity()))
    return False


def demo_logins(env: dict) -> str:
    """What `manage.py demo_logins` prints; asked again only when demonstration data changed.

    Raises Problem when it cannot say.
    """
    kept = var_dir() / "demo.txt"
    stamps = Stamps(var_dir() / "stamps.json")
    value = digest(sources(DATA_STEPS[-1][3]), _database_identity())
    if not os.environ.get("DATABASE_URL") and kept.is_file() and stamps.done("demo_logins", value):
        return kept.read_text().strip()
    log = log_file("setup")
    command = [str(part) for part in manage("demo_logins")]
    with log.open("ab") as errors:
        done = subprocess.run(command, env=env, cwd=ROOT, stdout=subprocess.PIPE, stderr=errors)
    if done.returncode:
        raise Problem(
            f"演示账号无法读取（demo_logins），详见 {log}。",
            f"The demonstration log-ins cannot be read (demo_logins); see {log}.",
        )
    kept.write_bytes(done.stdout)
    stamps.write("demo_logins", value)
    return done.stdout.decode("utf-8", "replace").strip()


def _database_identity() -> str:
    """Changes when the SQLite file is deleted and made anew; reading and writing keep it."""
    path = var_dir() / "db.sqlite3"
    try:
        found = path.stat()
    except OSError:
        return "none"
    return f"{found.st_ino}"
