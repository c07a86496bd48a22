"""What is so about an episode, for the floor above: plain values, and the one way to look them up."""

from .holding import hold_while_not_back
from .looking import facts_of, is_at_risk_of_trafficking, lock_episode, lock_episodes, with_facts
from .values import EpisodeFacts, Met, SpellFacts, call_counts_from

__all__ = [
    "EpisodeFacts",
    "Met",
    "SpellFacts",
    "call_counts_from",
    "facts_of",
    "hold_while_not_back",
    "is_at_risk_of_trafficking",
    "lock_episode",
    "lock_episodes",
    "with_facts",
]
