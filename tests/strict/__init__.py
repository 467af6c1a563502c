"""What makes this test suite strict: habits that fail a test before they fail a user.

Each module guards one habit and is put to work by tests/conftest.py; tests/test_strict.py
proves of each that it bites.
"""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
FOREIGN = ("site-packages", "node_modules", "dist-packages")


def is_ours(path: str) -> bool:
    """Whether a file belongs to this project, not to Python or an installed package."""
    return path.startswith(str(ROOT)) and not any(part in path for part in FOREIGN)


def called_by_us() -> bool:
    """Whether the caller of the guarded function is the project's own code.

    `Model.objects.method()` passes through Django's manager, which is not the caller.
    """
    frame = sys._getframe(2)
    while frame.f_code.co_filename.endswith("django/db/models/manager.py"):
        frame = frame.f_back
    return is_ours(frame.f_code.co_filename)
