from importlib import import_module

from django.apps import AppConfig


class ProtocolsConfig(AppConfig):
    name = "protocols"
    label = "protocols"

    def ready(self) -> None:
        # The ground knows no steps: who was given one has a part in the child's case.
        import_module("casework.records.access").counts_as_a_part(
            import_module("protocols.access").has_a_part
        )
