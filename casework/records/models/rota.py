"""Who is on duty when, week by week; and who is away, with whoever stands in for them."""

import pghistory
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q

from .organisation import LocalAuthority, Provider
from .person import Role, User
from .record import EditableRecord


class Weekday(models.IntegerChoices):
    MONDAY = 0, "Monday"
    TUESDAY = 1, "Tuesday"
    WEDNESDAY = 2, "Wednesday"
    THURSDAY = 3, "Thursday"
    FRIDAY = 4, "Friday"
    SATURDAY = 5, "Saturday"
    SUNDAY = 6, "Sunday"


@pghistory.track(append_only=True)
class RotaShift(EditableRecord):
    """One line of a rota: one person in one role, each week on one day from one time until another.

    Times are those of the wall. One that does not end later than it starts ends on the next day. `from_on`
    and `until_on` are the first and the last day on which it starts; a line is ended, and another begun.
    """

    authority = models.ForeignKey(
        LocalAuthority, null=True, blank=True, on_delete=models.PROTECT, related_name="shifts"
    )
    provider = models.ForeignKey(
        Provider, null=True, blank=True, on_delete=models.PROTECT, related_name="shifts"
    )
    role = models.CharField(max_length=24, choices=Role.choices)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="shifts")
    weekday = models.PositiveSmallIntegerField(choices=Weekday.choices)
    starts = models.TimeField()
    ends = models.TimeField()
    from_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="shift_is_of_one_rota",
                condition=Q(authority__isnull=False, provider__isnull=True)
                | Q(authority__isnull=True, provider__isnull=False),
            ),
            models.CheckConstraint(name="shift_weekday_is_one", condition=Q(weekday__lte=6)),
        ]

    def __str__(self) -> str:
        return f"{self.role} on {self.get_weekday_display()}"


_STRETCH = Func(
    "starts_at", "ends_at", RangeBoundary(), function="TSTZRANGE", output_field=DateTimeRangeField()
)


@pghistory.track(append_only=True)
class Leave(EditableRecord):
    """Somebody who is not at work from a moment until another, and who stands in for them.

    Nothing says why: a colleague's health is nobody's business here. Ended early, `ends_at` moves.
    """

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="leaves")
    deputy = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    ended_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name_plural = "leave"
        constraints = [
            models.CheckConstraint(name="leave_ends_after_start", condition=Q(ends_at__gte=F("starts_at"))),
            models.CheckConstraint(
                name="leave_deputy_is_another", condition=Q(deputy__isnull=True) | ~Q(deputy=F("user"))
            ),
            ExclusionConstraint(
                name="leave_once_at_a_time",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    (_STRETCH, RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)
