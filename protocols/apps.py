from importlib import import_module

from django.apps import AppConfig


class ProtocolsConfig(AppConfig):
    name = "protocols"
    label = "protocols"

    def ready(self) -> None:
        # The ground knows no steps: who was given one has a part in the child's case.
        ground, ours = import_module("casework.records.access"), import_module("protocols.access")
        ground.counts_as_a_part(ours.has_a_part)
        ground.counts_as_work(ours.steps_to_do)
