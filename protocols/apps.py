from importlib import import_module

from django.apps import AppConfig


class ProtocolsConfig(AppConfig):
    name = "protocols"
    label = "protocols"

    def ready(self) -> None:
        # The ground knows no steps: who was given one has a part in the child's case.
        ours = import_module("protocols.access")
        import_module("casework.records.access").counts_as_a_part(ours.has_a_part)
        import_module("casework.records.standing").counts_as_work(ours.steps_to_do)
