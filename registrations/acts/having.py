"""Who has a registration: taken, released, assigned, escalated (`casework.having`)."""

from casework.having import Having
from registrations.models import DiseaseRegistration

HAVING = Having(DiseaseRegistration, assigned="staff_assigned", overdue="staff_overdue")
