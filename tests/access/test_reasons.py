"""A record opens by itself to those who have a part in the case; everybody else of the authority says why."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from casework.records import audit
from casework.records.access import child_for, child_named_to, children_visible_to
from casework.records.errors import Invalid, NotFound, ReasonNeeded
from casework.records.models import AuditEntry, Child, ReasonGiven, User
from casework.records.services import grants
from casework.records.services.reasons import OPEN_FOR, give_reason
from casework.records.times import now, pretend_now
from incidents.access import episode_for
from incidents.models import MissingEpisode
from incidents.services import returns
from protocols.access import step_for
from protocols.models import StepRun
from tests.front.pages.a_report import signed_in
from tests.front.pages.duty_night import in_force, missing, step_of
from tests.incidents.agreeing import agree_on_everything
from tests.incidents.nights import come_back

if TYPE_CHECKING:
    from tests.cast import Cast

WHY = {"kind": "contact", "words": "The school rang about their bus pass."}


def opens(user: User, child: Child) -> bool:
    try:
        return child_for(user, child.pk) == child
    except ReasonNeeded:
        return False


def page_of(child: Child) -> str:
    return reverse("pages:child-detail", args=[child.pk])


def why_page(child: Child, wanted: str = "") -> str:
    return reverse("pages:child-reason", args=[child.pk], query={"next": wanted} if wanted else None)


def test_who_has_a_part_is_not_asked(cast: Cast) -> None:
    """Allocated, of the team, on duty or living with the child: the others are asked."""
    asked = {
        person.name for person in cast.people if not _is_out(person, cast.kit) and not opens(person, cast.kit)
    }
    assert asked == {"Ruth Sandiford", "Ada Quill", "Ines Vale"}


def _is_out(user: User, child: Child) -> bool:
    return not children_visible_to(user).filter(pk=child.pk).exists()


def test_an_absence_that_is_not_over_gives_everybody_of_the_authority_a_part(cast: Cast) -> None:
    in_force(cast)
    episode = missing(cast)
    assert opens(cast.ruth, cast.kit)
    assert episode_for(cast.ruth, episode.pk) == episode
    returns.record_return(by=cast.carl, episode=episode)
    assert opens(cast.ruth, cast.kit)  # there is an interview to offer and a file to close
    assert not opens(cast.ruth, cast.ola)


def test_a_grant_and_a_step_of_ones_own_are_a_part(cast: Cast) -> None:
    grant = grants.grant_access(by=cast.bev, child=cast.kit, to=cast.ines, reason="Interviews Kit.")
    assert opens(cast.ines, cast.kit)
    grants.end_grant(by=cast.bev, grant=grant)
    assert not opens(cast.ines, cast.kit)


@pytest.mark.parametrize("work", ["step", "interview", "action"])
def test_whoever_has_something_to_do_has_a_part(cast: Cast, work: str) -> None:
    """Each kind of work by itself: a statement that forgot one would ask its holder why."""
    in_force(cast)
    episode = missing(cast)
    agree_on_everything(cast.amina, episode)
    step = step_of(episode, "T3")
    come_back(cast, episode)
    MissingEpisode.objects.filter(pk=episode.pk).update(state="closed")
    owed: dict[str, tuple[QuerySet[Any], dict[str, Any], str]] = {
        "step": (StepRun.objects.filter(pk=step.pk), {"state": "waiting"}, "holder"),
        "interview": (episode.interviews.all(), {"state": "due"}, "allocated_to"),
        "action": (episode.actions.all(), {"state": "open", "owner_home": None}, "owner"),
    }
    rows, undone, whose = owed[work]
    assert rows.update(**undone, **{whose: cast.amina}) == 1
    assert not opens(cast.ruth, cast.kit)
    rows.update(**{whose: cast.ruth})
    assert opens(cast.ruth, cast.kit)
    assert not opens(cast.ada, cast.kit)


def test_what_is_closed_asks_ruth_and_not_amina(cast: Cast) -> None:
    in_force(cast)
    episode = missing(cast)
    step = step_of(episode, "T3")
    come_back(cast, episode)
    type(episode).objects.filter(pk=episode.pk).update(state="closed")
    assert episode_for(cast.amina, episode.pk) == episode
    for ask in (lambda: episode_for(cast.ruth, episode.pk), lambda: step_for(cast.ruth, step.pk)):
        with pytest.raises(ReasonNeeded) as needed:
            ask()
        assert needed.value.child_id == cast.kit.pk


def test_a_reason_opens_one_record_in_one_session_for_an_hour(cast: Cast) -> None:
    with audit.calling(audit.Caller(session="at the desk")):
        give_reason(by=cast.ruth, child=cast.kit, **WHY)
        assert opens(cast.ruth, cast.kit)
        assert not opens(cast.ruth, cast.ola)
        assert not opens(cast.ada, cast.kit)
    with audit.calling(audit.Caller(session="on another computer")):
        assert not opens(cast.ruth, cast.kit)
    with audit.calling(audit.Caller(session="at the desk")):
        until = ReasonGiven.objects.get().until
        pretend_now(until - timedelta(seconds=1))
        assert opens(cast.ruth, cast.kit)
        pretend_now(until)
        assert not opens(cast.ruth, cast.kit)
    assert timedelta(minutes=59) < until - ReasonGiven.objects.get().recorded_at <= OPEN_FOR


def test_ruth_is_asked_why_and_comes_to_the_page_that_she_wanted(cast: Cast) -> None:
    ruth, wanted = signed_in(cast.ruth), page_of(cast.kit)
    asked = ruth.get(wanted)
    assert (asked.status_code, asked["Location"]) == (302, why_page(cast.kit, wanted))
    page = ruth.get(asked["Location"]).content.decode()
    assert "EX-20417" in page
    assert "Amina Rahal" in page
    assert "Larch House" not in page
    assert ruth.post(asked["Location"], {"kind": "contact", "words": "x"}).status_code == 422

    sent = ruth.post(asked["Location"], WHY)

    assert (sent.status_code, sent["Location"]) == (302, wanted)
    assert "Larch House" in ruth.get(wanted).content.decode()
    row = AuditEntry.objects.get(about_kind="reasongiven")
    assert (row.actor_id, row.child_id) == (cast.ruth.pk, cast.kit.pk)
    assert row.reason == "Somebody called or wrote about the child: The school rang about their bus pass."
    assert signed_in(cast.ruth).get(wanted).status_code == 302  # another session


@pytest.mark.parametrize(
    "elsewhere", ["https://bad.example/", "//bad.example/", "javascript:alert(1)", "bad"]
)
def test_the_page_that_was_wanted_is_one_of_ours(cast: Cast, elsewhere: str) -> None:
    sent = signed_in(cast.ruth).post(why_page(cast.kit, elsewhere), WHY)
    assert sent["Location"] == page_of(cast.kit)


def test_what_was_typed_when_the_hour_ran_out_is_shown_to_be_sent_again(cast: Cast) -> None:
    address = reverse("pages:child-restrict", args=[cast.ola.pk])
    Child.objects.filter(pk=cast.ola.pk).update(team=None, allocated_worker=None)
    sent = signed_in(cast.ruth).post(address, {"reason": "Her aunt works in the duty team."})
    assert sent.status_code == 403
    assert "Her aunt works in the duty team." in sent.content.decode()


def test_a_reason_never_opens_what_is_not_theirs(cast: Cast) -> None:
    for stranger in (cast.eve, cast.mo, cast.dee):
        assert signed_in(stranger).get(why_page(cast.kit)).status_code == 404
        with pytest.raises(NotFound):
            child_named_to(stranger, cast.kit.pk)
        give_reason(by=stranger, child=cast.kit, **WHY)
        with pytest.raises(NotFound):
            child_for(stranger, cast.kit.pk)


def test_a_reason_is_in_words(cast: Cast) -> None:
    with pytest.raises(Invalid):
        give_reason(by=cast.ruth, child=cast.kit, kind="contact", words="  because ")


def test_the_list_names_who_is_not_ruths_and_says_no_more(cast: Cast) -> None:
    Child.objects.filter(pk=cast.ola.pk).update(allocated_worker=cast.ruth)
    page = signed_in(cast.ruth).get(reverse("pages:child-list")).content.decode()
    kits, olas = _row(page, "Kit Ashdown"), _row(page, "Ola Brightwater")
    assert "EX-20417" in kits
    assert "Amina Rahal" in kits
    assert "Larch House" not in kits
    assert "Larch House" in olas


def _row(page: str, name: str) -> str:
    return page.split(name)[1].split("</tr>")[0]


def test_the_permission_of_a_page_costs_two_queries(cast: Cast) -> None:
    in_force(cast)
    episode = missing(cast)
    step = step_of(episode, "T3")
    for fetch in (
        lambda: child_for(cast.bev, cast.kit.pk),
        lambda: episode_for(cast.bev, episode.pk),
        lambda: step_for(cast.bev, step.pk),
    ):
        with CaptureQueriesContext(connection) as queries:
            fetch()
        assert len(queries) <= 2


def test_a_reason_given_cannot_be_rewritten(cast: Cast) -> None:
    row = give_reason(by=cast.ruth, child=cast.kit, **WHY)
    assert row.until > now()
    with pytest.raises(Exception, match=r"permission denied|Cannot update"):
        ReasonGiven.objects.update(words="Nothing to see here at all.")


def test_whoever_registers_a_child_goes_on_with_the_record(cast: Cast) -> None:
    """Nobody is allocated yet; where the child lives and who works with them is still to be written down."""
    ada = signed_in(cast.ada)
    told = {
        "authority": cast.exampleshire.pk,
        "reference": "EX-30001",
        "first_name": "Noor",
        "last_name": "Day",
    }
    sent = ada.post(reverse("pages:child-register"), {**told, **born("9", "3", "2012"), "sex": "F"})
    assert sent.status_code == 302, sent.content.decode()
    assert ada.get(sent["Location"]).status_code == 200
    assert signed_in(cast.ada).get(sent["Location"]).status_code == 302  # another session is asked


def born(day: str, month: str, year: str) -> dict[str, str]:
    return {"born_on_day": day, "born_on_month": month, "born_on_year": year}
