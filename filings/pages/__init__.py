"""The residents' pages of filings: the steps, the records, the public check.

Thin: what is asked stands in `forms`, the order in `steps`, what is decided elsewhere.
"""
