"""What every page is made with: forms, answers, furniture, words."""
