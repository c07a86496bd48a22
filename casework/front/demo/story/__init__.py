"""What happened, and what is happening: absences told through the services, each at its own time."""
