"""Every story of the demo by its name, in the order in which it began. Each is told whole or not at all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final

from casework.front.demo.story import cover, follow_ups, looking, narrow, next_door, open_now
from casework.front.demo.story.past import Past, play
from casework.front.demo.story.stage import Stage
from casework.front.demo.story.weeks_larchwood import LARCHWOOD
from casework.front.demo.story.weeks_others import OTHERS
from casework.front.demo.story.weeks_rowan import ROWAN, TERN


@dataclass(frozen=True)
class Story:
    """`name` is its mark: what has been told is not told again."""

    name: str
    days_ago: float
    tell: Callable[[Stage], None]


def _past(past: Past) -> Story:
    return Story(f"{past.who}, {past.days_ago} days ago", past.days_ago, partial(play, past=past))


def _present(tell: Callable[[Stage], None], days_ago: float) -> Story:
    return Story(tell.__name__, days_ago, tell)


PAST: Final = tuple(_past(past) for past in (*LARCHWOOD, *ROWAN, *TERN, *OTHERS))
PRESENT: Final = (
    _present(follow_ups.idris_turned_18_while_missing, 44),
    _present(open_now.dev_has_been_gone_for_nineteen_days, 19),
    _present(follow_ups.ellie_was_in_the_garden_room, 18),
    _present(narrow.hilary_reviews_two_children, 16),
    _present(narrow.vera_hears_of_shanice, 15),
    _present(looking.aishas_record_was_opened_in_an_emergency, 12),
    _present(looking.theo_opened_a_record_of_another_team, 7),
    _present(looking.omar_knows_a_family, 6),
    _present(follow_ups.yonas_waits_for_an_interpreter, 3.9),
    _present(follow_ups.ellie_is_to_be_offered_an_interview, 1.2),
    _present(open_now.shanice_is_gone_for_the_second_night, 1.1),
    _present(next_door.biniam_may_be_trafficked, 0.6),
    _present(open_now.alfie_rides_the_buses, 0.5),
    _present(open_now.grace_is_found_and_not_back, 0.3),
    _present(follow_ups.tyler_is_back_and_his_aunt_does_not_know, 0.25),
    _present(next_door.maisie_is_at_her_aunts, 0.16),
    _present(open_now.liam_is_refused_by_the_police, 0.12),
    _present(next_door.ned_is_northmoors_own, 0.09),
    _present(open_now.jaden_is_graded_lower_and_nobody_has_challenged, 0.07),
    _present(next_door.marcus_left_alder_view, 0.04),
    _present(open_now.tia_and_reece_went_together, 0.036),
    _present(open_now.poppy_is_eleven, 0.03),
    _present(open_now.noor_is_late, 0.02),
    _present(open_now.sana_was_reported_just_now, 0.005),
    _present(cover.exampleshire_has_a_rota, 0.0028),
)
STORIES: Final = tuple(sorted((*PAST, *PRESENT), key=lambda story: -story.days_ago))
