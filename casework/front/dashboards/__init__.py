"""What managers see of many children at once: counts, each with its list, and what waits. Read only."""
