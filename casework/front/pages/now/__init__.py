"""What is so now: the board, what is overdue, and what waits for the reader."""
