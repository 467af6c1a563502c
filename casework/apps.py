from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.module_loading import import_string


class CaseworkConfig(AppConfig):
    name = "casework"
    verbose_name = "办件"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        # Permissions exist only after every app has migrated: there is no call to hook into.
        post_migrate.connect(_after_migrate, dispatch_uid="casework.roles")


def _after_migrate(sender, **kwargs):
    if sender.name == "casework":
        # By name, since models are not loaded yet when this module is.
        import_string("casework.roles.ensure_roles")()
