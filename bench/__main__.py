"""Starts a PostgreSQL and a Redis of its own, runs the bench in them, removes them.

make bench                 1,000, then 100,000 cases
SIZE=1000000 make bench    and then a million
"""

import os
import re
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SERVICES = ROOT / "scripts" / "services.py"
EXPORT = re.compile(r"^export (\w+)=(.*)$", re.MULTILINE)


def main() -> int:
    """The exit status of the bench: 0 also where a budget is exceeded, which it prints."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with tempfile.TemporaryDirectory(prefix="yb-bench-") as folder:
        env = {**os.environ, "VAR_DIR": folder, "SERVICES_STATE": f"{folder}/services.json"}
        env["DJANGO_SETTINGS_MODULE"] = "bench.settings"
        try:
            started = subprocess.run(
                [sys.executable, SERVICES, "start"],
                env=env,
                cwd=ROOT,
                stdout=subprocess.PIPE,
                text=True,
            )
            if started.returncode:
                print(started.stdout, file=sys.stderr)
                return started.returncode
            env |= {name: value.strip("'") for name, value in EXPORT.findall(started.stdout)}
            return subprocess.run([sys.executable, "-m", "bench.run"], env=env, cwd=ROOT).returncode
        finally:
            subprocess.run([sys.executable, SERVICES, "stop"], env=env, cwd=ROOT)


if __name__ == "__main__":
    sys.exit(main())
