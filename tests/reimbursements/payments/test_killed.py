"""kill -9 of a real process in the middle of the bank's answer: the next run goes on."""

import os
import signal
import subprocess
import sys
import time

import pytest
from django.conf import settings
from django.db import connection

from casework.models import CaseEvent
from reimbursements.models import Payment
from reimbursements.payments import import_return
from tests.reimbursements.claims.factories import payable_claim
from tests.reimbursements.payments.desk import answer, as_csv, cashier, released
from tests.strict import ROOT
from tests.workers import environment

pytestmark = [
    pytest.mark.services,
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True),
]

# Takes in the answer, and stands still before its second claim.
STANDS_STILL = """
import sys, time
import django
django.setup()
from pathlib import Path
from reimbursements.payments import import_return, returns
from residents.models import User

settle, seen = returns.settle_answer, []

def slowly(*args):
    seen.append(args)
    if len(seen) == 2:
        print("half", flush=True)
        time.sleep(60)
    settle(*args)

returns.settle_answer = slowly
import_return(User.objects.get(pk=int(sys.argv[1])), int(sys.argv[2]), Path(sys.argv[3]))
"""


def test_a_killed_import_has_paid_nothing_and_the_next_pays_each_once(tmp_path, empty_queue):
    cases = [payable_claim() for _ in range(3)]
    batch, user = released(cases), cashier()
    path = as_csv(tmp_path, *map(answer, cases))
    process = subprocess.Popen(
        [sys.executable, "-c", STANDS_STILL, str(user.pk), str(batch.pk), str(path)],
        cwd=ROOT,
        env={**environment(), "FILES_DIR": str(settings.FILES_DIR)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout.readline() == "half\n", process.communicate()[1][-2000:]
    finally:
        os.kill(process.pid, signal.SIGKILL)
        process.communicate()
    until = time.monotonic() + 10
    while _others_at_work() and time.monotonic() < until:
        time.sleep(0.05)
    assert set(batch.payments.values_list("state", flat=True)) == {"sent"}
    assert not CaseEvent.objects.filter(code="paid").exists()

    report = import_return(user, batch.pk, path)
    again = import_return(user, batch.pk, path)
    assert (report.paid, again.paid, again.known) == (3, 0, 3)
    assert CaseEvent.objects.filter(code="paid").count() == 3
    assert Payment.objects.filter(state="paid").count() == 3


def _others_at_work() -> bool:
    """Whether the server still has a transaction of another process."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
            "AND pid <> pg_backend_pid() AND xact_start IS NOT NULL"
        )
        return cursor.fetchone()[0] > 0
