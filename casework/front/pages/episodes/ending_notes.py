"""What an absence that ended otherwise says on its pages, and in which other ways one can end."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.urls import reverse

from casework.front.pages.episodes.episode_steps import may_here
from casework.front.pages.kit.cards import Action
from casework.front.pages.kit.words import calendar_day, wall
from casework.records.acts import Act
from casework.records.local_time import eighteenth_birthday
from casework.records.models import Death
from casework.records.services.deaths import death_of
from casework.records.standing import Standing
from incidents import rules
from incidents.models import Ending, MissingEpisode, State
from incidents.rules import Move
from incidents.services.writing import position_of
from protocols.clock import working_days_after

PANEL_DAYS: Final = 5  # working days: Working Together
ENDED: Final = frozenset({State.TRANSFERRED, State.AGED_OUT, State.DIED, State.MERGED})


@dataclass(frozen=True)
class Note:
    """What stands above every page of such an absence."""

    title: str
    paragraphs: Sequence[str]
    to_do: Sequence[str] = ()
    action: Action | None = None


MISTAKEN: Final = Note(
    "The report was mistaken",
    ["The child was never gone. No step is owed, and the absence is in no figure and no return."],
    [
        "Ring everybody who was told; “Shared with whom” has the list.",
        "Tell the police that their report can be closed, and give them the reference.",
    ],
)


def note_of(episode: MissingEpisode) -> Note | None:
    """How it ended and what is still for people to do; None for an absence that goes on or was signed off."""
    death = death_of(episode.child)
    if death is not None and death.confirmed_at is None:
        return _waits_for_second(episode, death)
    if episode.state == State.FALSE_REPORT:
        return MISTAKEN
    if episode.state not in ENDED:
        return None
    ending = Ending.objects.filter(episode=episode).select_related("to_authority", "joined_to").first()
    return _NOTES[Ending.Kind(ending.kind)](episode, ending) if ending else None


def panel_by(death: Death) -> str:
    """The day by which the Panel is told."""
    moment, _ = working_days_after(death.recorded_at, PANEL_DAYS)
    return calendar_day(wall(moment).date())


def _waits_for_second(episode: MissingEpisode, death: Death) -> Note:
    return Note(
        "A death is recorded, and waits for a second person",
        [
            f"{death.recorded_by.name} wrote down that this child died on {calendar_day(death.died_on)}. A "
            "manager who did not write it confirms it. Until then the steps stand, and nobody gets a message "
            "about this child by itself.",
        ],
        action=Action("Confirm it, or take it back", _url(episode, "death-confirm"), is_main=True),
    )


def _died(episode: MissingEpisode, ending: Ending) -> Note:
    death = death_of(episode.child)
    by = f" by {panel_by(death)}" if death else ""
    return Note(
        "This child has died",
        [
            "We are sorry. No step is owed here any more, and no message goes out by itself. The record is "
            "open to those who answer for it, and is kept.",
        ],
        [
            "Family and carers are told in person, by somebody they know, together with the police where "
            "they are involved.",
            "Ring everybody who was told of the absence; “Shared with whom” has the list.",
            f"The national Child Safeguarding Practice Review Panel and Ofsted are notified{by}: within five "
            "working days (Working Together).",
            "Look after those who looked after the child, and after yourselves.",
        ],
    )


def _aged_out(episode: MissingEpisode, ending: Ending) -> Note:
    day = calendar_day(eighteenth_birthday(episode.child.born_on))
    return Note(
        f"Turned 18 on {day}, while missing",
        ["The absence of a child ended on that day, in the return too. The person is still missing."],
        [
            "The team manager asks the police to go on as for a missing adult, and writes down with whom.",
            "Hand over to adult social care or the leaving care team: the risk, the grades, the last "
            "sighting.",
            "Ring everybody who was told of the absence, the Home Office too where it was told.",
            "In the Episodes file of the return, care ended because of E8.",
        ],
    )


def _transferred(episode: MissingEpisode, ending: Ending) -> Note:
    day = calendar_day(wall(ending.happened_at).date())
    return Note(
        f"{ending.to_authority} has taken over",
        [f"Since {day}: {ending.to_name}. No step is owed here any more."],
        [
            "Give them the police reference, and tell the police who answers for the child now.",
            "End the placement and the legal status if they ended with it: the return asks for both.",
        ],
    )


def _joined(episode: MissingEpisode, ending: Ending) -> Note:
    other = ending.joined_to
    if other is None:
        return Note("Joined to another report", [])
    return Note(
        f"Joined to {other.reference}",
        ["Both tell of one absence. What happens now is written down there; nothing was deleted here."],
        action=Action(f"Open {other.reference}", _url(other, "episode-detail"), is_main=True),
    )


_NOTES: Final[Mapping[Ending.Kind, Callable[[MissingEpisode, Ending], Note]]] = {
    Ending.Kind.DIED: _died,
    Ending.Kind.AGED_OUT: _aged_out,
    Ending.Kind.TRANSFERRED: _transferred,
    Ending.Kind.MERGED: _joined,
}


# ---- the ways ----


@dataclass(frozen=True)
class Way:
    """One other end: when it is the right one, and the page for it, if this person may."""

    title: str
    what: str
    url: str = ""
    whom_to_ask: str = ""


_WAYS: Final = (
    (
        "The report was mistaken",
        "The child was never gone. What waits stops; everybody who was told is told that.",
        Move.FALSE_REPORT, Act.CALL_FALSE, "episode-false-report",
    ),
    (
        "It is the same absence as another report",
        "The same child registered twice, or one absence reported twice. The other report goes on.",
        Move.JOIN, Act.END_OTHERWISE, "episode-join",
    ),
    (
        "Another authority has taken over",
        "The child is theirs to look after and to look for, and they said so.",
        Move.TRANSFER, Act.END_OTHERWISE, "episode-transfer",
    ),
    (
        "The child has died",
        "One person writes it down, a manager confirms it. The record closes at once.",
        Move.DEATH, Act.RECORD_DEATH, "death-record",
    ),
)  # fmt: skip


def ways_of(episode: MissingEpisode, standing: Standing) -> list[Way]:
    """Every other way to end that the absence has from where it stands, and the one that nobody chooses."""
    at = position_of(episode)
    found = [
        _way(episode, standing, title, what, act, page)
        for title, what, move, act, page in _WAYS
        if at in rules.TRANSITIONS[move]
    ]
    birthday = eighteenth_birthday(episode.child.born_on)
    if at in rules.NOT_BACK:
        day, eve = calendar_day(birthday), calendar_day(birthday - timedelta(days=1))
        what = f"That comes by itself, at the end of {eve}. From {day} on this page says what people do then."
        found.append(Way("The child turns 18 while missing", what))
    return found


def _way(episode: MissingEpisode, standing: Standing, title: str, what: str, act: Act, page: str) -> Way:
    if may_here(standing, act, episode):
        return Way(title, what, _url(episode, page))
    return Way(title, what, whom_to_ask="Ask a team manager.")


def _url(episode: MissingEpisode, page: str) -> str:
    return reverse(f"pages:{page}", args=[episode.pk])
