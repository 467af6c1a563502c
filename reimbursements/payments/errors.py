"""What stops a step of payment; the texts are shown to people."""


class PaymentRefused(Exception):
    """A step that did not happen; `problems` are Chinese sentences, one for each claim."""

    def __init__(self, message: str, problems: list[str] | None = None):
        super().__init__(message)
        self.problems = problems or []
