"""`make bench`: what pages cost, measured on a seeded PostgreSQL. See docs/performance.md."""
