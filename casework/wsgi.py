"""The door for gunicorn."""

import os
from contextlib import suppress

from django.core.wsgi import get_wsgi_application
from django.db import OperationalError, connection

from casework.records.times import refuse_moved_clock

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "casework.settings")

application = get_wsgi_application()
with suppress(OperationalError):  # without its database the service still answers: that it is out of order
    refuse_moved_clock()
connection.close()
