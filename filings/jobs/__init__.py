"""The clocks of filings: one clock, one small file.

Each is idempotent, works in chunks, records its runs (casework.jobs), and takes `now` so
that a test can move it. Beat starts them (config/beat.py); run late, they catch up.
"""

# Name of a job -> what it does, as the morning summary says it.
WORDS = {
    "filings.expiry": "备案到期",
    "filings.corrections": "备案补正提醒",
    "filings.reminders": "备案提醒",
    "filings.promises": "承诺补交提醒",
    "filings.escalation": "备案超时督办",
    "filings.drafts": "备案草稿清理",
}
