"""Casework: for children missing from care, and the people who have to find them."""

from casework.celery import app as celery_app

__all__ = ["celery_app"]
