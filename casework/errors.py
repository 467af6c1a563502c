"""What can stop an action; the texts are shown to people."""


class CaseworkError(Exception):
    """An action that did not happen; `str()` is a Chinese sentence for the one who tried."""


class NotAllowed(CaseworkError):
    """The table, the area, the role or a guard forbids it."""


class StaleCase(CaseworkError):
    """The case moved since the page was loaded; nothing was changed."""


class InvalidReason(CaseworkError):
    """The action needs a reason that is not there or not of the list."""


class FileRefused(ValueError):
    """A file of rules that is refused, with the file and the line (0: the folder itself)."""

    def __init__(self, path, line: int, message: str):
        where = f"{path} 第{line}行" if line else f"{path}"
        super().__init__(f"{where}：{message}")
        self.path = path
        self.line = line
        self.message = message
