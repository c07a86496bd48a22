"""Steps that are met by telling somebody outside: whom to ring, at which number, and what is written down."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from casework.front.pages.kit.cards import Ring
from casework.front.pages.kit.forms import (
    Choice,
    ChoiceField,
    GovForm,
    LondonDateTimeField,
    NarrativeField,
    PhoneField,
    TextField,
)
from casework.front.pages.kit.telephones import spoken
from casework.records.duty_numbers import neighbours_number, number_to_ring
from casework.records.errors import Conflict
from casework.records.models import Disclosure, User
from casework.records.services import telling
from incidents.models import MissingEpisode, State
from protocols.models import StepRun

Audience, How = Disclosure.Audience, Disclosure.How

PURPOSE: Final = "To find the child and keep them safe."


@dataclass(frozen=True)
class Whom:
    """Whom a step has told, and the words for it. `may_decline`: deciding not to tell settles it as well."""

    audience: str
    title: str  # of the page
    button: str  # on the step's card
    who: str  # What is asked for: the name of whoever answered
    may_decline: bool = False


TOLD_ON: Final[Mapping[str, Whom]] = {
    "duty_accepted": Whom(
        Audience.AUTHORITY, "Who answered at the duty team?", "Record who answered", "Who answered?"
    ),
    "parents_settled": Whom(
        Audience.PARENT, "Tell the parents, or decide not to", "Record what you told the parents",
        "Which parent, or who has parental responsibility?", may_decline=True,
    ),
    "host_told": Whom(
        Audience.HOST_AUTHORITY, "Tell the authority where the home is", "Record whom you told there",
        "Who answered?",
    ),
    "school_told": Whom(
        Audience.SCHOOL, "Tell the school", "Record whom you told there", "Who answered, at which school?",
        may_decline=True,
    ),
}  # fmt: skip


def whom_of(step_run: StepRun) -> Whom:
    """Whom this step has told; Conflict for a step that is met otherwise."""
    whom = TOLD_ON.get(step_run.step.met_by or "")
    if whom is None:
        raise Conflict("This step is not met by telling somebody.", code="met_otherwise")
    return whom


# The number -------------------------------------------------------------------------------------------


def ring_for(met_by: str, episode: MissingEpisode, at: datetime) -> Ring | None:
    """The number to ring for a step of this kind, where it is known: large, and to be tapped."""
    whom = TOLD_ON.get(met_by)
    if whom is None:
        return None
    number, whose = _number(whom.audience, episode, at)
    return Ring(number, spoken(number), whose) if number else None


def _number(audience: str, episode: MissingEpisode, at: datetime) -> tuple[str, str]:
    if audience == Audience.AUTHORITY:
        return number_to_ring(episode.authority, at), f"{episode.authority.name}, duty team"
    if audience == Audience.HOST_AUTHORITY:
        host = episode.home.host_authority if episode.home else None
        return (
            (neighbours_number(episode.authority, host, at), f"{host.name}, duty desk") if host else ("", "")
        )
    if audience == Audience.PARENT:  # a home's card may be read by a child who stands beside it
        return "", ""
    before = Disclosure.objects.filter(child_id=episode.child_id, audience=audience).exclude(told_phone="")
    last = before.order_by("-told_at").first()
    return (last.told_phone, last.told_name) if last else ("", "")


# The form ---------------------------------------------------------------------------------------------


class StepTellForm(GovForm):
    """A name and one press: the rest is filled in as it mostly is."""

    told_name = TextField("Who answered?", missing="Enter the name of whoever answered, or their office.")
    how = ChoiceField("How did you tell them?", missing="Say how they were told.")
    reason = NarrativeField("Why not?", rows=3, limit=4000, missing="Write down why they are not told.")
    told_at = LondonDateTimeField("When?", missing="Say when they were told.")
    told_phone = PhoneField("Their number, to ring them again")
    what = NarrativeField("What were they told?", rows=2, limit=4000, missing="Enter what they were told.")

    def __init__(self, post: Any = None, *, whom: Whom, **options: Any) -> None:
        super().__init__(post, **options)
        ways = [Choice(one.value, str(one.label)) for one in (How.PHONE, How.IN_PERSON, How.EMAIL)]
        if whom.may_decline:
            ways.append(Choice(How.NOT_TOLD.value, "They are not to be told", reveals="reason"))
        else:
            del self.fields["reason"]
        self.fields["how"].choices = ways  # type: ignore[attr-defined]  # it is a ChoiceField
        self.fields["told_name"].label = whom.who


def first_words(episode: MissingEpisode) -> dict[str, object]:
    """What the form says before anybody types."""
    what = Disclosure.Of(of_now(episode)).label
    return {"how": How.PHONE.value, "told_at": {"": "now"}, "what": f"{what}, since when, and whom to ring."}


def of_now(episode: MissingEpisode) -> str:
    """What there is to tell at this moment."""
    if episode.returned_at is not None:
        return Disclosure.Of.BACK
    return Disclosure.Of.LOCATED if episode.state == State.LOCATED else Disclosure.Of.MISSING


def record(by: User, episode: MissingEpisode, step_run: StepRun, form: StepTellForm) -> None:
    """Write down whom the step has told, or that they are not to be."""
    said, whom = form.cleaned_data, whom_of(step_run)
    about: dict[str, Any] = {
        "by": by,
        "child": episode.child,
        "episode_id": episode.pk,
        "step_run_id": step_run.pk,
        "audience": whom.audience,
        "told_name": said["told_name"],
    }
    if said["how"] == How.NOT_TOLD:
        telling.decide_not_to_tell(**about, reason=said["reason"])
        return
    asked = {name: said[name] for name in ("how", "told_at", "told_phone", "what")}
    telling.tell(**about, **asked, purpose=PURPOSE)
