"""The door for gunicorn."""

import os
from contextlib import suppress

import django
from django.db import OperationalError, connection

from casework.records.times import refuse_moved_clock
from casework.wsgi_requests import Handler

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "casework.settings")

django.setup(set_prefix=False)
application = Handler()
with suppress(OperationalError):  # without its database the service still answers: that it is out of order
    refuse_moved_clock()
connection.close()
