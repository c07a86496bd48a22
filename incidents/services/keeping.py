"""What a home keeps of what it sent; and what reaches the authority from people who may not read any more."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from casework.records import audit
from casework.records.access import current_home_id
from casework.records.acts import Act
from casework.records.errors import Conflict
from casework.records.models import Child, Home, User
from casework.records.standing import standing_of
from incidents.models import CopyWithdrawal, MissingEpisode, ReportCopy, UnverifiedInformation
from incidents.verbs import EpisodeVerb

from .writing import LONGEST_NARRATIVE, add, require_typed_name, required, take, tell_story

Sent = Mapping[str, object]
Kind = ReportCopy.Kind
Came = UnverifiedInformation.Came

# ---- the home's own copy ----


def keep_copy(by: User, episode: MissingEpisode, kind: Kind, sent: Sent, *, typed_name: str = "") -> None:
    """Freeze what was sent, as it was sent, for the home it came from; nothing for anybody else.

    In the transaction of the thing itself: there is no report without its copy.
    """
    home_id = current_home_id(episode.child)
    if home_id is None or home_id not in standing_of(by).home_ids:
        return
    text = as_sent(sent)
    add(
        ReportCopy(
            episode=episode,
            home_id=home_id,
            kind=kind,
            reference=episode.reference,
            about=episode.child.name,
            sent_by=by,
            sent_by_name=typed_name or by.name,
            text=text,
            digest=hashlib.sha256(text.encode()).hexdigest(),
        )
    )


def as_sent(sent: Sent) -> str:
    """The answers in the order of the questions, without those that nobody gave. Times in ISO 8601."""
    answers = [[name, _plain(value)] for name, value in sent.items() if value not in (None, "", [], {}, ())]
    return json.dumps(answers, ensure_ascii=False, separators=(",", ":"))


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Mapping):
        return [[str(key), _plain(one)] for key, one in value.items()]
    return [_plain(one) for one in value] if isinstance(value, list | tuple) else value


@transaction.atomic
def withdraw_copy(*, by: User, copy: ReportCopy, reason: str) -> CopyWithdrawal:
    """Take a copy back from the home. That there was one, and why it went, stays."""
    take(by, Act.WITHDRAW_COPY, copy.episode)
    why = required(reason, "reason", "Enter why the home must not keep this copy.")
    if CopyWithdrawal.objects.filter(copy=copy).exists():
        raise Conflict("This copy was withdrawn already.", code="withdrawn")
    with audit.because(by, why):
        return add(CopyWithdrawal(copy=copy, reason=why, withdrawn_by=by))


# ---- what nobody has checked ----


@transaction.atomic
def add_information(
    *, by: User, episode: MissingEpisode, home: Home, words: str, typed_name: str = ""
) -> UnverifiedInformation:
    """A home where the child lived before heard something. It is taken and not shown back."""
    held = MissingEpisode.objects.select_for_update(no_key=True, of=("self",)).get(pk=episode.pk)
    if not held.is_open:
        raise Conflict("The child is back. Phone children’s services with what you know.", code="back")
    name = require_typed_name(by, typed_name)
    said = required(words, "words", "Enter what you know.")
    return _keep(by, held.child, held, Came.FORMER_HOME, said, home.name, name)


@transaction.atomic
def keep_what_was_typed(
    *, by: User, child: Child, episode: MissingEpisode | None, words: str, sent_from: str
) -> UnverifiedInformation:
    """Somebody lost sight of the record while they were typing. The authority gets it; they see nothing."""
    return _keep(by, child, episode, Came.AFTER_MOVE, words, sent_from, "")


def _keep(
    by: User,
    child: Child,
    episode: MissingEpisode | None,
    came: Came,
    words: str,
    sent_from: str,
    typed_name: str,
) -> UnverifiedInformation:
    row = add(
        UnverifiedInformation(
            child=child,
            episode=episode,
            came=came,
            words=words[:LONGEST_NARRATIVE],
            sent_by=by,
            sent_from=sent_from,
            typed_name=typed_name,
        )
    )
    if episode is not None:
        tell_story(episode, EpisodeVerb.INFORMATION_KEPT, by, row, typed_name=typed_name)
    return row
