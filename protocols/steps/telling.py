"""Steps that only tell: done in the moment they fire."""

from protocols.messages import Template

from .outcome import DueStep, Fires, Telling


def tell(due: DueStep) -> Fires:
    """Tell everybody named, and whoever answers for the step, who phones those the system cannot reach."""
    answerable = (due.holder_id,) if due.holder_id else due.audience.of([due.role])
    everybody = dict.fromkeys((*answerable, *due.audience.of(due.rule.told)))
    return Fires(
        tellings=tuple(Telling(person, Template.STEP_NOTICE) for person in everybody),
        is_done=True,
        nobody=not answerable,
    )
