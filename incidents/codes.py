"""Code lists of what people tick; the rows keep the keys."""

from collections.abc import Iterable, Mapping
from typing import Final

from django.db.models import TextChoices

from casework.records.errors import Invalid
from incidents.models import IndicatorCode


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


class Sign(TextChoices):
    """What somebody may see, under the concern that it speaks for (the trafficked children toolkit, 2009)."""

    NO_PAPERS = "no_papers", "Arrival: no papers, or false ones"
    PREPARED_STORY = "prepared_story", "Arrival: a story that sounds prepared"
    SPONSOR_NOT_PARENT = "sponsor_not_parent", "Arrival: a sponsor who is not a parent"
    SEVERAL_ADDRESSES = "several_addresses", "Arrival: several addresses given"
    COLLECTED = "collected", "Arrival: collected by an adult we do not know"
    UNVERIFIED_CALLER = "unverified_caller", "Arrival: calls from somebody nobody can verify"
    DEBT = "debt", "Control: owes somebody money"
    PAPERS_TAKEN = "papers_taken", "Control: somebody keeps their papers"
    PHONE_SUPPLIED = "phone_supplied", "Control: a phone that somebody gave them"
    ACCOMPANIED = "accompanied", "Control: never without somebody beside them"
    AFRAID = "afraid", "Control: afraid of somebody"
    THREATS_TO_FAMILY = "threats_to_family", "Control: threats to the family"
    LONG_HOURS = "long_hours", "Exploitation: works long hours"
    FORCED_WORK = "forced_work", "Exploitation: cannabis, nail bar, car wash or housework"
    SEXUAL_HARM = "sexual_harm", "Exploitation: sexual injury, infection or pregnancy"
    CASH = "cash", "Exploitation: cash without an explanation"
    DRUG_ARRESTS = "drug_arrests", "Exploitation: arrested for drug crime"
    PHONE_AT_ONCE = "phone_at_once", "In placement: a phone within hours"
    WAITING_CARS = "waiting_cars", "In placement: cars that wait outside"
    LEFT_SOON = "left_soon", "In placement: left soon after arriving"
    OTHERS_WENT = "others_went", "In placement: others of the same nationality went too"
    NO_CONTACT = "no_contact", "In placement: no contact at all once gone"

    OLDER_PARTNER = "older_partner", "An older partner"
    GIFTS = "gifts", "Gifts without an explanation"
    HOTELS = "hotels", "Hotels"
    SEVERAL_PHONES = "several_phones", "More than one phone"

    TRAIN_TICKETS = "train_tickets", "Train tickets"
    KNIVES = "knives", "Knives or other weapons"
    NEW_THINGS = "new_things", "Cash or clothes without an explanation"
    DRUG_DEBT = "drug_debt", "Owes money for drugs"
    FOUND_FAR_AWAY = "found_far_away", "Found far from home"
    TRAP_HOUSE = "trap_house", "An address known for drug dealing"


_LISTED: Final = tuple(Sign)
_FIRST_SEXUAL, _FIRST_CRIMINAL = _LISTED.index(Sign.OLDER_PARTNER), _LISTED.index(Sign.TRAIN_TICKETS)
SIGNS_OF: Final[Mapping[str, tuple[Sign, ...]]] = {
    IndicatorCode.TRAFFICKING: _LISTED[:_FIRST_SEXUAL],
    IndicatorCode.SEXUAL_EXPLOITATION: _LISTED[_FIRST_SEXUAL:_FIRST_CRIMINAL],
    IndicatorCode.CRIMINAL_EXPLOITATION: _LISTED[_FIRST_CRIMINAL:],
}


def signs_chosen(concern: str, signs: Iterable[str]) -> list[str]:
    """The signs ticked under a concern, each once; Invalid when one belongs to another concern."""
    return chosen(signs, Sign, field="signs", among=SIGNS_OF.get(concern, ()))


def chosen(
    codes: Iterable[str],
    allowed: type[TextChoices],
    *,
    field: str,
    among: Iterable[TextChoices] | None = None,
) -> list[str]:
    """The codes, each once, in the order given; Invalid when one is not in the list, or not `among` these."""
    once = list(dict.fromkeys(codes))
    if not set(once) <= set(allowed.values if among is None else among):
        raise Invalid("Choose one from the list.", code="not_in_list", field=field)
    return once
