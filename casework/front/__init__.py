"""The roof: faces that read every floor and write only through services."""
