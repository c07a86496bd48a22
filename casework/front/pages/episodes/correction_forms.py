"""Putting a report right: every value that can be, as it stands, and the reason."""

from datetime import datetime
from typing import Final

from casework.front.pages.kit.forms import LondonDateTimeField, NarrativeField, TextField, VersionedForm
from incidents.models import MissingEpisode

MOMENTS: Final = ("noticed_at", "last_seen_at", "left_at", "expected_at", "told_police_at")
WORDS: Final = ("last_seen_where", "last_seen_by", "circumstances", "wearing", "carrying", "police_reference")


class CorrectionForm(VersionedForm):
    """Each old value is kept beside the new one."""

    noticed_at = LondonDateTimeField(
        "Noticed missing", quick=False, missing="Enter when they were noticed gone."
    )
    last_seen_at = LondonDateTimeField("Last seen", quick=False)
    left_at = LondonDateTimeField("Left", quick=False)
    expected_at = LondonDateTimeField("Expected back", quick=False, may_be_future=True)
    told_police_at = LondonDateTimeField("Police told", quick=False)
    last_seen_where = TextField("Last seen where", limit=300)
    last_seen_by = TextField("Last seen by")
    circumstances = NarrativeField("What happened")
    wearing = NarrativeField("Wearing", rows=2, limit=2000)
    carrying = NarrativeField("Carrying", rows=2, limit=2000)
    police_reference = TextField("Police reference", limit=40, width=10)
    reason = NarrativeField("Why is it corrected?", rows=3, limit=2000, missing="Enter why you correct this.")

    @classmethod
    def standing(cls, episode: MissingEpisode) -> dict[str, object]:
        """The form's answers as the record has them."""
        return {"version": episode.version, **{name: getattr(episode, name) for name in (*MOMENTS, *WORDS)}}

    def changes(self, episode: MissingEpisode) -> dict[str, object]:
        """What the person changed. The form shows minutes, so the same minute is no change."""
        typed = {name: self.cleaned_data[name] for name in (*MOMENTS, *WORDS)}
        return {name: value for name, value in typed.items() if value != to_minute(getattr(episode, name))}


def to_minute(value: object) -> object:
    return value.replace(second=0, microsecond=0) if isinstance(value, datetime) else value
