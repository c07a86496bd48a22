"""What the record gives the government: the return's Missing file, and whether it would be accepted."""
