from importlib import import_module

from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate


class FrontConfig(AppConfig):
    name = "casework.front"
    label = "front"

    def ready(self) -> None:
        import_module("casework.checks")  # registers them
        audited = import_module("casework.audited")
        post_migrate.connect(audited.make_triggers, sender=apps.get_app_config("protocols"))
