"""What can be recorded about an episode where it stands now, for a person who may."""

from typing import Final

from django.urls import reverse

from casework.front.pages.episodes.episode_steps import may_here
from casework.front.pages.kit.cards import Action
from casework.records.acts import Act
from casework.records.standing import Standing
from incidents.models import NOT_BACK, MissingEpisode, State

# By where the episode stands: what it says, which page, which act. The first is the main one.
_ACTIONS: Final = (
    (NOT_BACK, "Add news or a sighting", "news-add", Act.ADD_NEWS),
    ((State.OPEN,), "Away or missing?", "episode-category", Act.DECIDE_CATEGORY),
    ((State.LOCATED,), "Gone again, or staying away?", "episode-category", Act.DECIDE_CATEGORY),
    ((State.LOCATED,), "Who fetches them?", "located-check", Act.RECORD_LOCATED),
    ((State.OPEN,), "Located", "episode-located", Act.RECORD_LOCATED),
    (NOT_BACK, "They’re back", "episode-returned", Act.SAY_BACK),
    ((State.FOLLOW_UP, State.LATE_BACK), "Write up the return", "episode-return", Act.COMPLETE_RETURN),
    ((State.FOLLOW_UP,), "Sign off", "episode-sign-off", Act.SIGN_OFF),
    ((State.CLOSED,), "Open again", "episode-reopen", Act.REOPEN),
    (NOT_BACK, "Somebody asks for them", "enquirer", Act.ADD_NEWS),
    (tuple(State), "Show address", "episode-address", Act.VIEW_LOCATION),
    (tuple(State), "Grab sheet for police", "episode-grab-sheet", Act.PRINT_GRAB_SHEET),
)

OF_A_CHILD: Final = frozenset({"enquirer"})  # pages about the child, missing or not


def actions_for(episode: MissingEpisode, standing: Standing) -> list[Action]:
    """The buttons at the top of the page."""
    found = [
        Action(text, reverse(f"pages:{page}", args=[episode.child_id if page in OF_A_CHILD else episode.pk]))
        for states, text, page, act in _ACTIONS
        if episode.state in states and may_here(standing, act, episode)
    ]
    return [Action(one.text, one.url, is_main=at == 0) for at, one in enumerate(found)]
