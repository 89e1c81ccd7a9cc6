"""The flag that writes the golden files anew: `pytest tests/blocks --update-golden`, then read the diff."""

from __future__ import annotations

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """Known only when these tests are named on the command line, which is when it is wanted."""
    parser.addoption("--update-golden", action="store_true", help="write the golden screens anew")


@pytest.fixture
def is_updating(request: pytest.FixtureRequest) -> bool:
    """Whether the golden files are to be written instead of compared."""
    return bool(request.config.getoption("--update-golden", default=False))
