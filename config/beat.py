"""When each clock runs (times in China). A job that runs late catches up by itself."""

from celery.schedules import crontab

SCHEDULE = {
    "sweep": {"task": "casework.tasks.sweep", "schedule": 60.0, "options": {"expires": 50}},
    "expiry": {"task": "filings.tasks.expire_due", "schedule": crontab(hour=0, minute=5)},
    "corrections": {
        "task": "filings.tasks.close_corrections",
        "schedule": crontab(hour=8, minute=30),
    },
    "reminders": {"task": "filings.tasks.remind", "schedule": crontab(hour=9, minute=0)},
    "promises": {"task": "filings.tasks.chase_promises", "schedule": crontab(hour=9, minute=20)},
    "escalation": {"task": "filings.tasks.escalate_overdue", "schedule": crontab(minute="*/30")},
    "drafts": {"task": "filings.tasks.clean_drafts", "schedule": crontab(hour=9, minute=40)},
    "registration-expiry": {
        "task": "registrations.tasks.expire_due",
        "schedule": crontab(hour=0, minute=10),
    },
    "registration-corrections": {
        "task": "registrations.tasks.close_corrections",
        "schedule": crontab(hour=8, minute=40),
    },
    "registration-reminders": {
        "task": "registrations.tasks.remind",
        "schedule": crontab(hour=9, minute=5),
    },
    "registration-escalation": {
        "task": "registrations.tasks.escalate_overdue",
        "schedule": crontab(minute="10,40"),
    },
    "registration-drafts": {
        "task": "registrations.tasks.clean_drafts",
        "schedule": crontab(hour=9, minute=50),
    },
    "claim-corrections": {
        "task": "reimbursements.tasks.close_corrections",
        "schedule": crontab(hour=8, minute=35),
    },
    "claim-papers": {
        "task": "reimbursements.tasks.remind_papers",
        "schedule": crontab(hour=9, minute=10),
    },
    "claim-escalation": {
        "task": "reimbursements.tasks.escalate_overdue",
        "schedule": crontab(minute="5,35"),
    },
    "claim-drafts": {
        "task": "reimbursements.tasks.clean_drafts",
        "schedule": crontab(hour=9, minute=45),
    },
    "payments": {
        "task": "reimbursements.tasks.follow_payments",
        "schedule": crontab(hour=8, minute=50),
    },
    "recompute": {
        "task": "reimbursements.tasks.propose_recomputed",
        "schedule": crontab(hour=1, minute=30),
    },
    "claim-reports": {
        "task": "reimbursements.tasks.roll_up_claims",
        "schedule": crontab(minute=25),
    },
    "statistics": {"task": "casework.tasks.roll_up", "schedule": crontab(minute=10)},
    "provisional": {
        "task": "casework.tasks.settle_provisional",
        "schedule": crontab(hour=1, minute=10),
    },
    "failures": {"task": "casework.tasks.tell_failures", "schedule": crontab(hour=7, minute=30)},
    "digest": {"task": "casework.tasks.write_digest", "schedule": crontab(hour=2, minute=0)},
    "sessions": {"task": "casework.tasks.clear_sessions", "schedule": crontab(hour=2, minute=40)},
    "tidy": {"task": "casework.tasks.tidy", "schedule": crontab(hour=3, minute=0)},
}
