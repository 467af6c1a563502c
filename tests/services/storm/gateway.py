"""A gateway that writes down every message it takes, for whoever counts afterwards."""

import os
import time

from casework.models import Notice


class FileGateway:
    """Appends one line for each message: its key, and whether it was recorded as sent before."""

    def send(self, phone: str, text: str, key: str = "") -> None:
        recorded = Notice.objects.filter(dedupe_key=key, state=Notice.State.SENT).exists()
        line = f"{key} {'again' if recorded else 'first'}\n"
        with open(os.environ["STORM_SMS"], "ab", buffering=0) as out:
            out.write(line.encode())
        time.sleep(0.02)  # the moment in which a kill hurts: taken, but not yet recorded
