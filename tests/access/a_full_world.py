"""A world with a row of every kind, and somebody in every role: what no door needs, but a page may show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from casework.records.models import (
    AddressLookUp,
    BrokenGlass,
    Child,
    ConflictOfInterest,
    Death,
    Membership,
    Placement,
    PoliceClient,
    PoliceForce,
    Role,
    User,
)
from casework.records.notify import outbox
from casework.records.services import conflicts, grants, photos, police_clients, profile, telling
from casework.records.services.reasons import give_reason
from casework.records.times import now
from incidents.models import (
    Ending,
    InterviewShare,
    MissingEpisode,
    Referral,
    ReportCopy,
    Return,
    ReturnInterview,
)
from incidents.services import (
    actions,
    closing,
    decisions,
    force,
    heard,
    interviews,
    keeping,
    legal,
    meanwhile,
    police,
    prevention,
    referral_outcomes,
    referrals,
    reports,
    responsibility,
    returns,
    risk,
    sharing,
    spells,
)
from incidents.services.actions import Agreed
from incidents.services.interviews import Found, Independence, Interpreted
from incidents.services.meetings import Came
from incidents.shared import version_of
from protocols import acts, engine
from protocols.models import ProtocolRun, StepRun
from protocols.rulebook import ALSO_TICKED
from tests.a_photo import picture
from tests.access.a_world import World
from tests.cast import Cast
from tests.front.pages.a_report import answer_all, signed_in
from tests.incidents.agreeing import meet

READER: Final = "A reader"


def one_of_each(cast: Cast) -> dict[Role, User]:
    """Somebody in every role, where that role has most to see."""
    held = {
        Role.SOCIAL_WORKER: cast.amina,
        Role.TEAM_MANAGER: cast.bev,
        Role.DUTY_WORKER: cast.femi,
        Role.HEAD_OF_SERVICE: cast.ruth,
        Role.ADMINISTRATOR: cast.ada,
        Role.RETURN_INTERVIEWER: cast.ines,
        Role.HOME_STAFF: cast.carl,
        Role.HOME_TABLET: cast.tablet,
        Role.REGISTERED_MANAGER: cast.gita,
        Role.POLICE_LIAISON: cast.dee,
    }
    elsewhere: dict[Role, dict[str, object]] = {
        Role.ON_CALL_MANAGER: {"provider": cast.larchwood},
        Role.POLICE_SYSTEM: {"police_force": cast.police},
    }
    for role in set(Role) - held.keys():
        where = elsewhere.get(role, {"authority": cast.exampleshire})
        user = User.objects.create_user(f"{role}@casework.example", name=READER)
        Membership.objects.create(user=user, role=role, starts_at=now() - timedelta(days=400), **where)
        held[role] = user
    return {role: held[role] for role in Role}


def fill(world: World, readers: Mapping[Role, User]) -> World:
    """What `make_world` leaves out: the rows that nobody has to have passed by for a door to open."""
    cast = world.cast
    missing, located = (MissingEpisode.objects.get(pk=key) for key in world.ids["episode_id"][:2])
    _told_and_corrected(cast, missing)
    _referred(cast, missing)
    _handed_over(cast, missing)
    talked = _gone_and_back(cast)
    _about_the_child(cast)
    _photographed(cast)
    _asked_for_more(cast)
    _agreed(cast, missing)
    _looked_after_by_others(cast, missing.child, readers)
    _too_close(cast, readers)
    _steps_done(cast, located)
    _shared_with_the_home(cast, world.ids["episode_id"][2])
    before = _lived_with_an_aunt(cast)
    carls, *others = [_unsent_report(person, cast.rosie) for person in (cast.carl, cast.tablet, cast.gita)]
    withdrawn = _shared_and_taken_back(cast, missing)
    outbox.deliver()
    _ended_otherwise(cast, talked)
    earlier = {"draft_id": [carls], "placement_id": [before.pk]}
    systems = [_shut_out(cast).pk]
    later = {
        "client_id": systems,
        "episode_id": [talked.pk],
        "interview_id": [talked.interviews.get().pk],
        "draft_id": others,
        "copy_id": [withdrawn.pk],
    }
    ids = {name: [*earlier.get(name, []), *ids, *later.get(name, [])] for name, ids in world.ids.items()}
    return replace(world, ids=ids)


def _shut_out(cast: Cast) -> PoliceClient:
    """A system of the force that is let in no more."""
    client, _ = police_clients.make_client(
        by=cast.ada,
        force=cast.police,
        name="An old system",
        scopes=["episodes:read"],
        expires_at=now() + timedelta(days=9),
    )
    return police_clients.revoke_client(by=cast.ada, client=client, reason="The force has another.")


def _unsent_report(person: User, child: Child) -> UUID:
    """A report with all its answers, up to the last page."""
    return UUID(answer_all(signed_in(person), child).split("/")[2])


def _told_and_corrected(cast: Cast, episode: MissingEpisode) -> None:
    _heard(cast, episode)
    reports.correct_report(
        by=cast.amina,
        episode=episode,
        version=episode.version,
        changes={
            "last_seen_where": "On the landing",
            "last_seen_by": "Carl Penrose",
            "wearing": "A grey hoodie",
            "carrying": "A school bag",
        },
        reason="Carl remembered it.",
    )
    police.record_challenge(
        by=cast.amina,
        answer=episode.police_answers.get(),
        made_to="Insp 12",
        made_at=now(),
        words="He is fourteen.",
        outcome="They will look again.",
    )
    telling.tell(
        by=cast.amina,
        child=cast.kit,
        audience="parent",
        told_name="His aunt",
        how="phone",
        what="That he is not home.",
        purpose="She may know.",
        told_role="Aunt and carer",
        told_phone="01632 960417",
        episode_id=episode.pk,
    )
    telling.decide_not_to_tell(
        by=cast.amina,
        child=cast.kit,
        audience="parent",
        reason="His father is a danger.",
        told_name="His father",
        episode_id=episode.pk,
    )
    spells.record_away(
        by=cast.amina,
        episode=episode,
        at=now(),
        whereabouts="At his aunt's.",
        spoken_to=True,
        reason="She rang.",
    )
    spells.record_missing(by=cast.amina, episode=episode, at=now(), reason="He left her again.")


def _heard(cast: Cast, episode: MissingEpisode) -> None:
    """A sighting in another force's area, words with the child, somebody who asked, and the home's notice."""
    heard.add_news(
        by=cast.carl,
        episode=episode,
        kind="sighting",
        words="Seen near the station.",
        told_by="A friend",
        where="By the bus station",
        force=PoliceForce.objects.create(name="Downland Police"),
    )
    heard.add_news(
        by=cast.carl,
        episode=episode,
        kind="spoken",
        words="I am all right.",
        number="07700 900 456",
        how_known="His voice, and his brother's name.",
    )
    heard.record_enquiry(
        by=cast.carl, child=episode.child, said_name="An uncle", asked="Is he there?", how_known="From a card"
    )
    meanwhile.give_notice(
        by=cast.carl,
        episode=episode,
        ends_on=now().date() + timedelta(days=28),
        reason="We cannot keep him safe.",
    )


def _referred(cast: Cast, episode: MissingEpisode) -> None:
    """The Home Office told, a guardian asked for, and what came of the referral."""
    referrals.tell_home_office(
        by=cast.amina,
        episode=episode,
        is_found=False,
        told_at=now(),
        told_name="The evening desk",
        reference="HO 44",
        words="They tell the airports.",
    )
    referrals.ask_for_guardian(
        by=cast.amina, episode=episode, made_to="The guardian service", words="They ring back."
    )
    referral_outcomes.record_outcome(
        by=cast.bev,
        episode=episode,
        referral=Referral.objects.get(child=cast.kit, kind=Referral.Kind.NRM),
        outcome="reasonable_positive",
        decided_on=now().date(),
        who="A deciding officer",
        reference="NRM 1234",
        words="There are grounds.",
    )


def _handed_over(cast: Cast, episode: MissingEpisode) -> None:
    """At the last change of cover, whenever that was: so the child was gone before it."""
    MissingEpisode.objects.filter(pk=episode.pk).update(noticed_at=now() - timedelta(days=2))
    responsibility.accept_handover(by=cast.femi, episode=episode, words="His aunt rings back at eight.")


def _found_by_police(cast: Cast, episode: MissingEpisode) -> None:
    """The police have it, give their number, find him; and somebody who knows him says that it is him."""
    share = force.acknowledge(by=cast.dee, episode=episode)
    episode.refresh_from_db()
    force.give_reference(
        by=cast.dee, episode=episode, reference="MP 1234", version=version_of(episode, share)
    )
    located = force.propose_found(
        by=cast.dee,
        episode=episode,
        located_at=now(),
        where="On a bench",
        with_whom="A man with a dog",
        condition="Tired and cold.",
    )
    returns.confirm_found(by=cast.amina, located=located, words="I spoke to him.")


def _gone_and_back(cast: Cast) -> MissingEpisode:
    """Biniam's whole absence, with the talk after it."""
    episode = reports.report_missing(
        by=cast.amina,
        child=cast.biniam,
        category="missing",
        noticed_at=now(),
        indicators={"trafficking": "He owes somebody."},
        late_reason="We thought that he was asleep.",
    )
    risk.withdraw_indicator(
        by=cast.bev, indicator=episode.indicators.get(), version=1, reason="It was a misunderstanding."
    )
    _found_by_police(cast, episode)
    meanwhile.check_located(
        by=cast.femi,
        episode=episode,
        with_whom="A police officer",
        fetched_by="Mo, by one",
        why_not_back="The car broke down.",
    )
    returns.record_return(by=cast.amina, episode=episode)
    returns.complete_return(
        by=cast.amina,
        return_row=Return.objects.get(episode=episode),
        version=1,
        details={
            "how": "On the night bus.",
            "fetched_by": "Mo Fenn",
            "condition": "Tired and cold.",
            "injuries": "A cut hand.",
            "said": "He will not say.",
            "belongings": "His phone is gone.",
        },
    )
    interview = ReturnInterview.objects.get(child=cast.biniam)
    interviews.allocate_interview(by=cast.bev, interview=interview, to=cast.ines)
    interviews.offer_interview(by=cast.ines, interview=interview, words="He will think about it.")
    interviews.record_attempt(by=cast.ines, interview=interview, how="At the door", outcome="He was asleep.")
    interviews.record_interview(
        by=cast.ines,
        interview=interview,
        held_at=now(),
        own_words="I want to see my brother.",
        interpretation="He is lonely.",
        independence=Independence(False, False, True),
        where="In the park",
        present="A friend of his",
        reasons=["family"],
        interpreted=Interpreted("A Tigrinya dialect", "Selam Hagos", "Clear Words", is_independent=True),
        found=Found("He was afraid.", "He stole food.", "He worked for nothing.", "In a lorry."),
    )
    prevention.record_prevention(
        by=cast.femi, episode=episode, outcome="held", officer="PC 4471", words="He would not say much."
    )
    episode.refresh_from_db()
    closing.sign_off_episode(
        by=cast.bev, episode=episode, version=episode.version, words="He misses his brother."
    )
    closing.reopen_episode(by=cast.bev, episode=episode, reason="What he said is still to be shared.")
    interviews.share_interview(
        by=cast.ines,
        interview=interview,
        audience="provider",
        told_name="Mo Fenn",
        how="phone",
        words="He misses his brother: tell him early.",
    )
    return episode


def _ended_otherwise(cast: Cast, episode: MissingEpisode) -> None:
    """What an absence that ended otherwise would say, and a death of which two people are sure.

    Written as they are: the services would close the record to most of those who look here.
    """
    Ending.objects.create(
        episode=episode,
        kind="transferred",
        happened_at=now(),
        reason="His mother has moved.",
        evidence="Their letter of today.",
        to_authority=cast.westing,
        to_name="A manager there",
        recorded_by=cast.bev,
    )
    Death.objects.create(
        child=cast.biniam,
        died_on=date(2026, 1, 5),
        how_known="The coroner wrote to us.",
        recorded_by=cast.amina,
        confirmed_at=now(),
        confirmed_by=cast.bev,
        confirmed_words="She rang the coroner.",
    )
    Death.objects.create(
        child=cast.maisie,
        died_on=date(2026, 1, 6),
        how_known="A caller said so.",
        recorded_by=cast.amina,
        withdrawn_at=now(),
        withdrawn_by=cast.bev,
        withdrawn_reason="It was another girl.",
    )


def _lived_with_an_aunt(cast: Cast) -> Placement:
    """Where Kit was before: in no home."""
    period = DateTimeTZRange(now() - timedelta(days=900), now() - timedelta(days=800))
    place = {"place_code": "Q1", "provider_code": "PR0", "address": "4 Mill Lane, Exampleshire"}
    return Placement.objects.create(child=cast.kit, period=period, recorded_by=cast.amina, **place)


def _shared_with_the_home(cast: Cast, episode_id: UUID) -> None:
    """What Larch House may read of Rosie's talk, which in this world is still to be held."""
    told = telling.tell(
        by=cast.amina,
        child=cast.rosie,
        audience="provider",
        told_name="Carl Penrose",
        how="phone",
        what="What came of the interview.",
        purpose="For her plan.",
        episode_id=episode_id,
    )
    InterviewShare.objects.create(
        interview=ReturnInterview.objects.get(covers__episode=episode_id),
        home=cast.larch_house,
        words="She goes to see her sister.",
        shared_by=cast.amina,
        disclosure=told,
    )


def _photographed(cast: Cast) -> None:
    """One from the shared tablet, for the police and the public; one that was not him; one taken back."""
    photo = photos.add_photo(
        by=cast.tablet,
        child=cast.kit,
        picture=picture((9, 9, 200)),
        source="The school",
        taken_on=now().date(),
        typed_name="Carl Penrose",
    )
    photos.approve_photo(by=cast.amina, photo=photo, audience="police", words="As he looks now.")
    photos.approve_photo(by=cast.bev, photo=photo, audience="public", words="His aunt agrees.")
    photos.take_back_approval(by=cast.amina, photo=photo, audience="police", reason="It has his old school.")
    photos.approve_photo(by=cast.amina, photo=photo, audience="police", words="It is the best there is.")
    other = photos.add_photo(by=cast.carl, child=cast.kit, picture=picture((9, 200, 9)), source="His aunt")
    photos.withdraw_photo(by=cast.carl, photo=other, reason="It is his cousin.")


def _about_the_child(cast: Cast) -> None:
    profile.record_fact(
        by=cast.amina, child=cast.rosie, kind="medical", words="Blue inhaler", source="Her GP"
    )


def _asked_for_more(cast: Cast) -> None:
    """A reason given, an address asked for, a record that was opened in an emergency and the review of it."""
    give_reason(by=cast.ruth, child=cast.maisie, kind="supervision", words="To talk it over with Amina.")
    AddressLookUp.objects.create(
        user=cast.amina,
        child=cast.kit,
        placement=cast.kit.placements.get(home=cast.larch_house),
        reason="visit",
        words="To collect him.",
        is_counted=False,
    )
    BrokenGlass.objects.create(
        user=cast.eve,
        child=cast.kit,
        authority=cast.exampleshire,
        category="danger",
        reason="He rang her.",
        until=now() + timedelta(hours=1),
        review_due_at=now() + timedelta(days=1),
        outcome="justified",
        reviewed_at=now(),
        reviewed_by=cast.bev,
        review_words="She was right to look.",
    )


def _shared_and_taken_back(cast: Cast, episode: MissingEpisode) -> ReportCopy:
    """With a second force; what a former home has heard; and a copy that the home must not keep."""
    second = PoliceForce.objects.create(name="Moorland Police")
    sharing.share_episode(by=cast.amina, episode=episode, force=second, reason="His aunt lives there.")
    keeping.add_information(
        by=cast.mo, episode=episode, home=cast.fenwick_house, words="He rang the kitchen."
    )
    keeping.keep_what_was_typed(
        by=cast.mo, child=cast.kit, episode=None, words="He rang the hall.", sent_from="Fenwick House"
    )
    copy = ReportCopy.objects.filter(home=cast.larch_house).latest("recorded_at")
    keeping.withdraw_copy(by=cast.bev, copy=copy, reason="It names another child.")
    return copy


def _agreed(cast: Cast, episode: MissingEpisode) -> None:
    """A meeting with all that can be said of one, an action that is done, a decision, a refusal of legal."""
    meet(
        cast.bev,
        episode,
        attendees=(
            Came("Sgt Odell", "police", "Duty sergeant"),
            Came("Dr Faro", "health", "", "apologies"),
        ),
        known="He has a second phone.",
        not_known="Who the driver is.",
    )
    whose = Agreed(
        "Ask his friends again.", now() + timedelta(hours=1), owner=cast.ines, owner_words="A nurse"
    )
    (action,) = actions.add_actions(by=cast.amina, episode=episode, actions=[whose])
    actions.complete_action(by=cast.ines, action=action, outcome="Nobody has heard of him.")
    decisions.record_decision(
        by=cast.bev,
        episode=episode,
        kind="publicity",
        outcome="publish",
        reason="A week without a word.",
        what="His photo and first name.",
        approved_by="Ruth Sandiford",
        review_on=now().date() + timedelta(days=7),
    )
    legal.begin_tool(
        by=cast.amina,
        episode=episode,
        kind="abduction_warning",
        stage="refused",
        why="A man of thirty picks him up.",
        against="The driver",
        by_whom="Insp 12",
        words="Nobody knows his name.",
    )


# Who may declare a conflict of interest; each is shown their own. An administrator who has one no longer
# takes in files, and those are to be looked at too.
DECLARING: Final = (
    Role.HOME_STAFF,
    Role.REGISTERED_MANAGER,
    Role.SOCIAL_WORKER,
    Role.RETURN_INTERVIEWER,
    Role.REVIEWING_OFFICER,
    Role.PERFORMANCE_OFFICER,
    Role.SCHOOL_CONTACT,
    Role.POLICE_LIAISON,
)


def _looked_after_by_others(cast: Cast, child: Child, readers: Mapping[Role, User]) -> None:
    """A reviewing officer, whom the child's own worker assigns; and a school that hears of it."""
    officer, school = readers[Role.REVIEWING_OFFICER], readers[Role.SCHOOL_CONTACT]
    grants.assign_reviewing_officer(by=cast.amina, child=child, officer=officer, reason="Reviews the plan.")
    until = now() + timedelta(days=30)
    grants.grant_access(by=cast.bev, child=child, to=school, reason="Goes to this school.", until=until)


def _too_close(cast: Cast, readers: Mapping[Role, User]) -> None:
    """A conflict of interest of each, that nobody has found the child of; and one that is over."""
    for role in DECLARING:
        conflicts.declare_conflict_in_words(
            by=readers[role],
            authority=cast.exampleshire,
            about="A girl in my street.",
            reason="We are friends.",
        )
    over = ConflictOfInterest(
        user=cast.femi,
        authority=cast.exampleshire,
        child=cast.maisie,
        about="A girl in the next street",
        reason="Their daughters are friends.",
        recorded_by=cast.femi,
        found_by=cast.bev,
        ended_at=now(),
        ended_by=cast.bev,
        end_reason="They have moved away.",
    )
    over.save()


def _steps_done(cast: Cast, episode: MissingEpisode) -> None:
    """A step done with its evidence, one promised, one handed over, one waived, one asked for again."""
    engine.fire_due(episode.pk)
    rows = StepRun.objects.filter(episode=episode, rung=0, state__in=("waiting", "fired"))
    owed = list(rows.exclude(step__kind="tell").select_related("step").order_by("due_at", "id"))
    ticked = next(row for row in owed if row.step.met_by in ("", *ALSO_TICKED) and row.step.evidence)
    waived, handed_over, *_, asked = (row for row in owed if row != ticked)
    acts.complete_step(
        by=cast.bev, step_run=ticked, evidence=dict.fromkeys(ticked.step.evidence, "It was so.")
    )
    acts.waive_step(by=cast.bev, step_run=waived, reason="It was done by others.")
    acts.reopen_step(by=cast.bev, step_run=waived, reason="It was not done after all.")
    acts.hand_over_step(by=cast.bev, step_run=handed_over, to=cast.amina)
    acts.acknowledge_step(by=cast.amina, step_run=handed_over, until=now() + timedelta(minutes=30))
    acts.ask_to_waive(by=cast.amina, step_run=asked, reason="It was held this morning.")
    ProtocolRun.objects.filter(episode=episode).update(reason="Nothing more to do.")
