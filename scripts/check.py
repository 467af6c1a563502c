"""`make check`: everything that can be known of the tree without running its tests."""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from throwaway import environment

ROOT = Path(__file__).resolve().parent.parent
MANAGE = (sys.executable, "manage.py")
# Not inherited: a check must not depend on what the caller has configured.
CONFIGURATION = ("DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE", "PUBLIC_URL", "SMS_GATEWAY")


def checks(folder: str) -> list[tuple[str, tuple, dict]]:
    """(name, command, variables) of every check."""
    test = {"DJANGO_SETTINGS_MODULE": "config.settings.test", "VAR_DIR": folder}
    production = environment(folder)
    python = (sys.executable, "-m")
    return [
        ("ruff: lint", (*python, "ruff", "check", "--output-format=concise", "."), {}),
        (
            "ruff: format",
            (*python, "ruff", "format", "--check", "--output-format=concise", "."),
            {},
        ),
        ("djlint: templates", (*python, "djlint", ".", "--lint", "--quiet"), {}),
        ("migrations", (*MANAGE, "makemigrations", "--check", "--dry-run"), test),
        ("production: deploy", (*MANAGE, "check", "--deploy", "--fail-level=WARNING"), production),
        ("production: static", (*MANAGE, "collectstatic", "--noinput", "-v0"), production),
    ]


def run(name: str, command: tuple, variables: dict) -> bool:
    """Run one check, print its result, and its output when it fails."""
    kept = {key: value for key, value in os.environ.items() if key not in CONFIGURATION}
    began = time.monotonic()
    done = subprocess.run(
        command,
        cwd=ROOT,
        env={**kept, **variables},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    good = done.returncode == 0
    print(f"{'✓' if good else '✗'} {name} ({time.monotonic() - began:.1f} s)", flush=True)
    if not good:
        print(done.stdout, flush=True)
    return good


def main() -> int:
    """Run all, so that one look shows everything there is to mend."""
    with tempfile.TemporaryDirectory() as folder:
        results = [run(*check) for check in checks(folder)]
    print(f"{sum(results)} of {len(results)} checks passed")
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
