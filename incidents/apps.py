from importlib import import_module

from django.apps import AppConfig


class IncidentsConfig(AppConfig):
    name = "incidents"
    label = "incidents"

    def ready(self) -> None:
        # The ground sends the messages and knows no episodes; what it asks before sending is answered here.
        settling = import_module("casework.records.notify.settling")
        settling.ask_before_sending(import_module("incidents.facts").hold_while_not_back)
        # Nor does it know who has a part in a child's case by what happened to the child.
        ours = import_module("incidents.access")
        import_module("casework.records.access").counts_as_a_part(ours.has_a_part)
        import_module("casework.records.standing").counts_as_work(ours.interviews_to_hold, ours.actions_to_do)
