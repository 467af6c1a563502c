from django.apps import AppConfig
from django.utils.module_loading import import_string


class FilingsConfig(AppConfig):
    name = "filings"
    verbose_name = "备案"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        # By name, since models are not loaded yet when this module is.
        import_string("filings.kind.register_filings")()
