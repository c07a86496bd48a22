"""A day that is still to come: when something is looked at again."""

from datetime import date

from casework.front.pages.kit import words
from casework.front.pages.kit.forms.dates import DateField

PAST = "Enter a day that is still to come."


class DayAheadField(DateField):
    """Today or later, by the record's clock."""

    def judge(self, day: date) -> None:
        if day < words.wall(self.the_time()).date():
            raise self.wrong(PAST)
