"""Who a page is about: the bar above it says what changes what people do tonight, and never an address."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Final

from casework.front.pages.kit.cards import Badge, Identity
from casework.records.local_time import WALL
from casework.records.models import Child, LegalStatusCode
from incidents.codes import Sign
from incidents.facts import EpisodeFacts
from incidents.models import Grade, Indicator, IndicatorCode, MissingEpisode, State

OFTEN: Final = timedelta(days=90)

INDICATOR_BADGES: Final = {
    IndicatorCode.TRAFFICKING: Badge("Trafficking concern", "red"),
    IndicatorCode.SEXUAL_EXPLOITATION: Badge("Sexual exploitation", "red"),
    IndicatorCode.CRIMINAL_EXPLOITATION: Badge("Criminal exploitation", "red"),
    IndicatorCode.MEDICAL_NEED: Badge("Medical need", "red"),
    IndicatorCode.SELF_HARM: Badge("Self-harm or suicide", "red"),
    IndicatorCode.THREATS_OR_INJURY: Badge("Threatened or hurt", "red"),
    IndicatorCode.WITH_UNKNOWN_ADULT: Badge("With an unknown adult", "red"),
    IndicatorCode.ABSCONDER: Badge("Bail, remand, curfew or tag", "black"),
}


def age_on(born_on: date, day: date) -> int:
    """Whole years; somebody born on 29 February turns on 1 March."""
    return day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))


def age_at(child: Child, at: datetime) -> int:
    return age_on(child.born_on, at.astimezone(WALL).date())


def danger_badges(facts: EpisodeFacts, *, is_restricted: bool) -> list[Badge]:
    """What makes this child's absence more dangerous than another's."""
    found = [Badge("Under 13", "red")] if facts.age < 13 else []
    found += [badge for code, badge in INDICATOR_BADGES.items() if code in facts.indicators]
    found += [Badge("Unaccompanied", "purple")] if facts.is_unaccompanied else []
    found += [Badge("Out of area")] if facts.is_out_of_area else []
    found += [Badge(f"{ordinal(times)} in 90 days")] if (times := times_lately(facts)) > 1 else []
    return [*found, Badge("Restricted record")] if is_restricted else found


def times_lately(facts: EpisodeFacts) -> int:
    """This absence and those of the 90 days before it. Repetition raises the risk."""
    since = facts.noticed_at - OFTEN
    return 1 + sum(since <= at < facts.noticed_at for at in facts.earlier_noticed_at)


def sign_words(indicator: Indicator) -> list[str]:
    """What was ticked, in words; a code that left the list since is left out."""
    return [str(Sign(sign).label) for sign in indicator.signs if sign in Sign.values]


def ordinal(number: int) -> str:
    """1st, 2nd, 3rd, 4th, 11th."""
    teens = number % 100 in (11, 12, 13)
    return f"{number}{'th' if teens else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"


def state_badges(episode: MissingEpisode, facts: EpisodeFacts) -> list[Badge]:
    """Where the absence stands, and how both grade it. High is red, whoever says it."""
    running = next((spell.category for spell in facts.spells if spell.ended_at is None), "")
    words = {"missing": "Missing now", "away": "Away now", "concern": "Late, being looked for"}
    standing = words.get(running) if episode.state == State.OPEN else State(episode.state).label
    found = [Badge(standing, "red" if standing == "Missing now" else "blue")] if standing else []
    for who, grade in (("Authority", facts.authority_grade), ("Police", facts.police_grade)):
        if grade:
            colour = "red" if grade == Grade.HIGH else "black"
            found.append(Badge(f"{who} grade: {str(Grade(grade).label).lower()}", colour))
    return [*found, Badge("Imported")] if episode.imported_at else found


def identity_of(episode: MissingEpisode, facts: EpisodeFacts, *, child_url: str = "") -> Identity:
    """The bar above every page of an episode. Needs the child's worker and team, and the home, fetched."""
    child = episode.child
    badges = state_badges(episode, facts) + danger_badges(facts, is_restricted=child.is_restricted)
    asked = _what_people_ask(episode, facts)
    return Identity(child.name, facts.age, child.reference, child_url, asked, badges, child.pk)


def _what_people_ask(episode: MissingEpisode, facts: EpisodeFacts) -> Sequence[str]:
    child, found = episode.child, list[str]()
    if episode.home and facts.home_id == episode.home_id:
        found.append(f"placed at {episode.home.name}")
    elif episode.home:  # moved while missing: the child's own page says where to
        found.append(f"reported from {episode.home.name}, and moved since")
    if facts.legal_status in LegalStatusCode.values:
        found.append(str(LegalStatusCode(facts.legal_status).label).lower())
    worker = child.allocated_worker
    found.append(f"social worker {worker.name}" if worker else "no social worker allocated")
    return [*found, child.team.name] if child.team else found
