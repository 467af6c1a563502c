from django.apps import AppConfig
from django.utils.module_loading import import_string


class ReimbursementsConfig(AppConfig):
    name = "reimbursements"
    verbose_name = "手工报销"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        # By name, since models are not loaded yet when this module is.
        import_string("reimbursements.kind.register_claims")()
