"""The two systems that call, and what one of them is told of. (Django is set up when they are asked for.)"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from incidents.models import MissingEpisode
    from tests.cast import Cast
    from tests.front.api.calling import System


@pytest.fixture
def episode(cast: Cast) -> MissingEpisode:
    from tests.front.api.an_absence import kit_is_missing

    return kit_is_missing(cast)


@pytest.fixture
def system(cast: Cast) -> System:
    from tests.front.api.calling import a_system

    return a_system(cast.ada, cast.police).sign_in()


@pytest.fixture
def stranger(cast: Cast) -> System:
    from tests.front.api.an_absence import a_strange_system

    return a_strange_system().sign_in()
