"""Columns for lists in the admin: yes and no as words, which Django draws with English names."""

from django.contrib import admin


def yes_no(field: str, title: str):
    """A column that says 是 or 否 for a boolean field or annotation of the row."""

    @admin.display(description=title, ordering=field, empty_value="—")
    def column(row) -> str | None:
        value = getattr(row, field)
        return None if value is None else ("是" if value else "否")

    return column
