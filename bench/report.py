"""The table: one row a measurement, in Markdown, with its budget and whether it is kept."""

from dataclasses import dataclass

from bench.measuring import Cost

HEAD = ("item", "queries", "app ms", "db ms", "CPU ms", "best", "× bare", "wall ms", "budget", "")


@dataclass(frozen=True)
class Row:
    """One line. Budgets: number of queries, CPU ms of app and database, wall ms, or a ratio
    with the two figures it compares.
    """

    name: str
    cost: Cost | None = None
    queries: int | None = None
    cpu: float | None = None
    wall: float | None = None
    ratio: float | None = None
    at_most: float | None = None
    note: str = ""

    @property
    def over(self) -> list[str]:
        """The budgets that are exceeded, in words."""
        found = []
        if self.queries is not None and self.cost.queries > self.queries:
            found.append("queries")
        if self.cpu is not None and self.cost.cpu > self.cpu:
            found.append("CPU")
        if self.wall is not None and self.cost.wall > self.wall:
            found.append("wall")
        if self.at_most is not None and self.ratio > self.at_most:
            found.append("ratio")
        return found

    @property
    def budget(self) -> str:
        """The budgets as the table says them."""
        parts = []
        if self.queries is not None:
            parts.append(f"≤ {self.queries} q")
        if self.cpu is not None:
            parts.append(f"≤ {_ms(self.cpu)} ms")
        if self.wall is not None:
            parts.append(f"≤ {_ms(self.wall)} ms wall")
        if self.at_most is not None:
            parts.append(f"≤ {self.at_most:g} ×")
        return ", ".join(parts)

    @property
    def verdict(self) -> str:
        """OVER and what, ok, or nothing where there is no budget."""
        if self.over:
            return f"**OVER** {', '.join(self.over)}"
        return "ok" if self.budget else ""

    def cells(self, bare: Cost) -> list[str]:
        """The cells of the line; `bare` is what any request costs."""
        if self.cost is None:
            ratio = f"{self.ratio:.2f}" if self.ratio is not None else ""
            return [self.name, "", "", "", self.note, "", ratio, "", self.budget, self.verdict]
        cost = self.cost
        figures = [_ms(cost.app), _ms(cost.database), _ms(cost.cpu), _ms(cost.best)]
        times = f"{cost.cpu / bare.cpu:.1f}" if bare.cpu else ""
        ends = [_ms(cost.wall), self.budget, self.verdict]
        return [self.name, f"{cost.queries:g}", *figures, times, *ends]


def _ms(value: float) -> str:
    if value < 1:
        return f"{value:.3f}"
    return f"{value:.1f}" if value < 100 else f"{value:.0f}"


def line(cells) -> str:
    """One line of a Markdown table."""
    return f"| {' | '.join(cells)} |"


def head() -> list[str]:
    """The two first lines of the table."""
    return [line(HEAD), line("---" if not n else "---:" for n in range(len(HEAD)))]
