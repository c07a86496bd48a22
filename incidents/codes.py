"""Code lists of what people tick; the rows keep the keys."""

from collections.abc import Iterable

from django.db.models import TextChoices

from casework.records.errors import Invalid


class Check(TextChoices):
    """What a home has tried before, or while, reporting."""

    ROOM = "room", "Their room and every other room"
    GROUNDS = "grounds", "Garden, sheds, cars"
    PHONED = "phoned", "Phoned and messaged them"
    FRIENDS = "friends", "Phoned friends"
    FAMILY = "family", "Phoned family"
    SCHOOL = "school", "Asked school, college, work or club"
    TRANSPORT = "transport", "Bus stops and stations nearby"
    USUAL_PLACES = "usual_places", "Places where they usually go"
    HOSPITALS = "hospitals", "Hospitals nearby"


class Reason(TextChoices):
    """Why a child went: what pushed, what pulled, or something else."""

    PLACEMENT_CONFLICT = "placement_conflict", "Push: conflict where they live"
    BULLYING = "bullying", "Push: bullying"
    CONTACT_RESTRICTED = "contact_restricted", "Push: contact was restricted"
    BOREDOM = "boredom", "Push: boredom"
    ABUSE = "abuse", "Push: abuse"
    MOVED_WITHOUT_NOTICE = "moved_without_notice", "Push: moved without notice"
    DISTANCE = "distance", "Push: placed far from home"
    SCHOOL = "school", "Push: school"
    STAFF_CHANGES = "staff_changes", "Push: changes of staff"
    FAMILY = "family", "Pull: family"
    FRIENDS = "friends", "Pull: friends"
    PARTNER = "partner", "Pull: a partner"
    EXPLOITER = "exploiter", "Pull: somebody who exploits or grooms them"
    GANG_OR_DEBT = "gang_or_debt", "Pull: a gang, or debt"
    WORK = "work", "Pull: work"
    SUBSTANCES = "substances", "Pull: alcohol or drugs"
    FORMER_PLACEMENT = "former_placement", "Pull: where they lived before"
    COMMUNITY = "community", "Pull: community ties"
    RULES_MISUNDERSTOOD = "rules_misunderstood", "Other: did not understand the rules"
    TRANSPORT = "transport", "Other: transport"
    MENTAL_HEALTH = "mental_health", "Other: mental health"
    TRAFFICKING = "trafficking", "Other: trafficking"
    FEAR_OF_REMOVAL = "fear_of_removal", "Other: fear over asylum or removal"


def chosen(codes: Iterable[str], allowed: type[TextChoices], *, field: str) -> list[str]:
    """The codes, each once, in the order given; Invalid when one is not in the list."""
    once = list(dict.fromkeys(codes))
    if not set(once) <= set(allowed.values):
        raise Invalid("Choose one from the list.", code="not_in_list", field=field)
    return once
