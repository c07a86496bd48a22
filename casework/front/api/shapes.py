"""What is shown of an episode: the same tree as the force's pages have, name by name."""

from __future__ import annotations

from typing import Any, Final

from django.urls import reverse
from rest_framework import serializers

from casework.front.api.fields import Moment, Shown
from casework.records.models import FactKind
from casework.records.models.child import Sex
from incidents.models import Category, Grade, Located, News, RiskAssessment
from incidents.shared import CLOSED, LOCATED, OPEN, RETURNED, SharedNews, SharedPhoto

STATES: Final = (OPEN, LOCATED, RETURNED, CLOSED)


def maybe() -> Moment:
    return Moment(allow_null=True)


class ChildInList(Shown):
    first_name = serializers.CharField()
    last_name = serializers.CharField()
    known_as = serializers.CharField()
    born_on = serializers.DateField()
    sex = serializers.ChoiceField(Sex.choices)


class Child(ChildInList):
    """Who is looked for."""

    languages = serializers.CharField()
    needs_interpreter = serializers.BooleanField()


class Fact(Shown):
    """One thing to know of the child, with its source and the day on which it was last confirmed."""

    kind = serializers.ChoiceField(FactKind.choices)
    words = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]  # the name of the fact's, not of the field's
    confirmed_at = Moment()


class PhotoShown(Shown):
    """A photograph that was approved for the police."""

    id = serializers.UUIDField()
    url = serializers.SerializerMethodField(help_text="Where the JPEG is, on this service.")
    taken_on = serializers.DateField(allow_null=True)
    is_rough = serializers.BooleanField(help_text="It was taken about that day.")
    source = serializers.CharField(  # type: ignore[assignment]  # the name of the photo's, not of the field's
        help_text="Who took it, or where it is from."
    )
    width = serializers.IntegerField()
    height = serializers.IntegerField()

    def get_url(self, photo: SharedPhoto) -> str:
        return reverse("api:photo", args=[photo.episode_id, photo.id])


class Spell(Shown):
    """A stretch of the absence in one category."""

    category = serializers.ChoiceField(Category.choices)
    started_at = Moment()
    ended_at = maybe()


class GradeShown(Shown):
    """How dangerous it was thought to be, by the police or the authority."""

    id = serializers.UUIDField()
    made_by = serializers.ChoiceField(RiskAssessment.MadeBy.choices)
    grade = serializers.ChoiceField(Grade.choices)
    rationale = serializers.CharField()
    assessor = serializers.CharField()
    assessed_at = Moment()


class Sign(Shown):
    """A sign of danger, and what was seen."""

    code = serializers.CharField()
    words = serializers.CharField()
    seen_at = Moment()


class Position(Shown):
    """Degrees, to about a metre."""

    latitude = serializers.FloatField(min_value=-90, max_value=90)
    longitude = serializers.FloatField(min_value=-180, max_value=180)

    def to_representation(self, instance: SharedNews) -> Any:
        return None if instance.latitude is None else super().to_representation(instance)


class NewsShown(Shown):
    """Something heard or seen. `is_ours`: this force wrote it."""

    id = serializers.UUIDField()
    kind = serializers.ChoiceField(News.Kind.choices)
    happened_at = Moment()
    words = serializers.CharField()
    where = serializers.CharField()
    told_by = serializers.CharField()
    how_sure = serializers.ChoiceField([("", "Not said"), *News.HowSure.choices])
    position = Position(source="*", allow_null=True)
    is_ours = serializers.BooleanField()


class Finding(Shown):
    """Where the child turned out to be. `answer`: of those who know the child, where a force proposed it;
    `answer_words`: how they know.
    """

    id = serializers.UUIDField()
    located_at = Moment()
    where = serializers.CharField()
    with_whom = serializers.CharField()
    condition = serializers.CharField()
    found_by = serializers.ChoiceField(Located.FoundBy.choices)
    answer = serializers.ChoiceField(["", "proposed", "confirmed", "refused"])
    answer_words = serializers.CharField()
    is_ours = serializers.BooleanField()


class Office(Shown):
    """Whom to ring, by day and by night."""

    name = serializers.CharField()
    phone = serializers.CharField()
    other_phone = serializers.CharField()


class EpisodeInList(Shown):
    """Enough to know whom to look for first; the rest stands in the episode."""

    id = serializers.UUIDField()
    version = serializers.IntegerField()
    reference = serializers.CharField(help_text="The authority’s reference.")
    police_reference = serializers.CharField(help_text="This force’s own reference.")
    state = serializers.ChoiceField(STATES)
    shared_since = Moment()
    acknowledged_at = maybe()
    missing_since = Moment()
    last_seen_at = maybe()
    last_seen_where = serializers.CharField()
    police_grade = serializers.ChoiceField(Grade.choices, allow_null=True)
    authority_grade = serializers.ChoiceField(Grade.choices, allow_null=True)
    child = ChildInList()


class Episode(Shown):
    """Everything that a force is shown of one absence. What is not known is `""` or `null`."""

    id = serializers.UUIDField()
    version = serializers.IntegerField()
    reference = serializers.CharField(help_text="The authority’s reference.")
    police_reference = serializers.CharField(
        source="force_reference", help_text="This force’s own reference."
    )
    state = serializers.ChoiceField(STATES)
    shared_since = Moment()
    acknowledged_at = maybe()
    missing_since = Moment()
    last_seen_at = maybe()
    last_seen_where = serializers.CharField()
    last_seen_by = serializers.CharField()
    located_at = maybe()
    returned_at = maybe()
    circumstances = serializers.CharField()
    wearing = serializers.CharField()
    carrying = serializers.CharField()
    child = Child()
    facts = Fact(many=True)
    photos = PhotoShown(many=True, help_text="The newest first.")
    spells = Spell(many=True)
    grades = GradeShown(many=True)
    signs = Sign(many=True)
    news = NewsShown(many=True)
    findings = Finding(many=True)
    home = Office(allow_null=True)
    authority = Office()
