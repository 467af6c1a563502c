"""What can be wrong with a policy and with the facts of a stay."""


class SettlementError(Exception):
    """Base of both; the text is Chinese and meant for the person who wrote the input."""


class PolicyError(SettlementError):
    """A policy file is refused: where, what stands there, what was expected."""

    def __init__(self, file: str, line: int, path: str, found: str, expected: str):
        self.file, self.line, self.path = file, line, path
        self.found, self.expected = found, expected
        where = f"{file} 第 {line} 行" if line else file
        name = f"{path}：" if path else ""
        super().__init__(f"{where}：{name}{found}；应为：{expected}")


class StayError(SettlementError):
    """The facts of a stay are refused: ``field`` is the name of the JSON field."""

    def __init__(self, field: str, message: str):
        self.field = field
        super().__init__(f"{field}: {message}")


class CaseTableError(SettlementError):
    """A golden table cannot be read; the text says the file and the row."""
