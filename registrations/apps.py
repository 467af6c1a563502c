from django.apps import AppConfig
from django.utils.module_loading import import_string


class RegistrationsConfig(AppConfig):
    name = "registrations"
    verbose_name = "门诊慢特病"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        # By name, since models are not loaded yet when this module is.
        import_string("registrations.kind.register_registrations")()
