"""Everything that can be done to an episode. Each is one transaction; then the face wakes the engine."""
