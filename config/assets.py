"""The static files' storages, which remember each address they were asked for.

A page names some fifteen files, and to make an address takes thirty microseconds of parsing
and quoting; which files there are does not change while a process lives.
"""

from functools import cached_property

from django.contrib.staticfiles.storage import StaticFilesStorage
from whitenoise.storage import CompressedManifestStaticFilesStorage


class _Remembering:
    @cached_property
    def _addresses(self) -> dict[str, str]:
        return {}

    def url(self, name, *args, **kwargs) -> str:
        """The address of a file, made once."""
        if args or kwargs:
            return super().url(name, *args, **kwargs)
        if name not in self._addresses:
            self._addresses[name] = super().url(name)
        return self._addresses[name]


class Plain(_Remembering, StaticFilesStorage):
    """For development, tests and the bench: each file under its own name."""


class Hashed(_Remembering, CompressedManifestStaticFilesStorage):
    """For production: each file under a name with its hash, and compressed."""
