"""`python -m bench.run`: the bench in services that run already (bench/__main__.py)."""

import sys
from importlib import import_module

import django

if __name__ == "__main__":
    django.setup()
    sys.exit(import_module("bench.everything").main())
