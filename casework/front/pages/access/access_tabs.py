"""The pages of those who look at the lookers."""

from django.http import HttpRequest
from django.urls import reverse

from casework.front.pages.kit.furniture import NavItem
from casework.records.acts import Act
from casework.records.standing import Standing


def access_tabs(request: HttpRequest, standing: Standing) -> list[NavItem]:
    """None for somebody who only has conflicts of their own to declare."""
    if not standing.may(Act.REVIEW_GLASS):
        return []
    pages = (
        ("Emergencies and addresses", "reviews"),
        ("Looks to check", "unexplained"),
        ("Conflicts of interest", "conflicts"),
    )
    found = [(text, reverse(f"pages:{page}")) for text, page in pages]
    return [NavItem(text, url, url == request.path) for text, url in found]
