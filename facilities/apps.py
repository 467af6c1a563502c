from django.apps import AppConfig


class FacilitiesConfig(AppConfig):
    name = "facilities"
    verbose_name = "机构与区划"
    default_auto_field = "django.db.models.BigAutoField"
