"""The last day of a filing as a calendar entry, with reminders a month and a week before."""

from datetime import UTC, datetime, timedelta

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from casework.models import Case
from filings.models import Filing
from filings.pages.filer import readable
from filings.pages.words import area_words, filing_of
from residents.gate import resident_required

REMIND_DAYS = (30, 7)


@resident_required
@require_GET
def calendar(request, public_id):
    """The entry as an .ics file; 404 where there is no last day to remember."""
    case = readable(request, public_id)
    filing = filing_of(case)
    if case.status != "approved" or filing is None or filing.last_day is None:
        raise Http404
    response = HttpResponse(
        entry(case, filing, timezone.now()), content_type="text/calendar; charset=utf-8"
    )
    response["Content-Disposition"] = f'attachment; filename="filing-{case.number}.ics"'
    return response


def entry(case: Case, filing: Filing, now: datetime) -> str:
    """An all-day event on the last day (RFC 5545); no personal data stands in it."""
    after = filing.last_day + timedelta(days=1)
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//filings//ZH",
        "BEGIN:VEVENT",
        f"UID:{case.public_id}@filings",
        f"DTSTAMP:{now.astimezone(UTC):%Y%m%dT%H%M%SZ}",
        f"DTSTART;VALUE=DATE:{filing.last_day:%Y%m%d}",
        f"DTEND;VALUE=DATE:{after:%Y%m%d}",
        f"SUMMARY：异地就医备案到期（{area_words(filing.destination_area)}）",
        "DESCRIPTION：今天是最后一天。还要在异地看病的，请重新备案。",
    ]
    for days in REMIND_DAYS:
        lines += [
            "BEGIN:VALARM",
            "ACTION:DISPLAY",
            "DESCRIPTION：异地就医备案快到期了",
            f"TRIGGER:-P{days}D",
            "END:VALARM",
        ]
    return "\r\n".join([*lines, "END:VEVENT", "END:VCALENDAR", ""])
