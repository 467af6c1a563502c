"""Which steps are already done: a step is done when the content it depends on is unchanged."""

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path


def digest(files: Iterable[Path], *facts: str) -> str:
    """SHA-256 over names and contents of the files and over the facts given."""
    total = hashlib.sha256()
    for fact in facts:
        total.update(fact.encode() + b"\0")
    for path in sorted(files):
        total.update(str(path).encode() + b"\0")
        total.update(path.read_bytes() + b"\0")
    return total.hexdigest()


class Stamps:
    """Digests of finished steps, kept in a small JSON file beside what they made."""

    def __init__(self, path: Path):
        self.path = path

    def _read(self) -> dict:
        try:
            found = json.loads(self.path.read_text())
        except (OSError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}

    def done(self, step: str, value: str) -> bool:
        """Whether the step was finished with exactly this content."""
        return self._read().get(step) == value

    def write(self, step: str, value: str) -> None:
        """Record the step as finished; a file half written never replaces a whole one."""
        stamps = {**self._read(), step: value}
        draft = self.path.with_name(self.path.name + ".new")
        draft.write_text(json.dumps(stamps, indent=1, sort_keys=True))
        draft.replace(self.path)
