from django.apps import AppConfig


class ReimbursementsConfig(AppConfig):
    name = "reimbursements"
    verbose_name = "手工报销"
    default_auto_field = "django.db.models.BigAutoField"
