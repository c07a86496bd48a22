"""Who looked: a record opened in an emergency, a conflict of interest, a look that nothing explains."""

from __future__ import annotations

from casework.front.demo.people import BEV, CALLUM, FEMI, OMAR, PETRA, THEO
from casework.front.demo.story.stage import Stage
from casework.records import audit
from casework.records.models import BrokenGlass
from casework.records.notify.settling import count_notices_as_sent
from casework.records.services.children import restrict_child
from casework.records.services.conflicts import declare_conflict_in_words
from casework.records.services.emergencies import break_glass


def aishas_record_was_opened_in_an_emergency(stage: Stage) -> None:
    aisha = stage.child("EX-20218")
    stage.until(stage.on_day(12, "11:15"))
    restrict_child(
        by=stage.user(BEV),
        child=aisha,
        is_restricted=True,
        reason="Her partner’s aunt has started to work in the contact centre.",
    )
    stage.until(stage.on_day(1, "23:35"))
    break_glass(
        by=stage.user(FEMI),
        category=BrokenGlass.Category.DANGER,
        reason="Harbour Place rang: Aisha texted that he is at her door. I need to know who he is.",
        reference=aisha.reference,
    )
    count_notices_as_sent("glass_broken")


def omar_knows_a_family(stage: Stage) -> None:
    stage.until(stage.on_day(6, "22:10"))
    declare_conflict_in_words(
        by=stage.user(OMAR),
        authority=stage.child("EX-20218").authority,
        about="A boy at Rowan Court called Tyler",
        reason="His grandmother lives next door to us. We go back many years.",
    )
    count_notices_as_sent("conflict_recorded")


def theo_opened_a_record_of_another_team(stage: Stage) -> None:
    """Last week, whatever day it is today. No page is opened here, so the looks are written as pages do."""
    mason = stage.child("EX-20904")
    for person, clock in ((CALLUM, "10:05"), (PETRA, "15:20"), (THEO, "18:40"), (THEO, "18:52")):
        stage.until(stage.on_day(7, clock))
        audit.looked(stage.user(person), child=mason, about_kind="child", about_id=mason.pk)
