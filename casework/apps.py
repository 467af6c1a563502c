from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate
from django.utils.module_loading import import_string

from config.health import age_check, register_check

# A message that waits longer than this says that no worker delivers (/readyz).
OLDEST_MESSAGE_SECONDS = 300


class CaseworkConfig(AppConfig):
    name = "casework"
    verbose_name = "办件"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        import_string("casework.for_residents.register_for_residents")()
        _register_messages()
        # Permissions exist only after every app has migrated: there is no call to hook into.
        post_migrate.connect(_after_migrate, dispatch_uid="casework.roles")
        register_check("queue", age_check(_oldest_message, limit=OLDEST_MESSAGE_SECONDS))


def _register_messages() -> None:
    texts = import_string("casework.notice_texts.NOTICES")
    import_string("casework.notices.register_notices")(texts)


def _after_migrate(sender, **kwargs):
    """After the last app, since the permissions of each are made by the same signal."""
    if sender == [app for app in apps.get_app_configs() if app.models_module][-1]:
        # By name, since models are not loaded yet when this module is.
        import_string("casework.roles.ensure_roles")()


def _oldest_message() -> float:
    return import_string("casework.outbox.oldest_waiting_seconds")()
