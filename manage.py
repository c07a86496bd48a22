#!/usr/bin/env python3
"""Django's command line; `./run manage …` calls it with the local service's environment."""

import os
import sys

from django.core.management import execute_from_command_line

from casework import environment

# The application's role has no DDL and cannot move a clock, so these run as the database's owner.
AS_OWNER = {"createcachetable", "flush", "mark_demo", "migrate", "move_clock", "prepare"}

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "casework.settings")
    if AS_OWNER.intersection(sys.argv[1:2]):
        environment.become_owner()
    execute_from_command_line(sys.argv)
