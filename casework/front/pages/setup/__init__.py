"""Who works here and by which rules: organisations, homes, people, the protocol."""
