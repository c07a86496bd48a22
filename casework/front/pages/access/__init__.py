"""Who may see a record and who must not: emergencies with their reviews, conflicts of interest."""
