"""A report as those see it who care for the child: made, added to, ended with "They're back"."""
