"""Who has a registration: taken, released, assigned, escalated (`casework.having`)."""

from casework.having import Having
from registrations.models import DiseaseRegistration

_HAVING = Having(DiseaseRegistration, assigned="staff_assigned", overdue="staff_overdue")
take, release = _HAVING.take, _HAVING.release
assign, escalate = _HAVING.assign, _HAVING.escalate
