"""Every position of an episode × every move that a person can make: the services obey the table."""

import pytest

from casework.records.errors import Conflict
from incidents import rules
from incidents.models import MissingEpisode, Spell
from incidents.rules import Move, Position
from tests.cast import Cast
from tests.incidents.nights import MOVES, stands_at

pytestmark = pytest.mark.django_db


def _where(episode: MissingEpisode) -> Position:
    spell = Spell.objects.filter(episode=episode, ended_at__isnull=True).first()
    state = MissingEpisode.objects.get(pk=episode.pk).state
    return rules.position(state, spell.category if spell else None)


@pytest.mark.parametrize("position", Position)
def test_the_way_to_a_position_leads_there(cast: Cast, position: Position) -> None:
    assert _where(stands_at(cast, position)) == position


@pytest.mark.parametrize("move", MOVES)
@pytest.mark.parametrize("position", Position)
def test_a_service_moves_as_the_table_says_or_refuses_and_changes_nothing(
    cast: Cast, position: Position, move: Move
) -> None:
    episode = stands_at(cast, position)
    said_again = move == Move.RETURN and position in (
        Position.FOLLOW_UP,
        Position.CLOSED,
        Position.LATE_BACK,
    )
    if said_again:
        MOVES[move](cast, episode)
        assert _where(episode) == position
        return
    reached = rules.TRANSITIONS[move].get(position)
    if reached is not None:
        MOVES[move](cast, episode)
        assert _where(episode) == reached
        return
    before = MissingEpisode.objects.values().get(pk=episode.pk)
    with pytest.raises(Conflict):
        MOVES[move](cast, episode)
    assert MissingEpisode.objects.values().get(pk=episode.pk) == before
    assert _where(episode) == position


@pytest.mark.parametrize("position", Position)
def test_only_an_open_episode_has_a_running_spell(cast: Cast, position: Position) -> None:
    episode = stands_at(cast, position)
    running = episode.spells.filter(ended_at__isnull=True).count()
    assert running == (1 if rules.STATE_OF[position] == "open" else 0)
