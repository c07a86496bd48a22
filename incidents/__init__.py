"""Floor 1: what happened to a child, and how bad it is."""
