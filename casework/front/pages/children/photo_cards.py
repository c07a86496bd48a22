"""Photographs as pages show them: the current one beside who the child is; all of them on a page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse

from casework.front.pages.children.child_bar import sees
from casework.front.pages.kit.cards import Picture
from casework.front.pages.kit.photo_words import alt_words, taken_words
from casework.records.models import Child, Photo
from casework.records.photos import Kept, photos_of
from casework.records.standing import Standing


@dataclass(frozen=True)
class PhotoCard:
    """One photograph, when it was taken, and for whom it was approved."""

    kept: Kept

    @property
    def photo(self) -> Photo:
        return self.kept.photo

    @property
    def taken(self) -> str:
        return taken_of(self.photo)

    @property
    def picture(self) -> Picture:
        return picture_of(self.photo)


@dataclass(frozen=True)
class Photographs:
    """What a page about a child says of photographs, the newest first."""

    cards: Sequence[PhotoCard]
    url: str  # of the page of all of them
    add_url: str

    @property
    def current(self) -> PhotoCard | None:
        return self.cards[0] if self.cards else None

    @property
    def police_have_one(self) -> bool:
        return any(card.kept.police for card in self.cards)


def photographs_for(standing: Standing, child: Child) -> Photographs | None:
    """None for those who are not shown any: a shared tablet, an administrator."""
    if not sees(standing, child, Photo, "source"):
        return None
    cards = [PhotoCard(kept) for kept in photos_of(child)]
    return Photographs(cards, list_url(child), reverse("pages:photo-add", args=[child.pk]))


def named(photographs: Photographs | None) -> list[str]:
    """What the audit's row of the page says of it: that a photograph was shown."""
    return ["photo"] if photographs and photographs.cards else []


def list_url(child: Child) -> str:
    return reverse("pages:photo-list", args=[child.pk])


def picture_of(photo: Photo) -> Picture:
    """The image on a page of those who may open the record."""
    url = reverse("pages:photo", args=[photo.child_id, photo.pk])
    return Picture(url, alt_words(taken_of(photo)), photo.width, photo.height)


def taken_of(photo: Photo) -> str:
    return taken_words(photo.taken_on, is_rough=photo.is_rough)
