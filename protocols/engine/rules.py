"""The rules of steps by the id of their row, remembered: what is published never changes."""

from collections.abc import Iterable
from uuid import UUID

from protocols import publishing
from protocols.models import Step
from protocols.rulebook import StepRule

_known: dict[UUID, StepRule] = {}


def rules_of_steps(step_ids: Iterable[UUID]) -> dict[UUID, StepRule]:
    """The rule of each step; what this process has not met before takes a query."""
    wanted = set(step_ids)
    if unknown := wanted - _known.keys():
        versions = Step.objects.filter(id__in=unknown).values_list("version_id", flat=True).distinct()
        for version_id in versions:
            step_of_code = publishing.step_ids_of(version_id)
            _known.update((step_of_code[rule.code], rule) for rule in publishing.rules_of(version_id))
    return {step_id: _known[step_id] for step_id in wanted}
