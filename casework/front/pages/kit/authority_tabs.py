"""The tabs over what an administrator keeps of an authority, whichever face a page belongs to."""

from django.http import HttpRequest
from django.urls import reverse

from casework.front.pages.kit.furniture import NavItem, navigation
from casework.records.models import LocalAuthority

PAGES = (
    ("Authority", "pages:authority-detail"),
    ("Homes", "pages:authority-homes"),
    ("People", "pages:authority-people"),
    ("Rota", "pages:authority-rota"),
    ("Police systems", "pages:authority-police-clients"),
    ("Import", "imports:hand-over"),
)


def authority_tabs(request: HttpRequest, authority: LocalAuthority) -> list[NavItem]:
    return navigation([(text, reverse(page, args=[authority.pk])) for text, page in PAGES], request.path)
