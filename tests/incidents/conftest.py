"""The cast of every test of an absence."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.incidents.people import Cast


@pytest.fixture
def cast(db: None) -> Cast:
    from tests.incidents.people import make_cast  # models load after Django is set up

    return make_cast()
