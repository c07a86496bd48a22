"""A photograph in words: when it was taken, and what is read out in its place."""

from datetime import date

from casework.front.pages.kit.words import calendar_day


def taken_words(day: date | None, *, is_rough: bool) -> str:
    """Taken 3 May 2026; Taken about May 2026."""
    if day is None:
        return "It is not known when it was taken"
    return f"Taken about {day:%B %Y}" if is_rough else f"Taken {calendar_day(day)}"


def alt_words(taken: str) -> str:
    """For who does not see it. No name."""
    return f"Photograph of the child. {taken}."
