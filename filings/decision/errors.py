"""What can be wrong with a question or with a rule. The messages are Chinese."""

from casework.errors import FileRefused


class FactsError(ValueError):
    """A question that cannot be answered; `field` is its key in the JSON line."""

    def __init__(self, field: str, message: str):
        super().__init__(f"{field}：{message}")
        self.field = field
        self.message = message


class RuleError(ValueError):
    """A rule or a text that does not fit its form; `field` is the key it concerns."""

    def __init__(self, field: str, message: str):
        super().__init__(f"{field}：{message}")
        self.field = field
        self.message = message


# A rule file that is refused, with the file and the line.
RulebookError = FileRefused
