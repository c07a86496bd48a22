"""What a police officer sees and says of the absences that are shared with their force."""
