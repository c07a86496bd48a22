"""Floor 2: what must be done about it, by whom and by when."""
