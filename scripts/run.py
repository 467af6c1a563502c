"""`make run`: from a bare Python to a running service, and back again on Ctrl-C.

This file is read by whatever Python is there, so it says what is missing before it
uses anything new.
"""

import os
import subprocess
import sys

NEWER = ("python3.14", "python3.13", "python3.12", "python3.11")


def find_newer():
    """Start again with a newer Python from PATH, when there is one that works."""
    probe = "import sys; sys.exit(sys.version_info < (3, 11))"
    for name in NEWER:
        for folder in os.environ.get("PATH", "").split(os.pathsep):
            path = os.path.join(folder, name)
            if os.access(path, os.X_OK) and subprocess.call([path, "-c", probe], stderr=-3) == 0:
                os.execv(path, [path, *sys.argv])


def require_python():
    """Python 3.11 or one clear line."""
    if sys.version_info >= (3, 11):  # noqa: UP036 - whoever starts this may have an older one
        return
    find_newer()
    line = (
        "错误：需要 Python 3.11 以上，本机是 {found};请安装后用 make PYTHON=python3.11 run。"
        " | Python 3.11 or newer is needed, this is {found}; install one and run"
        " make PYTHON=python3.11 run."
    ).format(found="{}.{}".format(*sys.version_info))
    sys.stdout.buffer.write(line.encode("utf-8") + b"\n")
    sys.exit(1)


if __name__ == "__main__":
    require_python()
    from launcher.start import main

    sys.exit(main(sys.argv[1:]))
