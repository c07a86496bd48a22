"""The ground: people, organisations, children, placements, messages."""
