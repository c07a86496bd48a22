"""One absence as professionals see it: steps, story, police, risk, who was told, the return, its end."""
