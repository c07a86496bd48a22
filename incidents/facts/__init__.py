"""What is so about an episode or a placement, for the floor above: plain values, looked up here alone."""

from .holding import hold_while_not_back
from .looking import facts_of, is_at_risk_of_trafficking, lock_episode, lock_episodes, with_facts
from .placements import facts_of_placements, lock_placement
from .values import ChildFacts, EpisodeFacts, Met, PlacementFacts, SpellFacts, call_counts_from

__all__ = [
    "ChildFacts",
    "EpisodeFacts",
    "Met",
    "PlacementFacts",
    "SpellFacts",
    "call_counts_from",
    "facts_of",
    "facts_of_placements",
    "hold_while_not_back",
    "is_at_risk_of_trafficking",
    "lock_episode",
    "lock_episodes",
    "lock_placement",
    "with_facts",
]
