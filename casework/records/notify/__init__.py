"""The post room: what is owed to whom, in which words, and the one door through which it goes out."""
