"""What the files say of a child, against what they said before and what is recorded. Pure."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Final
from uuid import UUID, uuid4

from casework.front.imports.comparing_absences import compare_absences
from casework.front.imports.comparing_care import compare_statuses, compare_stays
from casework.front.imports.deriving import ChildRecord, Person
from casework.front.imports.differences import Noun
from casework.front.imports.plans import ChildPlan
from casework.front.imports.recorded import RecordedChild
from casework.front.imports.verdicts import CHANGED_HERE, Verdict, shown, verdict

# What is told with its values, and what without: those would say who the child is.
SAID: Final = {
    "sex": "sex",
    "ethnicity": "ethnicity",
    "is_unaccompanied": "unaccompanied",
    "unaccompanied_until": "unaccompanied until",
    "team": "team",
}
UNSAID: Final = {
    "first_name": "first name",
    "last_name": "last name",
    "upn": "unique pupil number",
    "worker_email": "social worker",
}


def compare_child(
    old: ChildRecord, new: ChildRecord, recorded: RecordedChild | None, about: Mapping[str, UUID]
) -> ChildPlan:
    """The plan for one child. `about` has the recorded row that each row of the files became, by its key."""
    plan = ChildPlan(new.reference, recorded.id if recorded else uuid4(), is_new=recorded is None)
    if recorded is None:
        plan.person = asdict(new.person) if new.person else {}
        plan.new_stays, plan.new_statuses = list(new.stays), list(new.statuses)
        plan.new_absences = list(new.absences)
        return plan
    if new.person is not None:
        _compare_person(plan, old.person, new.person, recorded)
    compare_stays(plan, old.stays, new.stays, recorded.stays, about)
    compare_statuses(plan, old.statuses, new.statuses, recorded.statuses)
    compare_absences(plan, old.absences, new.absences, recorded.episodes, about)
    return plan


def is_somebody_else(old: ChildRecord, new: ChildRecord, recorded: RecordedChild) -> bool:
    """Whether this ID is bound to a child with another date of birth than the files now say."""
    if new.person is None or new.person.born_on == recorded.values["born_on"]:
        return False
    return old.person is None or old.person.born_on != new.person.born_on


def _compare_person(plan: ChildPlan, old: Person | None, new: Person, recorded: RecordedChild) -> None:
    for name, words in (SAID | UNSAID).items():
        wanted, is_now = getattr(new, name), recorded.values[name]
        said_before = getattr(old, name, None)
        match verdict(wanted, is_now, said_before=said_before, is_known=old is not None):
            case Verdict.APPLY:
                plan.person[name] = wanted
                values = (shown(is_now), shown(wanted)) if name in SAID else ("", "")
                plan.correct(Noun.CHILD, words, *values)
            case Verdict.LEAVE:
                plan.leave(Noun.CHILD, words, CHANGED_HERE)
