"""What is so about an episode, for the floor above: plain values, and the one way to look them up."""

from .looking import facts_of, lock_episode, lock_episodes
from .values import EpisodeFacts, Met, SpellFacts

__all__ = ["EpisodeFacts", "Met", "SpellFacts", "facts_of", "lock_episode", "lock_episodes"]
