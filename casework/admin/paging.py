"""A paginator that stops counting: nobody pages through a million cases."""

from functools import cached_property

from django.core.paginator import Paginator

COUNT_LIMIT = 1000


class CappedPaginator(Paginator):
    """Counts to 1,001 at most, so that the count costs the same at any size."""

    @cached_property
    def count(self) -> int:
        return self.object_list[: COUNT_LIMIT + 1].count()

    @property
    def count_text(self) -> str:
        """The count as shown: exact up to 1,000, then 1000+."""
        return f"{COUNT_LIMIT}+" if self.count > COUNT_LIMIT else str(self.count)
