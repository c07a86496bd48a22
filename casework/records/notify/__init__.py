"""Messages to people: owed in the outbox, sent from there."""
