"""Steps that a person must do: a task, a decision, a meeting, a higher office to bring in."""

from protocols.messages import Template

from .outcome import DueStep, Fires, Telling


def ask(due: DueStep) -> Fires:
    """Tell whoever must do it; let the others know. It stays open until a person, or the record, meets it."""
    answerable = (due.holder_id,) if due.holder_id else due.audience.of([due.role])
    others = [person for person in due.audience.of(due.rule.told) if person not in answerable]
    return Fires(
        tellings=(
            *(Telling(person, Template.STEP_DUE) for person in answerable),
            *(Telling(person, Template.STEP_NOTICE) for person in others),
        ),
        nobody=not answerable,
    )
