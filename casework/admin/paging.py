"""A paginator that stops counting: nobody pages through a million cases."""

from functools import cached_property

from django.core.paginator import Paginator

COUNT_LIMIT = 1000


class CappedPaginator(Paginator):
    """Counts to 1,001 at most, so that the count costs the same at any size.

    What is counted are the keys themselves, in order and by an index alone; a page then reads
    only the rows that it shows. A filter is tested on the entries of the index, not on rows.
    """

    @cached_property
    def keys(self) -> list[int]:
        """The primary keys of the first 1,001 rows, in order."""
        return list(self.object_list.values_list("pk", flat=True)[: COUNT_LIMIT + 1])

    @cached_property
    def count(self) -> int:
        return len(self.keys)

    def page(self, number):
        """The rows of one page, in order; raises InvalidPage as the stock paginator does."""
        number = self.validate_number(number)
        first = (number - 1) * self.per_page
        keys = self.keys[first : first + self.per_page]
        return self._get_page(self.object_list.filter(pk__in=keys), number, self)

    @property
    def count_text(self) -> str:
        """The count as shown: exact up to 1,000, then 1000+."""
        return f"{COUNT_LIMIT}+" if self.count > COUNT_LIMIT else str(self.count)
