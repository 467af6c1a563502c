"""What `make test` and `make check` need: the environment, the packages, nothing started."""

import argparse
import sys

from run import require_python

if __name__ == "__main__":
    require_python()
    from launcher import environment
    from launcher.lock import Lock
    from launcher.places import ROOT, from_os_error, require_writable, var_dir
    from launcher.words import Problem, Steps, say

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runtime", action="store_true", help="without the development packages")
    wanted = parser.parse_args()
    try:
        environment.require_platform()
        require_writable(ROOT)
        require_writable(var_dir())
        lock = Lock(var_dir() / "setup.lock")
        lock.take_or_wait()
        steps = Steps(3)
        steps.run("Python 环境 environment", environment.make_venv)
        steps.run(
            "Python 包 packages",
            lambda: environment.install_python_packages(dev=not wanted.runtime),
        )
        steps.run("前端与字体 front end, fonts", environment.install_front_end)
    except Problem as problem:
        say(f"错误：{problem}")
        sys.exit(1)
    except OSError as error:
        say(f"错误：{from_os_error(error, error.filename or ROOT)}")
        sys.exit(1)
