"""The written world that the tests of the simulation read."""

from pathlib import Path

import pytest

from simulate.__main__ import main
from tests.simulate.worlds import Written


@pytest.fixture(scope="session")
def written(tmp_path_factory: pytest.TempPathFactory) -> Written:
    """A world of 3,000 accounts and two rings at MID, written by the command."""
    folder: Path = tmp_path_factory.mktemp("world") / "out"
    assert main(["--out", str(folder), "--accounts", "3000", "--rings", "2", "--seed", "4"]) == 0
    return Written(folder)
