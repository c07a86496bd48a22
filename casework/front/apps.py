from importlib import import_module

from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate


class FrontConfig(AppConfig):
    name = "casework.front"
    label = "front"

    def ready(self) -> None:
        import_module("casework.checks")  # registers them
        last = apps.get_app_config("protocols")
        post_migrate.connect(import_module("casework.audited").make_triggers, sender=last)
        post_migrate.connect(import_module("casework.quick_triggers").make_quick, sender=last)
