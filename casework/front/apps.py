from importlib import import_module

from django.apps import AppConfig


class FrontConfig(AppConfig):
    name = "casework.front"
    label = "front"

    def ready(self) -> None:
        import_module("casework.checks")  # registers them
