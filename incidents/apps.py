from importlib import import_module

from django.apps import AppConfig


class IncidentsConfig(AppConfig):
    name = "incidents"
    label = "incidents"

    def ready(self) -> None:
        # The ground sends the messages and knows no episodes; what it asks before sending is answered here.
        settling = import_module("casework.records.notify.settling")
        settling.ask_before_sending(import_module("incidents.facts").hold_while_not_back)
