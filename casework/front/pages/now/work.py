"""My work: what waits for the reader, done in place with its evidence."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from casework.front.pages.episodes.action_forms import ActionDoneForm
from casework.front.pages.episodes.episode_frame import episode_url
from casework.front.pages.episodes.episode_steps import may_here
from casework.front.pages.episodes.interviews import actions_for
from casework.front.pages.episodes.responsible import Responsibility
from casework.front.pages.episodes.step_cards import MET_ON, Reader, card_of
from casework.front.pages.episodes.step_forms import DoneForm
from casework.front.pages.episodes.step_tellings import TOLD_ON
from casework.front.pages.kit.cards import Action, StepCard
from casework.front.pages.kit.door import person
from casework.front.pages.kit.forms import GovForm
from casework.front.pages.kit.furniture import NavItem
from casework.front.pages.kit.owed import AHEAD
from casework.front.pages.kit.queries import asked_of_list
from casework.records import audit
from casework.records.access import may_within
from casework.records.acts import Act
from casework.records.models import Child, User
from casework.records.standing import Standing, standing_of
from casework.records.times import now
from incidents.access import episodes_visible_to
from incidents.facts import with_facts
from incidents.models import Action as AgreedAction
from incidents.models import MissingEpisode, ReturnInterview
from incidents.queries import actions_waiting_for, interviews_waiting_for
from protocols.access import child_of, placement_of
from protocols.models import StepRun
from protocols.queries import owed_by, plans_owed_by, whom_placed
from protocols.rulebook import ALSO_TICKED

WITHIN: Final = timedelta(hours=1)
KINDS: Final = {"steps": "Step", "interviews": "Return interview", "actions": "Action", "plans": "Plan"}
INTERVIEW_STEPS: Final = ("interview_offered", "interview_settled")


@dataclass(frozen=True)
class Item:
    """One thing that waits: its card, whose child it is about, and a form to do it here and now."""

    card: StepCard
    child: Child
    kind: str  # Step, Return interview, Action, Plan
    episode: MissingEpisode | None = None  # None: a step for the day that the child may go missing
    form: GovForm | None = None
    form_url: str = ""

    @property
    def reference(self) -> str:
        return self.episode.reference if self.episode else self.child.reference

    @property
    def authority_name(self) -> str:
        return (self.episode or self.child).authority.name

    @property
    def url(self) -> str:
        if self.episode is None:
            return reverse("pages:child-detail", args=[self.child.pk])
        return episode_url(self.episode)


@require_GET
def my_work(request: HttpRequest) -> HttpResponse:
    """Late first, then within the hour, then later; and below it all what prepares for an absence."""
    kind = asked_of_list(request, show=frozenset({"", *KINDS})).get("show", "")
    user, moment = person(request), now()
    owed, plans = owed_by(user, moment), plans_owed_by(user, moment)
    near = [step for step in owed if step.due_at <= moment + AHEAD or step.holder_id == user.pk]
    steps = _items(near, plans, user, moment)
    items = sorted([*steps, *_interviews(user, steps), *_actions(user)], key=lambda item: item.card.due_at)
    audit.looked(user, child_ids={item.child.pk for item in items}, about_kind="my_work")
    shown = [item for item in items if not kind or item.kind == KINDS.get(kind, item.kind)]
    context = {
        "groups": _grouped([item for item in shown if item.episode], moment),
        "plans": [item for item in shown if not item.episode],
        "tabs": _tabs(items, kind),
        "is_empty": not shown,
        "far": len(owed) - len(near),
    }
    return render(request, "work/my_work.html", context)


def _tabs(items: Sequence[Item], shown: str) -> list[NavItem]:
    url = reverse("pages:my-work")
    counts = [(name, f"{kind}s", sum(item.kind == kind for item in items)) for name, kind in KINDS.items()]
    found = [NavItem(f"Everything ({len(items)})", url, shown not in KINDS)]
    return found + [NavItem(f"{text} ({n})", f"{url}?show={name}", shown == name) for name, text, n in counts]


def _grouped(items: Sequence[Item], now: datetime) -> list[tuple[str, list[Item]]]:
    """By how soon, with the empty groups left out."""
    groups: dict[str, list[Item]] = {"Late": [], "Within the hour": [], "Later": []}
    for item in items:
        left = item.card.due_at - now
        groups["Late" if left <= timedelta(0) else "Within the hour" if left <= WITHIN else "Later"].append(
            item
        )
    return [(name, found) for name, found in groups.items() if found]


def _items(steps: Sequence[StepRun], plans: Sequence[StepRun], user: User, now: datetime) -> list[Item]:
    """The steps whose holder this person is, or whose role they hold now."""
    prefetch_related_objects(steps, "run__version")
    episodes = episodes_visible_to(user).filter(pk__in={step.episode_id for step in steps})
    facts = [facts for _, facts in with_facts(episodes)]
    placed = {one.pk: whom_placed(one) for one in map(placement_of, plans)}
    people, standing = Responsibility(user, facts, now, placed=placed), standing_of(user)
    return [_step_item(step, people, standing, now) for step in (*steps, *plans)]


def _step_item(step_run: StepRun, people: Responsibility, standing: Standing, now: datetime) -> Item:
    episode, child, kind = step_run.episode, child_of(step_run), _kind_of(step_run)
    reader = Reader(_may(standing, step_run), people.of_step, from_work=True)
    card = card_of(step_run, reader, now)
    if not _is_ticked(step_run) or not reader.may(Act.COMPLETE_STEP):
        return Item(card, child, kind, episode)
    form = DoneForm(questions=step_run.step.evidence, auto_id=f"step-{step_run.pk}-%s", now=now)
    url = reverse("pages:step-complete", args=[step_run.pk]) + "?from=work"
    others = [action for action in card.actions if action.url != url]  # the form is that action, in place
    return Item(replace(card, actions=others), child, kind, episode, form, url)


def _may(standing: Standing, step_run: StepRun) -> Callable[[Act], bool]:
    """Whether this person may do it there: in the episode, or where the child lives."""
    if (episode := step_run.episode) is not None:
        return lambda act: may_here(standing, act, episode)
    child, home_id = child_of(step_run), placement_of(step_run).home_id
    where = {"authority_id": child.authority_id, "home_id": home_id, "child_id": child.pk}
    return lambda act: may_within(standing, act, **where)


def _kind_of(step_run: StepRun) -> str:
    if step_run.episode_id is None:
        return KINDS["plans"]
    return KINDS["interviews"] if step_run.step.met_by in INTERVIEW_STEPS else KINDS["steps"]


def _is_ticked(step_run: StepRun) -> bool:
    """Done by saying so; others are met by the record itself."""
    met_by = step_run.step.met_by
    if step_run.episode_id is None or met_by in ALSO_TICKED:
        return True
    return met_by not in MET_ON and met_by not in TOLD_ON


def _interviews(user: User, steps: Sequence[Item]) -> list[Item]:
    """Interviews given to this person, or nobody's and theirs to do, that no step in the list speaks of."""
    standing = standing_of(user)
    spoken_of = {item.episode for item in steps if item.kind == KINDS["interviews"]}
    rows = interviews_waiting_for(user).prefetch_related("episodes__child")
    items = (_interview_item(row, standing) for row in rows)
    return [item for item in items if item.card.actions and item.episode not in spoken_of]


def _actions(user: User) -> list[Item]:
    """What this person agreed to do, each with the form to say what came of it."""
    return [_action_item(action) for action in actions_waiting_for(user)]


def _action_item(action: AgreedAction) -> Item:
    from_where = f"From: {action.meeting.get_kind_display().lower()}." if action.meeting else ""
    beside = f"With {action.owner_words}." if action.owner_words else ""
    paragraphs = [words for words in (from_where, beside) if words]
    form = ActionDoneForm(auto_id=f"action-{action.pk}-%s")
    url = reverse("pages:action-done", args=[action.episode_id, action.pk]) + "?from=work"
    card = StepCard(action.what, action.due_at, paragraphs)
    return Item(card, action.episode.child, KINDS["actions"], action.episode, form, url)


def _interview_item(interview: ReturnInterview, standing: Standing) -> Item:
    episode = max(interview.episodes.all(), key=lambda one: one.noticed_at)
    given = "Given to you." if interview.allocated_to_id == standing.user_id else "Given to nobody yet."
    words = f"{interview.get_state_display()}. {given}"
    actions: list[Action] = actions_for(interview, standing)
    title = "Hold the return interview" if interview.offered_at else "Offer the return interview"
    card = StepCard(title, interview.due_at, [words], actions=actions)
    return Item(card, episode.child, KINDS["interviews"], episode)
