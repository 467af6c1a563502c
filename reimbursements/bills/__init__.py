"""Bills and what goes with them: pure, without Django, requests or a database.

Facts: docs/sources.md; the words: docs/glossary.md. Money is integer fen, days are `date`.
"""
