from django.apps import AppConfig

from residents import checks  # noqa: F401 (registers the checks)


class ResidentsConfig(AppConfig):
    name = "residents"
    verbose_name = "参保人与账户"
    default_auto_field = "django.db.models.BigAutoField"
