"""Front-end packages of node_modules, served under /static/vendor/ and nothing else of them."""

from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage

# served name -> file inside node_modules
VENDOR_FILES = {
    "vendor/bootstrap.min.css": "bootstrap/dist/css/bootstrap.min.css",
    # The maps are named by the files; collectstatic with hashed names refuses a missing one.
    "vendor/bootstrap.min.css.map": "bootstrap/dist/css/bootstrap.min.css.map",
    "vendor/htmx.min.js": "htmx.org/dist/htmx.min.js",
    "vendor/signature_pad.umd.min.js": "signature_pad/dist/signature_pad.umd.min.js",
    "vendor/signature_pad.umd.min.js.map": "signature_pad/dist/signature_pad.umd.min.js.map",
}


class VendorFinder(BaseFinder):
    """Finds the listed files only; a package's other files stay unserved."""

    def __init__(self, app_names=None, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.storage = FileSystemStorage(location=str(settings.NODE_DIR))

    def check(self, **kwargs) -> list:
        return []

    def find(self, path, find_all=False, **kwargs):
        """The absolute path of a listed file that is installed, else nothing."""
        source = VENDOR_FILES.get(path)
        found = Path(settings.NODE_DIR, source) if source else None
        if not found or not found.is_file():
            return []
        return [str(found)] if find_all else str(found)

    def list(self, ignore_patterns):
        """(path inside storage, storage) of each listed file, for collectstatic."""
        for served, source in VENDOR_FILES.items():
            if Path(settings.NODE_DIR, source).is_file():
                storage = _Renamed(self.storage, source)
                storage.prefix = None
                yield served, storage


class _Renamed:
    """A storage that opens one file, whatever name it is asked for."""

    def __init__(self, storage, source):
        self._storage, self._source = storage, source

    def open(self, name):
        return self._storage.open(self._source)

    def path(self, name):
        return self._storage.path(self._source)

    def get_modified_time(self, name):
        return self._storage.get_modified_time(self._source)
