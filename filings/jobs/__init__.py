"""The clocks of filings: one clock, one small file.

Each is idempotent, works in chunks, records its runs (casework.jobs), and takes `now` so
that a test can move it. Beat starts them (config/beat.py); run late, they catch up.
"""
